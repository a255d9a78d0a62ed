-- Spans and divs that have a meaning in print: `.mark`, `.kbd`, `lang` and `dir`, Typst's own `.block`.
-- https://quarto.org/docs/output-formats/typst.html#typst-blocks
local docx = require 'lib.docx'
local raw = require 'lib.raw'

local span = {elements = {}}

local function wrapped(open, inlines)
  local out = pandoc.Inlines{raw.typst_inline(open .. '[')}
  out:extend(inlines)
  out:insert(raw.typst_inline ']')
  return out
end

--- `::: {.block fill="luma(230)"}`: the attributes are Typst's code for the arguments of `#block`.
local function block(div)
  local arguments = {}
  for key, value in pairs(div.attributes) do arguments[#arguments + 1] = key .. ':' .. value .. ', ' end
  return raw.wrap(raw.typst('#block(' .. table.concat(arguments) .. '\n['), div.content, raw.typst('])' .. raw.label(div.identifier)))
end

--- The language and direction of a part, as arguments of Typst's `text`.
local function tongue(element)
  local lang, dir = element.attributes.lang, element.attributes.dir
  local out = {}
  if lang and lang:match '^%a%a%a?' then out[#out + 1] = 'lang: ' .. raw.quoted(lang:match('^%a+'):lower()) end
  if dir == 'rtl' or dir == 'ltr' then out[#out + 1] = 'dir: ' .. dir end
  return #out > 0 and table.concat(out, ', ')
end

local function holds(inlines, kind)
  local found = false
  inlines:walk{[kind] = function() found = true end}
  return found
end

--- Typst does not both underline a text and strike it through, if the file is to be read aloud: the line below is an edge then.
local function underlined(u) return wrapped('#edge-below', u.content) end

function span.elements.typst(doc)
  doc = doc:walk{
    Underline = function(u) return holds(u.content, 'Strikeout') and underlined(u) or nil end,
    Strikeout = function(s) return holds(s.content, 'Underline') and s:walk{Underline = underlined} or nil end,
  }
  return doc:walk{
    Span = function(s)
      if s.classes:includes 'mark' then return wrapped('#highlight', s.content) end
      if s.classes:includes 'kbd' then return pandoc.Code(pandoc.utils.stringify(s.content)) end
      local arguments = tongue(s)
      if not arguments then return nil end
      s.content = wrapped('#text(' .. arguments .. ')', s.content)
      s.attributes.lang, s.attributes.dir = nil, nil
      return s
    end,
    Div = function(div)
      if div.classes:includes 'block' then return block(div) end
      local arguments = tongue(div)
      if not arguments then return nil end
      div.content:insert(1, raw.typst('#set text(' .. arguments .. ')'))
      div.attributes.lang, div.attributes.dir = nil, nil
      return div
    end,
  }
end

function span.elements.docx(doc)
  return doc:walk{
    Span = function(s)
      if s.classes:includes 'mark' then return docx.run('Highlight', s.content) end
      if s.classes:includes 'kbd' then return docx.run('Keyboard', s.content) end
    end,
  }
end

return span
