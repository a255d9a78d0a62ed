-- Images: where they are, how wide, and what they say to those who do not see them.
local lightbox = require 'lib.lightbox'
local node = require 'lib.node'
local raw = require 'lib.raw'

local image = {elements = {}}

--- The alternative text is `fig-alt` (or `alt`), else the caption; it stands where pandoc's writers look for it.
function image.parse(doc)
  return doc:walk{
    Image = function(img)
      local alt = img.attributes['fig-alt'] or img.attributes.alt
      img.attributes['fig-alt'], img.attributes.alt = nil, nil
      if alt then img.caption = {pandoc.Str(alt)} end
      return img
    end,
  }
end

local function located(img, ctx)
  local images = ctx.request.images or {}
  img.src = images[img.src] or img.src
  for _, key in ipairs{'fig-align', 'fig-pos', 'fig-env', 'fig-scap', 'fig-cap-location'} do img.attributes[key] = nil end
  return img
end

local function add_class(img, class)
  if not img.classes:includes(class) then img.classes:insert(class) end
end

function image.elements.html(doc, ctx)
  local responsive = ctx:option 'fig-responsive' ~= false
  doc = doc:walk{Div = function(div)
    local kind = node.kind(div)
    if kind ~= 'float' and kind ~= 'figure' then return nil end
    local parent = node.get(div, 'parent')
    return div:walk{Image = function(img)
      if responsive and not img.attributes.height then add_class(img, 'img-fluid') end
      add_class(img, 'figure-img')
      if parent then img.attributes['data-ref-parent'] = parent end
      return img
    end}
  end}
  local function dressed(img)
    located(img, ctx)
    if responsive and not img.attributes.height then add_class(img, 'img-fluid') end
    -- Here, while its formulas are formulas.
    img.caption = #img.caption > 0 and {pandoc.Str(pandoc.utils.stringify(img.caption))} or {}
    -- Without any words an image is passed over by screen readers; its file name would be worse than silence.
    if #img.caption == 0 then img.attributes.alt = '' end
    return img
  end
  return lightbox.html(doc:walk{Image = dressed}, ctx)
end

--- A length as Typst takes it: bare numbers and px are pixels, `dpi` of them an inch.
local function length(value, dpi)
  if not value then return nil end
  local number, unit = value:match '^([%d.]+)%s*(%a*%%?)$'
  if not number then return nil end
  if unit == '' or unit == 'px' then return ('%.4gin'):format(tonumber(number) / dpi) end
  return number .. unit
end

--- An image's address as the name of a file: pandoc has written blanks and umlauts as `%20`.
local function file_name(src)
  return (src:gsub('%%(%x%x)', function(hex) return string.char(tonumber(hex, 16)) end))
end

local MOVING = pandoc.List{'mp4', 'm4v', 'mov', 'webm', 'ogv', 'mkv', 'mp3', 'm4a', 'ogg', 'oga', 'wav', 'flac'}

--- A film or a sound, which pandoc embeds in pages like a picture, is a link on paper, as by `{{< video >}}`.
local function on_paper(img)
  local extension = (img.src:gsub('[?#].*$', '')):match '%.(%w+)$'
  if not extension or not MOVING:includes(extension:lower()) then return nil end
  return pandoc.Link({pandoc.Str(file_name(img.src))}, img.src)
end

function image.elements.typst(doc, ctx)
  return doc:walk{
    Image = function(img)
      located(img, ctx)
      local link = on_paper(img)
      if link then return link end
      if img.src:match '^%a+://' then
        return pandoc.Link(#img.caption > 0 and img.caption or {pandoc.Str(img.src)}, img.src)
      end
      -- A tagged PDF wants a text for every image; one without words is decoration.
      local alt = pandoc.utils.stringify(img.caption)
      local decorative = alt == ''
      local arguments = {raw.quoted(file_name(img.src))}
      if not decorative then arguments[2] = 'alt: ' .. raw.quoted(alt) end
      for _, side in ipairs{'width', 'height'} do
        local size = length(img.attributes[side], ctx:dpi())
        if size then arguments[#arguments + 1] = side .. ': ' .. size end
      end
      -- Typst would cut off what does not fit into a height, or into a width and a height.
      if img.attributes.height then arguments[#arguments + 1] = img.attributes.width and 'fit: "stretch"' or 'fit: "contain"' end
      local call = 'image(' .. table.concat(arguments, ', ') .. ')'
      return raw.typst_inline(decorative and '#box(pdf.artifact(' .. call .. '))' or '#box(' .. call .. ')')
    end,
  }
end

--- pandoc embeds what its media bag holds; so the written file names the image as its author did.
function image.elements.docx(doc, ctx)
  pandoc.mediabag.empty()
  for src, path in pairs(ctx.request.media or {}) do
    local file <close> = assert(io.open(path, 'rb'))
    pandoc.mediabag.insert(src, nil, file:read 'a')
  end
  return doc:walk{
    Image = function(img)
      if img.src:match '^%a[%a+.-]+://' then
        return pandoc.Link(#img.caption > 0 and img.caption or {pandoc.Str(img.src)}, img.src)
      end
      local link = on_paper(img)
      if link then return link end
      -- pandoc takes no shares of the line: the width is set where it is known how long that is (write/docx_layout.py).
      local share = (img.attributes.width or ''):match '^([%d.]+)%%$'
      if share then
        img.title = 'octavo:' .. share .. ':' .. img.title
        img.attributes.width = nil
      end
      return located(img, ctx)
    end,
  }
end

function image.elements.ipynb(doc, ctx)
  return doc:walk{Image = function(img) return located(img, ctx) end}
end

return image
