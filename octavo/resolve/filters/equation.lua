-- Labelled equations: `$$ … $$ {#eq-x}`. pandoc sees display math, a space and the text "{#eq-x}".
local docx = require 'lib.docx'
local math = require 'lib.math'
local node = require 'lib.node'
local raw = require 'lib.raw'

local equation = {node = 'equation'}

-- Smart typography has turned `--` into a dash before we see the label.
local PLAIN = {['\u{2013}'] = '--', ['\u{2014}'] = '---', ['\u{2026}'] = '...', ['\u{2019}'] = "'", ['\u{a0}'] = ' '}

local function text_of(inline)
  if inline.t == 'Str' then return (inline.text:gsub(utf8.charpattern, PLAIN)) end
  if inline.t == 'Space' or inline.t == 'SoftBreak' then return ' ' end
  if inline.t == 'Quoted' then
    local quote = inline.quotetype == 'DoubleQuote' and '"' or "'"
    return quote .. pandoc.utils.stringify(inline.content) .. quote
  end
  return nil
end

--- The attribute that begins at inlines[from], as Attr, the index behind it, and what text follows its brace.
local function attribute(inlines, from)
  local text = ''
  for i = from, #inlines do
    local piece = text_of(inlines[i])
    if not piece then return nil end
    text = text .. piece
    local braces, rest = text:match '^%s*(%b{})(.*)$'
    if braces then
      local attr = pandoc.read('[x]' .. braces, 'markdown').blocks[1].content[1]
      return attr.t == 'Span' and attr.attr or nil, i, rest
    end
  end
end

local function label(inlines)
  local out, i = pandoc.Inlines{}, 1
  while i <= #inlines do
    local inline = inlines[i]
    local attr, last, rest
    if inline.t == 'Math' and inline.mathtype == 'DisplayMath' then attr, last, rest = attribute(inlines, i + 1) end
    if attr and attr.identifier:match '^eq%-' then
      out:insert(node.inline('equation', attr, {tex = inline.text}, {inline}))
      if rest ~= '' then out:insert(pandoc.Str(rest)) end
      i = last + 1
    else
      out:insert(inline)
      i = i + 1
    end
  end
  return out
end

--- Only blocks that hold display math are looked into: most hold none.
local function label_in(block)
  local math_at = block.content:find_if(function(inline) return inline.t == 'Math' and inline.mathtype == 'DisplayMath' end)
  if not math_at then return nil end
  block.content = label(block.content)
  return block
end

equation.needs = {'{#eq%-', '"equation"'}

function equation.parse(doc) return doc:walk{Para = label_in, Plain = label_in} end

function equation.html(n)
  local attr = node.attr(n)
  local content = pandoc.Inlines(n.content)
  content:insert(raw.html_inline('<span class="eq-number">(' .. raw.escape(node.get(n, 'number')) .. ')</span>'))
  return pandoc.Span(content, attr)
end

function equation.typst(n)
  if math.check(node.get(n, 'tex'), true) then return pandoc.Code(node.get(n, 'tex')) end
  return raw.typst_inline(math.typst(node.get(n, 'tex'), true, {number = node.get(n, 'number'), label = n.identifier, alt = n.attributes.alt}))
end

equation.default = function(n) return n.content end

-- DOCX: the paragraph is split around the equation, which stands in a table of three columns with its number.
local function docx_table(n)
  local number = docx.styled('Equation Number', {pandoc.Plain{pandoc.Str('(' .. node.get(n, 'number') .. ')')}})
  local row = {{}, {pandoc.Plain(n.content)}, {number}}
  return docx.grid('Equation Layout', {row}, {0.1, 0.8, 0.1}, n.identifier, pandoc.AlignCenter)
end

local function is_equation(inline) return inline.t == 'Span' and node.kind(inline) == 'equation' end

local function split(para)
  if not para.content:find_if(is_equation) then return nil end
  local out, line = pandoc.Blocks{}, pandoc.Inlines{}
  local function flush()
    while line[1] and (line[1].t == 'Space' or line[1].t == 'SoftBreak') do line:remove(1) end
    if #line > 0 then out:insert(pandoc.Para(line)) end
    line = pandoc.Inlines{}
  end
  for _, inline in ipairs(para.content) do
    if is_equation(inline) then
      flush()
      out:insert(docx_table(inline))
    else
      line:insert(inline)
    end
  end
  flush()
  return out
end

equation.elements = {docx = function(doc) return doc:walk{Para = split, Plain = split} end}

return equation
