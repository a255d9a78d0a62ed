-- `.lightbox` links an image to itself; the theme's script opens it over the page. With `lightbox: true` all images of
-- figures take part, each alone or, for the parts of a figure, in its gallery.
-- https://quarto.org/docs/output-formats/html-lightbox-figures.html
local take = require 'lib.attributes'.take
local categories = require 'lib.categories'
local node = require 'lib.node'
local reader = require 'lib.reader'

local lightbox = {}

local FORWARDED = {'desc-position', 'type', 'effect', 'zoomable', 'draggable'}

local function is_automatic(option)
  return option == true or option == 'auto' or (type(option) == 'table' and option.match == 'auto')
end

--- The link around an image. `state` counts the images and collects their descriptions.
local function wrap(image, state, title, gallery)
  state.count = state.count + 1
  image.classes = image.classes:filter(function(class) return class ~= 'lightbox' end)
  title = title or pandoc.utils.stringify(image.caption)
  local attr = pandoc.Attr('', {'lightbox'})
  attr.attributes['data-gallery'] = take(image, 'group') or gallery or ('quarto-lightbox-gallery-' .. state.count)
  local description = take(image, 'description')
  if description then
    local class = 'lightbox-desc-' .. state.count
    state.descriptions:insert(pandoc.Div(reader.blocks(description, state.ctx), pandoc.Attr('', {'glightbox-desc', class})))
    attr.attributes['data-glightbox'] = ('description: .%s;'):format(class) .. (title ~= '' and ('title:%s;'):format(title) or '')
  end
  for _, key in ipairs(FORWARDED) do attr.attributes[key] = take(image, key) or state.usual[key] end
  if state.usual.loop == false then attr.attributes['data-loop'] = 'false' end
  return pandoc.Link({image}, image.src, title, attr)
end

--- `lightbox: {group: g, description: [..]}` on a cell is for the images it made.
local function spread(cell, automatic)
  local ok, wish = pcall(pandoc.json.decode, take(cell, 'lightbox'), false)
  if not ok then return cell end
  local off = wish == false or (type(wish) == 'table' and wish.nolightbox == true)
  local count = 0
  return cell:walk{Image = function(image)
    count = count + 1
    if off or not automatic then image.classes:insert(off and 'nolightbox' or 'lightbox') end
    for key, value in pairs(type(wish) == 'table' and not off and wish or {}) do
      value = type(value) == 'table' and value[count] or value
      if type(value) == 'string' then image.attributes[key] = value end
    end
    return image
  end}
end

--- The walk through a part of the document whose images have this title and gallery; `open` says whether unmarked
--- images take part, too.
local function walker(state, title, gallery, open)
  local filter = {traverse = 'topdown'}

  -- A linked image keeps its own link.
  function filter.Link(link) return link, false end

  function filter.Image(image)
    local automatic = open and state.automatic and not image.classes:includes 'nolightbox'
    if not automatic and not image.classes:includes 'lightbox' then return image, false end
    return wrap(image, state, title, gallery), false
  end

  function filter.Para(para)
    local alone = #para.content == 1 and para.content[1].t == 'Image'
    if alone and not open then return para:walk(walker(state, nil, nil, true)), false end
  end

  function filter.Div(div)
    if div.classes:includes 'cell' and div.attributes.lightbox then div = spread(div, state.automatic) end
    local kind = node.kind(div)
    if kind ~= 'float' and kind ~= 'figure' then return div end
    local words = pandoc.utils.stringify(node.inlines(div, 'caption'))
    local number = node.get(div, 'number')
    if number then
      local category = state.ctx.categories[node.get(div, 'type')]
      words = pandoc.utils.stringify(categories.numbered(category.name, number, state.ctx, category.space)) .. (words ~= '' and ': ' .. words or '')
    end
    div.content = div.content:walk(walker(state, words, node.get(div, 'parent'), true))
    return div, false
  end

  return filter
end

--- Links for all images of a page that are to be opened over it.
function lightbox.html(doc, ctx)
  local asked = is_automatic(ctx:option 'lightbox') or ctx.request.user or ctx.request.ast:find('lightbox', 1, true)
  if not asked then return doc end
  local option = ctx:option 'lightbox'
  local state = {ctx = ctx, usual = type(option) == 'table' and option or {}, automatic = is_automatic(ctx:option 'lightbox'), count = 0, descriptions = pandoc.List{}}
  doc = doc:walk(walker(state, nil, nil, false))
  if #state.descriptions > 0 then
    doc.blocks:insert(pandoc.Div(state.descriptions, pandoc.Attr('', {'hidden'}, {{'aria-hidden', 'true'}, {'style', 'display: none;'}})))
  end
  return doc
end

return lightbox
