-- How a numbered float is written in each format. A float is described by the filter: {node, type, sub, number, name,
-- caption (as printed), own_caption, uncaptioned, location, content, align}.
local docx = require 'lib.docx'
local node = require 'lib.node'
local raw = require 'lib.raw'

local draw = {}

-- Quarto's own, so that captions have the same ids under both engines.
local CAPTION_SUFFIX = '-caption-0ceaefa1-69ba-4598-a22c-09a6ac19f8ca'
-- Attributes that octavo has made use of and that HTML need not carry.
local CONSUMED = {'fig-align', 'fig-pos', 'fig-env', 'fig-scap', 'fig-alt', 'layout-ncol', 'layout-nrow', 'layout', 'layout-valign', 'layout-align',
  'fig-cap-location', 'tbl-cap-location', 'lst-cap-location', 'cap-location'}

--- "Figure 1: Caption", "(a) Caption", "Figure 1"
--- Whether it has a caption of its own is the second value.
function draw.caption(n, ctx)
  local crossref = type(ctx.meta.crossref) == 'table' and ctx.meta.crossref or {}
  local caption, sub = node.inlines(n, 'caption'), node.get(n, 'sub')
  local category = ctx.categories[node.get(n, 'type')]
  local out
  if sub then
    out = pandoc.Inlines{pandoc.Str(sub)}
    if #caption > 0 then out:insert(pandoc.Space()) end
  else
    out = pandoc.Inlines{pandoc.Str(category.name .. (category.space == false and '' or '\u{a0}') .. node.get(n, 'number'))}
    if #caption > 0 then
      out[1].text = out[1].text .. (crossref['title-delim'] or ':')
      out:insert(pandoc.Space())
    end
  end
  out:extend(caption)
  return out, #caption == 0
end

local function own_attr(f)
  local attr = node.attr(f.node)
  for _, key in ipairs(CONSUMED) do attr.attributes[key] = nil end
  return attr
end

local function figcaption(f, id)
  local base = f.sub and 'quarto-subfloat' or 'quarto-float'
  local kind = f.sub and 'quarto-subfloat-' .. f.type or 'quarto-float-' .. f.type
  local classes = ('quarto-float-caption-%s %s-caption %s'):format(f.location, base, kind)
  if f.uncaptioned then classes = classes .. ' quarto-uncaptioned' end
  if f.location == 'margin' then classes = classes .. ' margin-caption' end
  local out = pandoc.Inlines{raw.html_inline(('<figcaption class="%s" id="%s">'):format(classes, id))}
  out:extend(f.caption)
  out:insert(raw.html_inline '</figcaption>')
  return pandoc.Plain(out)
end

function draw.html(f)
  local attr = own_attr(f)
  local id = (f.node.identifier ~= '' and f.node.identifier or 'float') .. CAPTION_SUFFIX
  local align = f.align or (f.type == 'lst' and 'left') or 'center'
  local panel = node.get(f.node, 'panel')
  if f.type == 'lst' and not attr.classes:includes 'listing' then attr.classes:insert 'listing' end
  attr.classes:extend(panel and {'quarto-layout-panel'} or {'quarto-float', 'quarto-figure', 'quarto-figure-' .. align})
  if not panel or f.type == 'tbl' then attr.classes:insert 'anchored' end
  local out = pandoc.Blocks{}
  out:insert(raw.html(('<figure class="quarto-float %s figure">'):format(f.sub and 'quarto-subfloat-' .. f.type or 'quarto-float-' .. f.type)))
  if f.location == 'top' then out:insert(figcaption(f, id)) end
  out:insert(raw.html(('<div aria-describedby="%s">'):format(id)))
  out:extend(f.content)
  out:insert(raw.html '</div>')
  if f.location ~= 'top' then out:insert(figcaption(f, id)) end
  out:insert(raw.html '</figure>')
  return pandoc.Div(out, attr)
end

local function place(f) return f.location == 'top' and 'top' or 'bottom' end

--- `crossref: title-delim` as an argument; Typst's own delimiter if there is none.
local function typst_separator(f, ctx)
  local crossref = type(ctx.meta.crossref) == 'table' and ctx.meta.crossref or {}
  local delimiter = not f.sub and crossref['title-delim']
  return delimiter and ('separator: [%s ], \n'):format(ctx:write{pandoc.Plain(delimiter)}) or ''
end

--- Where a figure stands: as it says itself, or as the document wants it; nil for its kind's own place.
function draw.align(n, ctx)
  local align = n.attributes['fig-align']
  if not align or align == 'default' then align = ctx:option 'fig-align' end
  return align ~= 'default' and align or nil
end

--- A figure in print stands in the middle by itself, else where its author wants it; `always` for what is no figure.
function draw.aligned(blocks, align, always)
  if align ~= 'left' and align ~= 'right' and not always then return blocks end
  return raw.wrap(raw.typst('#align(' .. align .. ')['), blocks, raw.typst ']')
end

-- Arguments stand on lines of their own, as Quarto writes them, for those who look into the kept source.
function draw.typst(f, ctx)
  local label = raw.label(f.node.identifier):gsub('^ ', '')
  local kind = raw.quoted((f.sub and 'quarto-subfloat-' or 'quarto-float-') .. f.type)
  local text = f.sub and f.caption or f.own_caption
  local caption = raw.guarded(ctx:write{pandoc.Plain(text)})
  local separator = #text == 0 and 'separator: "", \n' or typst_separator(f, ctx)
  if node.get(f.node, 'panel') and label ~= '' then
    local open = '#quarto_super(\nkind: %s, \ncaption: [\n%s\n], \nlabel: %s, \nposition: %s, \nsupplement: %s, \nsubcapnumbering: "(a)", \nnumber: %s, \n%s['
    open = open:format(kind, caption, label, place(f), raw.quoted(f.name), raw.quoted(f.number), separator)
    return raw.wrap(raw.typst(open), f.content, raw.typst ']\n)')
  end
  local close = '], caption: figure.caption(\n%sposition: %s, \n[\n%s\n]), \nkind: %s, \nsupplement: %s, \nnumbering: (..) => %s, \n)\n%s\n\n'
  close = close:format(separator, place(f), caption, kind, raw.quoted(f.name), raw.quoted(f.number), label)
  -- PDF/UA wants something in every figure.
  local content = #f.content > 0 and f.content or {raw.typst '#box()'}
  return draw.aligned(raw.wrap(raw.typst '#figure([', content, raw.typst(close)), f.align)
end

local CAPTION_STYLES = {fig = 'Image Caption', tbl = 'Table Caption', lst = 'Listing Caption'}

function draw.docx(f)
  local caption = docx.styled(CAPTION_STYLES[f.type] or 'Image Caption', {pandoc.Para(f.caption)})
  local content = pandoc.Blocks{}
  for _, block in ipairs(f.content) do
    local image = block.t == 'Plain' or block.t == 'Para'
    content:insert(image and docx.styled('Captioned Figure', {block}) or block)
  end
  if f.location == 'top' then content:insert(1, caption) else content:insert(caption) end
  return pandoc.Div(content, pandoc.Attr(f.node.identifier))
end

return draw
