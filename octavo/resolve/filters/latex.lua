-- Raw TeX that is really mathematics (`\begin{align} … \end{align}` outside dollars) becomes a display equation in
-- every format. Other TeX that stands in the text is for LaTeX alone, which octavo does not write: the author is told.
local MATH = {}
for name in ('equation align gather multline eqnarray alignat flalign displaymath math'):gmatch '%a+' do
  MATH[name], MATH[name .. '*'] = true, true
end

-- What only moves, sizes or defines something: nothing of the text is lost with it.
local SILENT = {}
for name in ([[newcommand renewcommand providecommand def let DeclareMathOperator newtheorem newenvironment theoremstyle
  noindent indent vspace hspace vfill hfill smallskip medskip bigskip cleardoublepage pagestyle thispagestyle
  centering raggedright small footnotesize scriptsize large Large normalsize label index appendix setcounter addtocounter
  setlength linebreak nolinebreak allowbreak FloatBarrier bibliographystyle tableofcontents listoffigures listoftables
  usepackage begingroup endgroup relax protect phantomsection addcontentsline columnbreak frontmatter mainmatter backmatter]])
  :gmatch '%a+' do
  SILENT[name] = true
end

--- Reports TeX whose text will not be seen. Explicit `{=latex}` says itself that it is for LaTeX.
local function report(element, ctx)
  if element.format ~= 'tex' then return end
  local name = element.text:match '^%s*\\(%a+)'
  if not name or SILENT[name] or ctx.endless['\\' .. name] then return end
  ctx:report('OCT-tex-dropped', ('`%s` is TeX for LaTeX only and is not shown'):format(element.text:match '^%s*([^\n]*)'), element.text,
    'write it in Markdown, or mark it as meant for LaTeX: `…`{=latex}', 'warning')
end

--- A raw block, which may hold several commands and environments one after the other.
local function convert(element, ctx)
  local out, rest = pandoc.Blocks{}, element.text
  while rest:match '%S' do
    local name, environment = rest:match '^%s*\\(%a+)', rest:match '^%s*\\begin%s*{([%a*]+)}'
    if MATH[environment] then
      local closing = '\\end{' .. environment .. '}'
      local _, stop = rest:find(closing, 1, true)
      stop = stop or #rest
      out:insert(pandoc.Para{pandoc.Math('DisplayMath', rest:sub(1, stop))})
      rest = rest:sub(stop + 1)
    elseif name == 'newpage' or name == 'pagebreak' or name == 'clearpage' then
      out:insert(pandoc.Div({}, pandoc.Attr('', {'page-break'})))
      rest = rest:gsub('^%s*\\%a+', '', 1)
    else
      local other = pandoc.RawBlock(element.format, rest)
      report(other, ctx)
      out:insert(other)
      return out
    end
  end
  return out
end

return {
  parse = function(doc, ctx)
    return doc:walk{
      RawBlock = function(element) return element.format:match 'tex' and convert(element, ctx) or nil end,
      RawInline = function(element)
        if not element.format:match 'tex' then return nil end
        if MATH[element.text:match '^%s*\\begin%s*{([%a*]+)}'] then return pandoc.Math('DisplayMath', element.text) end
        report(element, ctx)
      end,
    }
  end,
}
