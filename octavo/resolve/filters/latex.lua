-- Raw TeX that is really mathematics (`\begin{align} … \end{align}` outside dollars) becomes a display equation in
-- every format. Other TeX that stands in the text is for LaTeX alone. Where Quarto would give it to LaTeX (`format: pdf`),
-- what pandoc can read of it is set; all else is told to the author.
-- https://quarto.org/docs/output-formats/pdf-basics.html#raw-latex
local raw = require 'lib.raw'

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

local function has_latex(format) return format == 'pdf' end

--- What pandoc reads all of, as blocks; nil for other TeX. References of TeX's own lead to labels that are none here.
local function understood(text, ctx)
  if not ctx:of_format(has_latex) then return nil end
  local ok, doc = pcall(pandoc.read, text, 'latex+raw_tex')
  local whole = ok and #doc.blocks > 0
  local function unread() whole = false end
  local function refers(element)
    if element.attributes['reference-type'] then whole = false end
  end
  if whole then doc:walk{RawBlock = unread, RawInline = unread, Link = refers, Span = refers} end
  return whole and doc.blocks or nil
end

local LISTS = {listoffigures = {'lof', 'fig', 'Figures'}, listoftables = {'lot', 'tbl', 'Tables'}, listoflistings = {'lol', 'lst', 'Listings'}}

--- `\listoffigures` and its kin, those of the author's own kinds too, as Typst's outlines; nil if the command is none.
local function list_of(name, ctx)
  if not name or not ctx:of_format(has_latex) then return nil end
  local crossref = type(ctx.meta.crossref) == 'table' and ctx.meta.crossref or {}
  local list, title = LISTS[name], nil
  if list then
    title = crossref[list[1] .. '-title'] or ctx:word('crossref-' .. list[1] .. '-title', 'List of ' .. list[3])
  end
  for _, own in ipairs(crossref.custom or {}) do
    if own['latex-env'] and name == 'listof' .. own['latex-env'] .. 's' then
      list, title = {nil, own.key}, 'List of ' .. (own['latex-list-of-description'] or own['reference-prefix']) .. 's'
    end
  end
  return list and raw.typst(('#outline(title: [%s], target: figure.where(kind: "quarto-float-%s"))'):format(title, list[2]))
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
    elseif list_of(name, ctx) then
      out:insert(list_of(name, ctx))
      rest = rest:gsub('^%s*\\%a+%s*{?}?', '', 1)
    elseif understood(rest, ctx) then
      out:extend(understood(rest, ctx))
      return out
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
        local list = list_of(element.text:match '^%s*\\(%a+)', ctx)
        if list then return pandoc.RawInline('typst', list.text) end
        local blocks = understood(element.text, ctx)
        if blocks then return pandoc.utils.blocks_to_inlines(blocks) end
        report(element, ctx)
      end,
    }
  end,
}
