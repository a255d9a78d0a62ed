-- Tables: column widths, Quarto's classes, and the classes that its HTML carries.
local docx = require 'lib.docx'
local draw = require 'lib.float'

local table_filter = {elements = {}}

local BOOTSTRAP = {striped = true, hover = true, bordered = true, borderless = true, sm = true, active = true, primary = true, secondary = true,
  success = true, danger = true, warning = true, info = true, light = true, dark = true, responsive = true,
  ['responsive-sm'] = true, ['responsive-md'] = true, ['responsive-lg'] = true, ['responsive-xl'] = true, ['responsive-xxl'] = true}

--- `tbl-colwidths="[30,70]"` as shares; nil for `auto` or none.
local function colwidths(value)
  if value == nil or value == false or value == 'auto' or value == 'false' or value == true then return nil end
  if type(value) == 'string' then
    local ok, decoded = pcall(pandoc.json.decode, value, false)
    value = ok and decoded or nil
  end
  if type(value) ~= 'table' then return nil end
  local sum, out = 0, {}
  for i, width in ipairs(value) do
    out[i] = tonumber(width) or 0
    sum = sum + out[i]
  end
  for i = 1, #out do out[i] = out[i] / math.max(sum, 100) end
  return out
end

local function set_widths(tbl, widths)
  for i, spec in ipairs(tbl.colspecs) do
    if widths[i] then tbl.colspecs[i] = {spec[1], widths[i]} end
  end
end

function table_filter.parse(doc, ctx)
  -- A div (or cell) around a table may carry the widths too: they go to its tables first.
  doc = doc:walk{
    Div = function(div)
      if not div.attributes['tbl-colwidths'] then return nil end
      return div:walk{Table = function(tbl)
        tbl.attributes['tbl-colwidths'] = tbl.attributes['tbl-colwidths'] or div.attributes['tbl-colwidths']
        return tbl
      end}
    end,
  }
  local default = ctx:option 'tbl-colwidths'
  return doc:walk{
    Table = function(tbl)
      local own = tbl.attributes['tbl-colwidths']
      local widths = colwidths(own == nil and default or own)
      if widths and #widths == #tbl.colspecs then set_widths(tbl, widths) end
      if own == 'auto' or own == 'false' or (own == nil and (default == 'auto' or default == false)) then
        for i, spec in ipairs(tbl.colspecs) do tbl.colspecs[i] = {spec[1], nil} end
      end
      tbl.attributes['tbl-colwidths'] = nil
      return tbl
    end,
  }
end

--- Where the caption of a table without a label stands.
local function position(tbl, ctx)
  local wish = tbl.attributes['tbl-cap-location'] or tbl.attributes['cap-location'] or ctx:option 'tbl-cap-location' or ctx:option 'cap-location'
  return wish == 'bottom' and 'bottom' or 'top'
end

--- Takes the caption off a table.
local function take_caption(tbl)
  local caption = pandoc.utils.blocks_to_inlines(tbl.caption.long, {pandoc.Space()})
  tbl.caption = {long = {}}
  return caption
end

--- A row whose cells all come down from the row above is nothing that Typst could read: it opens rows by itself.
local function without_empty_rows(tbl)
  local function filled(rows) return pandoc.List(rows):filter(function(row) return #row.cells > 0 end) end
  tbl.head.rows, tbl.foot.rows = filled(tbl.head.rows), filled(tbl.foot.rows)
  for i, body in ipairs(tbl.bodies) do
    body.body = filled(body.body)
    tbl.bodies[i] = body
  end
  return tbl
end

function table_filter.elements.typst(doc, ctx)
  return doc:walk{Table = function(tbl)
    tbl = without_empty_rows(tbl)
    if #tbl.caption.long == 0 then return tbl end
    return draw.unnumbered({tbl}, take_caption(tbl), 'tbl', position(tbl, ctx), ctx)
  end}
end

function table_filter.elements.docx(doc, ctx)
  return doc:walk{Table = function(tbl)
    if #tbl.caption.long == 0 then return nil end
    local above = position(tbl, ctx) == 'top'
    local caption = docx.styled(above and 'Table Caption' or 'Table Caption Below', {pandoc.Para(take_caption(tbl))})
    return above and {caption, tbl} or {tbl, caption}
  end}
end

local function classes_of(tbl, in_output, ctx)
  local out = pandoc.List{}
  for _, class in ipairs(tbl.classes) do
    out:insert(BOOTSTRAP[class] and 'table-' .. class or class)
  end
  out:extend{'caption-' .. position(tbl, ctx), 'table'}
  if in_output then out:extend{'table-sm', 'table-striped', 'small'} end
  return out
end

--- The classes that pandoc's tables carry in Quarto's pages.
local function name_rows(tbl)
  local function named(rows, names)
    for i, row in ipairs(rows) do
      local class = names[(i - 1) % #names + 1]
      if #row.attr.classes == 0 then row.attr.classes:insert(class) end
    end
    return rows
  end
  tbl.head.rows = named(tbl.head.rows, {'header'})
  for i, body in ipairs(tbl.bodies) do
    body.body = named(body.body, {'odd', 'even'})
    tbl.bodies[i] = body
  end
end

function table_filter.elements.html(doc, ctx)
  local function dress(in_output)
    return function(tbl)
      if tbl.classes:includes 'table' then return nil end
      tbl.classes = classes_of(tbl, in_output, ctx)
      name_rows(tbl)
      return tbl
    end
  end
  doc = doc:walk{Div = function(div)
    if div.classes:includes 'cell-output' then return div:walk{Table = dress(true)} end
  end}
  return doc:walk{Table = dress(false)}
end

return table_filter
