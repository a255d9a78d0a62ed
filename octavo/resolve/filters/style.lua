-- What `style="…"` says, in print: HTML takes it as it is, Typst by pandoc's `typst:` attributes, Word by run properties.
-- https://quarto.org/docs/advanced/typst/typst-css.html
local css = require 'lib.css'
local raw = require 'lib.raw'

local style = {needs = {'style'}, elements = {}}

local function around(open, inlines, close)
  local out = pandoc.Inlines{raw.typst_inline(open)}
  out:extend(inlines)
  out:insert(raw.typst_inline(close or ']'))
  return out
end

--- Lines through and below the text, and what becomes of its letters, which are functions in Typst.
local function decorated(inlines, declared)
  local line = declared['text-decoration'] or declared['text-decoration-line'] or ''
  local struck = line:match 'line%-through' ~= nil
  inlines:walk{Strikeout = function() struck = true end}
  if line:match 'underline' then inlines = around(struck and '#edge-below[' or '#underline[', inlines) end
  if line:match 'line%-through' then inlines = around('#strike[', inlines) end
  if declared['text-transform'] == 'uppercase' then inlines = around('#upper[', inlines) end
  if declared['text-transform'] == 'lowercase' then inlines = around('#lower[', inlines) end
  if (declared['font-variant'] or ''):match 'small%-caps' then inlines = around('#smallcaps[', inlines) end
  return inlines
end

local function cells(tbl, each)
  local function rows(list) for _, row in ipairs(list) do for _, cell in ipairs(row.cells) do each(cell) end end end
  rows(tbl.head.rows)
  for _, body in ipairs(tbl.bodies) do
    rows(body.head)
    rows(body.body)
  end
  rows(tbl.foot.rows)
end

function style.elements.typst(doc, ctx)
  if ctx:option 'css-property-processing' == 'none' then return doc end
  return doc:walk{
    Span = function(span)
      if not span.attributes.style then return nil end
      local declared = css.read(span.attributes.style)
      css.set_text(span.attributes, declared)
      span.content = decorated(span.content, declared)
      local fill = css.typst_color(declared['background-color'] or declared.background)
      return fill and around('#highlight(fill: ' .. fill .. ')[', {span}) or span
    end,
    Div = function(div)
      if not div.attributes.style then return nil end
      local declared = css.read(div.attributes.style)
      css.set_text(div.attributes, declared)
      css.set_block(div.attributes, declared)
      local align = css.typst_align(declared)
      if align then div.content:insert(1, raw.typst('#set align(' .. align .. ')')) end
      return div
    end,
    Table = function(tbl)
      css.set_text(tbl.attributes, css.read(tbl.attributes.style))
      cells(tbl, function(cell)
        local declared = css.read(cell.attributes.style)
        css.set_text(cell.attributes, declared)
        css.set_box(cell.attributes, declared)
        cell.attributes['typst:align'] = cell.attributes['typst:align'] or css.typst_align(declared)
      end)
      return tbl
    end,
  }
end

--- The run properties that a style asks for, in the order that Word wants them.
local function run_properties(declared)
  local out = {}
  local function add(text) if text then out[#out + 1] = text end end
  local weight, line = declared['font-weight'] or '', declared['text-decoration'] or ''
  add((weight:match '^bold' or (tonumber(weight) or 0) >= 600) and '<w:b/>')
  add((declared['font-style'] or ''):match '^[io]' and '<w:i/>')
  add((declared['font-variant'] or ''):match 'small%-caps' and '<w:smallCaps/>')
  add(line:match 'line%-through' and '<w:strike/>')
  local color, fill = css.word_color(declared.color), css.word_color(declared['background-color'] or declared.background)
  add(color and '<w:color w:val="' .. color .. '"/>')
  local points = tonumber((declared['font-size'] or ''):match '^([%d.]+)pt$') or (tonumber((declared['font-size'] or ''):match '^([%d.]+)px$') or 0) * 0.75
  add(points > 0 and ('<w:sz w:val="%d"/>'):format(math.floor(points * 2 + 0.5)))
  add(line:match 'underline' and '<w:u w:val="single"/>')
  add(fill and '<w:shd w:val="clear" w:fill="' .. fill .. '"/>')
  return table.concat(out)
end

--- Plain text in a styled span becomes runs of its own; what else stands in it keeps its own look.
function style.elements.docx(doc)
  return doc:walk{
    Span = function(span)
      local properties = span.attributes.style and run_properties(css.read(span.attributes.style)) or ''
      if properties == '' then return nil end
      local plain = pandoc.utils.stringify(span.content)
      local simple = true
      span:walk{Inline = function(i) simple = simple and (i.t == 'Str' or i.t == 'Space' or i.t == 'SoftBreak') end}
      if not simple then return nil end
      local text = raw.escape(plain)
      return pandoc.RawInline('openxml', '<w:r><w:rPr>' .. properties .. '</w:rPr><w:t xml:space="preserve">' .. text .. '</w:t></w:r>')
    end,
  }
end

return style
