-- Figures without a label: a captioned image alone in its paragraph. Not numbered, not referred to.
local docx = require 'lib.docx'
local draw = require 'lib.float'
local node = require 'lib.node'
local raw = require 'lib.raw'

local figure = {node = 'figure'}

local function is_place(class) return class:match '^column%-' or class == 'aside' end

--- What an image says of the figure around it goes there: `fig-align`, and the column it stands in.
local function lift(content, attr)
  return content:walk{Image = function(image)
    attr.attributes['fig-align'] = attr.attributes['fig-align'] or image.attributes['fig-align']
    attr.classes:extend(image.classes:filter(is_place))
    image.classes = image.classes:filter(function(class) return not is_place(class) end)
    return image
  end}
end

function figure.parse(doc)
  return doc:walk{
    Figure = function(f)
      local attr = f.attr
      local content = lift(f.content, attr)
      return node.make('figure', attr, {}, {{'content', content}, {'caption', f.caption.long}})
    end,
    -- So is an image alone in its paragraph, or within a link there, that has a caption or says how it stands.
    Para = function(para)
      local only = #para.content == 1 and para.content[1]
      local linked = only and only.t == 'Link' and #only.content == 1 and only.content[1]
      local image = linked or only
      if not image or image.t ~= 'Image' then return nil end
      local caption = linked and #image.caption > 0 and {pandoc.Plain(image.caption)} or {}
      if #caption == 0 and not image.attributes['fig-align'] and not image.classes:find_if(is_place) then return nil end
      local attr = pandoc.Attr()
      local content = lift(pandoc.Blocks{pandoc.Plain{only}}, attr)
      return node.make('figure', attr, {}, {{'content', content}, {'caption', caption}})
    end,
  }
end

--- "top" or "bottom": where the caption stands.
local function position(n, ctx)
  local wish = n.attributes['fig-cap-location'] or n.attributes['cap-location'] or ctx:option 'fig-cap-location' or ctx:option 'cap-location'
  return wish == 'top' and 'top' or 'bottom'
end

function figure.html(n, ctx)
  local attr = node.attr(n)
  local align = draw.align(n, ctx) or 'center'
  attr.attributes['fig-align'] = nil
  attr.classes:extend{'quarto-figure', 'quarto-figure-' .. align}
  local words = node.inlines(n, 'caption')
  local caption = pandoc.Inlines{raw.html_inline '<figcaption>'}
  caption:extend(words)
  caption:insert(raw.html_inline '</figcaption>')
  local content = pandoc.Blocks(node.slot(n, 'content')):map(function(block)
    return block.t == 'Plain' and pandoc.Para(block.content) or block
  end)
  if #words > 0 then content:insert(position(n, ctx) == 'top' and 1 or #content + 1, pandoc.Plain(caption)) end
  return pandoc.Div(raw.wrap(raw.html '<figure class="figure">', content, raw.html '</figure>'), attr)
end

function figure.typst(n, ctx)
  local content, caption = node.slot(n, 'content'), node.inlines(n, 'caption')
  if #caption == 0 then
    local align = n.attributes['fig-align'] and draw.align(n, ctx) or 'center'
    return raw.wrap(raw.typst('#align(' .. align .. ')['), content, raw.typst ']')
  end
  return draw.aligned(draw.unnumbered(content, caption, 'fig', position(n, ctx), ctx), draw.align(n, ctx))
end

function figure.docx(n, ctx)
  local caption, align = node.inlines(n, 'caption'), draw.align(n, ctx)
  local content = draw.pictures(node.slot(n, 'content'), #caption > 0 and 'Captioned Figure' or 'Figure', align)
  if #caption > 0 then draw.with_caption(content, caption, 'Image Caption', position(n, ctx), align) end
  return pandoc.Div(content, pandoc.Attr(n.identifier))
end

function figure.ipynb(n) return node.slot(n, 'content') end

return figure
