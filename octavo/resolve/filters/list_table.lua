-- Tables written as lists: `::: {.list-table header-rows=1 widths="1,2" aligns="l,r"}` around a list of rows, each a list of
-- cells. A paragraph before or after the list is the caption; `[]{colspan=2 align=c}` at its start describes a cell or row.
-- https://quarto.org/docs/authoring/tables.html#list-tables
local take = require 'lib.attributes'.take
local ALIGN = {l = 'AlignLeft', c = 'AlignCenter', r = 'AlignRight', d = 'AlignDefault'}

local function align_of(letter) return ALIGN[(letter or ''):lower():sub(1, 1)] or 'AlignDefault' end

--- Takes an empty span off the start of the blocks: its attributes are those of the cell or row.
local function take_attr(blocks)
  local first = blocks[1]
  local span = first and (first.t == 'Plain' or first.t == 'Para') and first.content[1]
  if not span or span.t ~= 'Span' or #span.content > 0 then return pandoc.Attr() end
  first.content:remove(1)
  while first.content[1] and (first.content[1].t == 'Space' or first.content[1].t == 'SoftBreak') do first.content:remove(1) end
  if #first.content == 0 then blocks:remove(1) end
  return span.attr
end

local function cell_of(blocks)
  blocks = pandoc.Blocks(blocks)
  local attr = take_attr(blocks)
  local align = align_of(take(attr, 'align'))
  local rows, columns = tonumber(take(attr, 'rowspan')) or 1, tonumber(take(attr, 'colspan')) or 1
  return pandoc.Cell(blocks, align, rows, columns, attr), columns
end

--- One item of the outer list as a row, and how many columns it fills; nil if it is no list of cells.
local function row_of(item)
  local blocks = pandoc.Blocks(item)
  local attr = take_attr(blocks)
  local list = blocks[1]
  if not list or (list.t ~= 'BulletList' and list.t ~= 'OrderedList') then return nil end
  local cells, width = {}, 0
  for _, content in ipairs(list.content) do
    local cell, columns = cell_of(content)
    cells[#cells + 1], width = cell, width + columns
  end
  return pandoc.Row(cells, attr), width
end

local function colspecs(div, count)
  local specs, widths, total = {}, pandoc.List{}, 0
  for width in (take(div, 'widths') or ''):gmatch '[%d.]+' do
    widths:insert(tonumber(width))
    total = total + tonumber(width)
  end
  -- Its own widths come before those of the document.
  if #widths > 0 and total > 0 then
    for i, width in ipairs(widths) do widths[i] = width / total end
    div.attributes['tbl-colwidths'] = pandoc.json.encode(widths:map(function(width) return width * 100 end))
  end
  local aligns = {}
  for letter in (take(div, 'aligns') or ''):gmatch '%a+' do aligns[#aligns + 1] = letter end
  for i = 1, count do specs[i] = {align_of(aligns[i]), widths[i]} end
  return specs
end

local function convert(div, ctx)
  if not div.classes:includes 'list-table' then return nil end
  local list, caption, rows, count = nil, {}, pandoc.List{}, 0
  for _, block in ipairs(div.content) do
    if block.t == 'BulletList' or block.t == 'OrderedList' then list = block elseif block.t == 'Para' then caption = {pandoc.Plain(block.content)} end
  end
  for _, item in ipairs(list and list.content or {}) do
    local row, width = row_of(item)
    if not row then rows = pandoc.List{} break end
    rows:insert(row)
    count = math.max(count, width)
  end
  if #rows == 0 then
    ctx:report('OCT-list-table', 'this list cannot be read as a table', 'list-table', 'a list of rows, each of them a list of cells')
    return nil
  end
  local head_rows, head_columns = tonumber(take(div, 'header-rows')) or 1, tonumber(take(div, 'header-cols')) or 0
  local specs = colspecs(div, count)
  local head = pandoc.List{}
  for _ = 1, math.min(head_rows, #rows) do head:insert(rows:remove(1)) end
  local body = {attr = pandoc.Attr(), head = {}, body = rows, row_head_columns = head_columns}
  div.classes = div.classes:filter(function(class) return class ~= 'list-table' end)
  return pandoc.Table({long = caption}, specs, pandoc.TableHead(head), {body}, pandoc.TableFoot(), div.attr)
end

return {
  needs = {'list%-table'},
  parse = function(doc, ctx)
    return doc:walk{Div = function(div) return convert(div, ctx) end}
  end,
}
