-- `.columns` of `.column`s side by side, and blocks wider than the text (`.column-page`, `.column-screen`, …).
local docx = require 'lib.docx'
local node = require 'lib.node'
local raw = require 'lib.raw'

local columns = {elements = {}}

local function is_column(block) return block.t == 'Div' and block.classes:includes 'column' end

--- `.columns`, with each run of columns as `set` makes it; what stands between them stays where it is.
local function with_columns_set(div, set)
  local out, run = pandoc.Blocks{}, pandoc.List{}
  local function finish()
    if #run > 0 then out:extend(set(run)) end
    run = pandoc.List{}
  end
  for _, block in ipairs(div.content) do
    if is_column(block) then
      run:insert(block)
    else
      finish()
      out:insert(block)
    end
  end
  finish()
  div.content = out
  return div
end

--- Each column's share of the line: its width in percent, an equal part of what is left otherwise.
local function widths(list)
  local out, left, open = {}, 1, 0
  for i, column in ipairs(list) do
    local percent = (column.attributes.width or ''):match '^([%d.]+)%%$'
    out[i] = percent and tonumber(percent) / 100
    if out[i] then left = left - out[i] else open = open + 1 end
  end
  for i = 1, #list do out[i] = out[i] or math.max(left, 0.1) / math.max(open, 1) end
  return out
end

local function is_landscape(class) return class == 'landscape' end
local function is_wide(class) return class:match '^column%-page' or class:match '^column%-screen' or class:match '^column%-body%-outset' end

--- The function that sets a wider block in Typst, with the sides on which it is wider; nil if the div is none.
local function wide_call(div)
  local class = div.classes:find_if(is_wide)
  if not class then return nil end
  if class == 'column-screen-inset-shaded' then return '#column-screen-inset-shaded[' end
  local name = class:match '^column%-body%-outset' or class:match '^column%-page%-inset' or class:match '^column%-screen%-inset' or 'wideblock'
  local side = class:match '%-left$' and 'inner' or class:match '%-right$' and 'outer' or 'both'
  return ('#%s(side: "%s")['):format(name, side)
end

function columns.elements.html(doc)
  return doc:walk{
    Div = function(div)
      if not div.classes:includes 'column' or not div.attributes.width then return nil end
      div.attributes.style = ('width:%s;'):format(div.attributes.width) .. (div.attributes.style or '')
      div.attributes.width = nil
      return div
    end,
  }
end

local function typst_grid(list)
  local shares = {}
  for i, width in ipairs(widths(list)) do shares[i] = ('%.4gfr'):format(width * 100) end
  local out = pandoc.Blocks{raw.typst(('#grid(columns: (%s,), gutter: 1.5em,'):format(table.concat(shares, ', ')))}
  for _, column in ipairs(list) do out:extend(raw.wrap(raw.typst '[', column.content, raw.typst '],')) end
  out:insert(raw.typst ')')
  return out
end

local function docx_grid(list)
  local row = {}
  for i, column in ipairs(list) do row[i] = column.content end
  return {docx.grid('Layout', {row}, widths(list))}
end

function columns.elements.typst(doc, ctx)
  return doc:walk{
    Div = function(div)
      local wide = wide_call(div)
      if div.classes:includes 'columns' then
        return with_columns_set(div, typst_grid)
      elseif wide then
        ctx.beside = true
        return raw.wrap(raw.typst(wide), node.inner(div, is_wide), raw.typst ']')
      elseif div.classes:includes 'landscape' then
        return raw.wrap(raw.typst '#landscape[', node.inner(div, is_landscape), raw.typst ']')
      end
    end,
  }
end

function columns.elements.docx(doc)
  return doc:walk{
    Div = function(div)
      if div.classes:includes 'landscape' then
        return raw.wrap(docx.section_end 'portrait', node.inner(div, is_landscape), docx.section_end 'landscape')
      end
      if div.classes:includes 'columns' then return with_columns_set(div, docx_grid) end
    end,
  }
end

return columns
