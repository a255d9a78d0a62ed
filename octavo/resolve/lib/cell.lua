-- An executed cell's div: the code that is shown, and what it made.
local node = require 'lib.node'

local cell = {}

local function is_code(block)
  return block.t == 'CodeBlock' and block.classes:includes 'cell-code'
    or block.t == 'Div' and block.classes:includes 'cell-annotation'
    or node.kind(block) == 'float' and node.get(block, 'type') == 'lst'
end

local function is_display(block) return block.t == 'Div' and block.classes:includes 'cell-output-display' end

--- The blocks of a cell split in {code that is shown, everything else}. A block that is no cell has no code of its own.
function cell.split(blocks)
  return blocks:filter(is_code), blocks:filter(function(block) return not is_code(block) end)
end

--- The same for a cell that is a float: what it displays is the float, what it prints beside stays outside.
function cell.split_float(blocks)
  if not blocks:find_if(is_display) then return cell.split(blocks) end
  return blocks:filter(function(block) return not is_display(block) end), blocks:filter(is_display)
end

--- The content of a labelled cell; the only output needs no label and letter of its own within it.
function cell.unlabelled(div)
  local floats = 0
  local function count(inner)
    if node.kind(inner) == 'float' then floats = floats + 1 end
  end
  div.content:walk{Div = count}
  if floats ~= 1 then return div.content end
  return div.content:walk{Div = function(inner)
    local own = node.kind(inner) == 'float' and inner.identifier == div.identifier .. '-1'
    if own and #node.slot(inner, 'caption') == 0 then return node.slot(inner, 'content') end
  end}
end

local PLACED = {'fig-cap-location', 'tbl-cap-location', 'lst-cap-location', 'cap-location'}

--- Takes the classes that say where a cell's captions go (`.fig-cap-location-top`) as attributes, for its floats too,
--- and those that say where its outputs go (`.column-margin`, `.fig-column-page`), which are returned by what they
--- are for: {fig, tbl, all}.
function cell.take_places(div)
  local columns = {fig = pandoc.List{}, tbl = pandoc.List{}, all = pandoc.List{}}
  div.classes = div.classes:filter(function(class)
    local key, place = class:match '^(%a+%-cap%-location)%-(%a+)$'
    if not key then key, place = 'cap-location', class:match '^caption%-(%a+)$' end
    if place then div.attributes[key] = place end
    local scope, column = class:match '^(%a%a%a)%-(column%-.+)$'
    if not columns[scope] then scope, column = 'all', class:match '^column%-.+$' end
    if column then columns[scope]:insert(column) end
    return not place and not column
  end)
  div.content = div.content:walk{Div = function(inner)
    if node.kind(inner) ~= 'float' then return nil end
    for _, key in ipairs(PLACED) do inner.attributes[key] = inner.attributes[key] or div.attributes[key] end
    return inner
  end}
  return columns
end

--- The column in which the document wants what is a `fig` or a `tbl`, and all else.
function cell.column_of_document(scope, ctx)
  local wish = scope and ctx:option(scope .. '-column') or ctx:option 'column'
  return pandoc.List(wish and wish ~= 'body' and {'column-' .. wish} or {})
end

--- The column of an output that is a `fig`, a `tbl` or something else: as its cell says, or the document.
function cell.column_of(columns, scope, ctx)
  if scope and #columns[scope] > 0 then return columns[scope] end
  if #columns.all > 0 then return columns.all end
  return cell.column_of_document(scope, ctx)
end

--- Whether blocks show a table or a picture.
local function scope_of(blocks)
  local found
  blocks:walk{
    Table = function() found = 'tbl' end,
    Image = function() found = found or 'fig' end,
  }
  return found
end

--- Puts a cell's outputs into columns, or the cell if it displays nothing (or lays out what it does); where its
--- captions are is known to their floats.
function cell.place_outputs(div, columns, whole, ctx)
  for _, key in ipairs(PLACED) do div.attributes[key] = nil end
  local outputs = div.content:filter(is_display)
  if whole then outputs = {div} end
  if #outputs == 0 then div.classes:extend(columns.all) end
  for _, block in ipairs(outputs) do block.classes:extend(cell.column_of(columns, scope_of(block.content), ctx)) end
end

return cell
