-- What becomes a float by its label: a figure, an image alone in its paragraph, a table, a block of code.
local take = require 'lib.attributes'.take
local node = require 'lib.node'
local reader = require 'lib.reader'

local labelled = {}

--- The prefix of a label that makes a float of what bears it.
function labelled.type_of(identifier, ctx)
  if not identifier or identifier == '' then return nil end
  local category, prefix = ctx:category(identifier)
  return category and category.group == 'float' and prefix or nil
end

--- An image alone in a paragraph needs no paragraph around it within a float.
local function bare(blocks)
  return pandoc.Blocks(blocks):map(function(block)
    local only = block.t == 'Para' and #block.content == 1 and block.content[1].t
    return (only == 'Image' or only == 'Link') and pandoc.Plain(block.content) or block
  end)
end

--- The node of a float.
function labelled.make(type_, attr, caption, content)
  return node.make('float', attr, {type = type_}, {{'content', bare(content)}, {'caption', caption}})
end

--- What an image says of its figure goes to the figure: where it stands, its alignment, its classes.
local function lift(image, attr)
  for _, key in ipairs{'fig-align', 'fig-cap-location', 'cap-location', 'fig-pos', 'fig-env', 'fig-scap'} do
    attr.attributes[key] = take(image, key) or attr.attributes[key]
  end
  for _, class in ipairs(image.classes) do
    if not class:match 'lightbox$' and class ~= 'border' then attr.classes:insert(class) end
  end
  image.classes = image.classes:filter(function(class) return not class:match '^column%-' and class ~= 'aside' end)
  return attr
end

--- `![Caption](x.png){#fig-x}` alone in its paragraph, captioned: pandoc makes it a Figure and moves the label there.
function labelled.of_figure(figure, ctx)
  local type_ = labelled.type_of(figure.identifier, ctx)
  local plain = figure.content[1]
  local image = plain and plain.content and plain.content[1]
  if not type_ and image and image.t == 'Image' then
    type_ = labelled.type_of(image.identifier, ctx)
    if type_ then figure.identifier, image.identifier = image.identifier, '' end
  end
  if not type_ then return nil end
  local attr = figure.attr
  local content = figure.content:walk{Image = function(inner)
    attr = lift(inner, attr)
    return inner
  end}
  return labelled.make(type_, attr, figure.caption.long, content)
end

--- An image (or a linked image) with a label alone in its paragraph: uncaptioned, or captioned within its link.
function labelled.of_para(para, ctx)
  if #para.content ~= 1 then return nil end
  local inline = para.content[1]
  local image = inline.t == 'Link' and #inline.content == 1 and inline.content[1] or inline
  if image.t ~= 'Image' then return nil end
  local holder = labelled.type_of(inline.identifier, ctx) and inline or image
  local type_ = labelled.type_of(holder.identifier, ctx)
  if not type_ then return nil end
  local attr = lift(image, pandoc.Attr(holder.identifier, {}, {}))
  holder.identifier = ''
  local caption = #image.caption > 0 and {pandoc.Plain(image.caption)} or {}
  return labelled.make(type_, attr, caption, {pandoc.Plain{inline}})
end

--- A table with a label in its caption.
function labelled.of_table(table_, ctx)
  local type_ = labelled.type_of(table_.identifier, ctx)
  if not type_ then return nil end
  local attr, caption = table_.attr:clone(), table_.caption.long
  table_.identifier, table_.caption = '', {long = {}}
  return labelled.make(type_, attr, caption, {table_})
end

--- A block of code with a label: a listing.
function labelled.of_code(block, ctx)
  local type_ = labelled.type_of(block.identifier, ctx)
  if not type_ then return nil end
  local caption = take(block, type_ .. '-cap') or take(block, 'lst-cap')
  local attr = pandoc.Attr(block.identifier, block.classes, {})
  attr.classes:insert 'listing'
  block.identifier = ''
  return labelled.make(type_, attr, caption and {pandoc.Plain(reader.inlines(caption, ctx))} or {}, {block})
end

return labelled
