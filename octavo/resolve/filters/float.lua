-- Floats: what carries a label with a float's prefix (fig-, tbl-, lst-, a project's own): an image, a table, a code
-- block, a div, or a cell's outputs. One in another is a subfloat. Layout and numbering come after this filter.
-- https://quarto.org/docs/authoring/cross-references.html
local captions = require 'lib.caption'
local cell = require 'lib.cell'
local draw = require 'lib.float'
local labelled = require 'lib.labelled'
local node = require 'lib.node'

local float = {node = 'float'}

local function from_div(div, ctx)
  if node.kind(div) then return nil end
  local type_ = labelled.type_of(div.identifier, ctx)
  if not type_ then return nil end
  if not div.classes:includes 'cell' then
    captions.parts(div, type_, labelled.make, ctx)
    local caption = captions.of_div(div, type_, ctx)
    return labelled.make(type_, div.attr, caption, div.content)
  end
  -- A cell: its code stays outside, only what it made is the float.
  div.content = cell.unlabelled(div)
  local blocks = captions.own(div, type_, ctx) or {}
  local panel = div.attributes.layout or div.attributes['layout-ncol'] or div.attributes['layout-nrow']
  local sources, outputs = (panel and cell.split or cell.split_float)(div.content)
  div.content = outputs
  captions.parts(div, type_, labelled.make, ctx)
  if #blocks == 0 then
    div.content = div.content:walk{Table = function(table_)
      if #blocks == 0 and #table_.caption.long > 0 then
        blocks = table_.caption.long
        table_.caption = {long = {}}
        return table_
      end
    end}
  end
  if panel then
    -- A panel is no cell any more: its code stands before it.
    div.classes = div.classes:filter(function(class) return class ~= 'cell' end)
    div.attributes.execution_count = nil
    sources:insert(labelled.make(type_, div.attr, blocks, div.content))
    return sources
  end
  local classes, attributes = div.classes:clone(), div.attributes
  sources:insert(labelled.make(type_, div.attr, blocks, div.content))
  return pandoc.Div(sources, pandoc.Attr('', classes, {execution_count = attributes.execution_count}))
end

local SCOPED = {fig = true, tbl = true}

--- What stands where the cell says (`column: margin`) are its outputs: the float they make, or each of them.
local function from_div_or_cell(div, ctx)
  local columns = not node.kind(div) and div.classes:includes 'cell' and cell.take_places(div)
  local made = from_div(div, ctx)
  if not columns then return made end
  if made then
    local inner = made.content and made.content[#made.content] or made[#made]
    local type_ = node.get(inner, 'type')
    inner.classes:extend(cell.column_of(columns, SCOPED[type_] and type_, ctx))
    return made
  end
  captions.tables(div, ctx)
  cell.place_outputs(div, columns, div.attributes.layout or div.attributes['layout-ncol'] or div.attributes['layout-nrow'], ctx)
  return div
end

--- `fig-column: margin` of a document is for its floats too, those apart that stand in a column or a float already.
local function in_column(div, ctx)
  if div.classes:includes 'cell' or div.classes:find_if(function(class) return class:match '^column%-' end) then return div, false end
  if node.kind(div) ~= 'float' then return nil end
  local type_ = node.get(div, 'type')
  div.classes:extend(cell.column_of_document(SCOPED[type_] and type_, ctx))
  return div, false
end

function float.parse(doc, ctx)
  local function each(convert) return function(element) return convert(element, ctx) end end
  -- Two passes: images, tables and listings first, so that the divs around them see labelled.
  doc = doc:walk{Figure = each(labelled.of_figure), Para = each(labelled.of_para), Table = each(labelled.of_table), CodeBlock = each(labelled.of_code)}
  doc = doc:walk{Div = each(from_div_or_cell)}
  if not (ctx:option 'column' or ctx:option 'fig-column' or ctx:option 'tbl-column') then return doc end
  return doc:walk{traverse = 'topdown', Div = each(in_column)}
end

--- "top" or "bottom" (or "margin"): the float's own wish, the document's, or the kind's custom.
local function location(n, ctx)
  local type_ = node.get(n, 'type')
  local key = type_ .. '-cap-location'
  if n.classes:includes 'margin-caption' then return 'margin' end
  return n.attributes[key] or n.attributes['cap-location'] or ctx:option(key) or ctx:option 'cap-location' or ctx.categories[type_].caption
end

local function describe(n, ctx)
  local caption, uncaptioned = draw.caption(n, ctx)
  return {
    node = n, type = node.get(n, 'type'), sub = node.get(n, 'sub') ~= nil, number = node.get(n, 'number'),
    name = ctx.categories[node.get(n, 'type')].name, caption = caption, own_caption = node.inlines(n, 'caption'),
    uncaptioned = uncaptioned, location = location(n, ctx), content = node.slot(n, 'content'),
    align = draw.align(n, ctx), space = ctx.categories[node.get(n, 'type')].space ~= false,
  }
end

function float.html(n, ctx) return draw.html(describe(n, ctx), ctx) end
function float.typst(n, ctx) return draw.typst(describe(n, ctx), ctx) end
function float.docx(n, ctx) return draw.docx(describe(n, ctx), ctx) end

function float.ipynb(n, ctx)
  local out = pandoc.Blocks(node.slot(n, 'content'))
  out:insert(pandoc.Para(draw.caption(n, ctx)))
  return out
end

return float
