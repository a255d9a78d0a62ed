-- Tables written in HTML (by hand, or by pandas) are read as tables, so that they appear in every format.
-- `html-table-processing: none`, on the document or a div around, leaves them as they are.

local reader = require 'lib.reader'

local function off(value) return value == 'none' or value == false or value == 'false' end

local ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

local function from_base64(text)
  local out, bits, count = {}, 0, 0
  for letter in text:gmatch '[%w+/]' do
    bits, count = (bits << 6 | (ALPHABET:find(letter, 1, true) - 1)) & 0xffffff, count + 6
    if count >= 8 then
      count = count - 8
      out[#out + 1] = string.char(bits >> count & 0xff)
    end
  end
  return table.concat(out)
end

--- Elements that hold Markdown for Quarto: `<span data-qmd="See @fig-x">`, `data-qmd-base64`.
local function with_markdown(blocks, ctx)
  local function markdown(element)
    local encoded = element.attributes['qmd-base64']
    return encoded and from_base64(encoded) or element.attributes.qmd
  end
  return blocks:walk{
    Span = function(span)
      local text = markdown(span)
      return text and reader.inlines(text, ctx)
    end,
    Div = function(div)
      local text = markdown(div)
      return text and reader.blocks(text, ctx)
    end,
  }
end

local function is_html(block) return block.t == 'RawBlock' and block.format:match '^html' end

local function count(text, tag)
  local _, n = text:lower():gsub('<' .. tag .. '[%s>]', '')
  return n
end

--- The index of the block that closes the table opened in blocks[first], or nil. pandoc splits HTML tables into one
--- raw block a tag, with the cells' Markdown between them.
local function last_of(blocks, first)
  local open = 0
  for i = first, #blocks do
    if is_html(blocks[i]) then open = open + count(blocks[i].text, 'table') - count(blocks[i].text, '/table') end
    if open <= 0 then return i end
  end
end

--- HTML as blocks, if it holds a table; formulas survive the way through HTML.
local function read(html)
  local doc = pandoc.read(html, 'html+tex_math_single_backslash')
  local found = false
  doc:walk{Table = function() found = true end}
  return found and doc.blocks or nil
end

--- A label at the end of a caption (`{#tbl-x .striped}`) is the table's, as in Markdown.
local function labelled(blocks)
  return blocks:walk{Table = function(tbl)
    local last = tbl.caption.long[#tbl.caption.long]
    local inlines = last and last.content
    local from = inlines and select(2, inlines:find_if(function(i) return i.t == 'Str' and i.text:match '^{#tbl%-' end))
    local braces = from and pandoc.utils.stringify(pandoc.Inlines{table.unpack(inlines, from)})
    if not braces or not braces:match '^%b{}$' then return nil end
    local span = pandoc.read('[x]' .. braces, 'markdown').blocks[1].content[1]
    if span.t ~= 'Span' then return nil end
    last.content = pandoc.Inlines{table.unpack(inlines, 1, from - 1)}
    tbl.caption.long[#tbl.caption.long] = last
    tbl.attr = span.attr
    return tbl
  end}
end

--- Whether the table asks to stay as it is, or what is written with it does in a comment.
local function kept(text)
  if text:match '<!%-%-|%s*quarto%-html%-table%-processing:%s*none' then return true end
  return text:match 'data%-quarto%-disable%-processing%s*=%s*"?\'?true' ~= nil
end

local function tables(blocks, ctx)
  local out, i, changed = pandoc.Blocks{}, 1, false
  while i <= #blocks do
    local opens = is_html(blocks[i]) and count(blocks[i].text, 'table') > 0 and not kept(blocks[i].text)
    local last = opens and last_of(blocks, i)
    local part = last and pandoc.Blocks{table.unpack(blocks, i, last)}
    local found = part and read(pandoc.write(pandoc.Pandoc(part), 'html', {html_math_method = 'mathjax'}))
    if found then
      out:extend(labelled(with_markdown(found, ctx)))
      i, changed = last + 1, true
    else
      out:insert(blocks[i])
      i = i + 1
    end
  end
  return changed and out or nil
end

return {
  needs = {'<[tT][aA][bB][lL][eE]'},
  parse = function(doc, ctx)
    if off(ctx:option 'html-table-processing') then return doc end
    return doc:walk{
      traverse = 'topdown',
      Div = function(div)
        if off(div.attributes['html-table-processing']) then return div, false end
      end,
      Blocks = function(blocks) return tables(blocks, ctx) end,
    }
  end,
}
