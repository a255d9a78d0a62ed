-- How a numbered float is written in each format. A float is described by the filter: {node, type, sub, number, name,
-- space, caption (as printed), own_caption, uncaptioned, location, content, align}.
local categories = require 'lib.categories'
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
    out = categories.numbered(category.name, node.get(n, 'number'), ctx, category.space)
    if #caption > 0 then out:extend{pandoc.Str(crossref['title-delim'] or ':'), pandoc.Space()} end
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
  if f.uncaptioned and not f.sub then classes = classes .. ' quarto-uncaptioned' end
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
  return delimiter and ('separator: %s, \n'):format(raw.quoted(delimiter .. ' ')) or ''
end

--- Where a figure stands: as it says itself, or as the document wants it; nil for its kind's own place.
function draw.align(n, ctx)
  local align, type_ = n.attributes['fig-align'], node.get(n, 'type')
  if (not align or align == 'default') and type_ ~= 'tbl' and type_ ~= 'lst' then align = ctx:option 'fig-align' end
  return align ~= 'default' and align or nil
end

--- A figure in print stands in the middle by itself, else where its author wants it.
function draw.aligned(blocks, align, part)
  if align ~= 'left' and align ~= 'right' then return blocks end
  return raw.wrap(raw.typst('#aligned(' .. align .. (part and ', part: true' or '') .. ')['), blocks, raw.typst ']')
end

--- A string for a name in plain words, content for one in Markdown.
local function supplement(f, ctx)
  local words = categories.words(f.name, ctx)
  return #words == 1 and words[1].t == 'Str' and raw.quoted(f.name) or '[' .. ctx:write{pandoc.Plain(words)} .. ']'
end

--- What a figure holds in print. One of HTML alone, such as a frame with a film, shows its address.
local function printed(blocks, format)
  local found, address = false, nil
  local function show() found = true end
  local function raw_code(code)
    found = found or code.format == format
    address = address or code.format:match '^html' and code.text:match '<iframe[^>]-%ssrc%s*=%s*["\']([^"\']+)'
  end
  pandoc.Blocks(blocks):walk{
    Str = show, Image = show, Math = show, Code = show, CodeBlock = show, Table = show, RawBlock = raw_code, RawInline = raw_code,
  }
  if found then return blocks end
  return address and pandoc.Blocks{pandoc.Para{pandoc.Link(address, address)}} or pandoc.Blocks{}
end

-- Arguments stand on lines of their own, as Quarto writes them, for those who look into the kept source.
local SUPER = '#quarto_super(\nkind: \n%s\n, \ncaption: \n[\n%s\n]\n, \nlabel: \n%s\n, \nposition: \n%s\n, \nsupplement: \n%s\n, '
  .. '\nsubcapnumbering: \n"(a)"\n, \nnumber: \n%s\n, \n%s['
local FIGURE = '], caption: figure.caption(\n%sposition: %s, \n[\n%s\n]), \nkind: %s, \nsupplement: %s, \nnumbering: %s, \n)\n%s\n\n'

--- The head of a call that sets something in the margin, as its author wants it.
function draw.note(call, attributes)
  local shift = attributes.shift or 'auto'
  if shift ~= 'auto' and shift ~= 'true' and shift ~= 'false' then shift = raw.quoted(shift) end
  return ('#%s(alignment: %s, dy: %s, shift: %s, counter: none'):format(call, raw.quoted(attributes.alignment or 'baseline'), attributes.dy or '0pt', shift)
end

local BESIDE = '%s, kind: %s, supplement: %s, number: %s, label: %s, caption: figure.caption(%sposition: %s, [\n%s\n]))['

function draw.typst(f, ctx)
  local label = raw.label(f.node.identifier):gsub('^ ', '')
  local kind = raw.quoted('quarto-float-' .. f.type)
  -- What has no space before its number ("Figure S1") is written out: Typst would set one.
  local caption = raw.guarded(ctx:write{pandoc.Plain(f.space and f.own_caption or f.caption)})
  local separator = #f.own_caption == 0 and 'separator: "", \n' or typst_separator(f, ctx)
  if node.get(f.node, 'parts') and label ~= '' and f.space then
    local open = SUPER:format(kind, caption, label, place(f), supplement(f, ctx), raw.quoted(f.number), separator)
    return draw.aligned(raw.wrap(raw.typst(open), f.content, raw.typst ']\n)'), f.align)
  end
  local numbering = f.space and '(..) => ' .. raw.quoted(f.number) or 'none'
  local close = FIGURE:format(separator, place(f), caption, kind, supplement(f, ctx), numbering, label)
  local content = printed(f.content, 'typst')
  -- PDF/UA wants something in every figure.
  if #content == 0 then content = {raw.typst '#box()'} end
  if node.get(f.node, 'beside') then
    local call = draw.note('notefigure', f.node.attributes)
    local number = f.space and raw.quoted(f.number) or 'none'
    local open = BESIDE:format(call, kind, supplement(f, ctx), number, label == '' and 'none' or label, separator:gsub('\n', ''), place(f), caption)
    return raw.wrap(raw.typst(open), content, raw.typst ']')
  end
  if f.location == 'margin' then
    ctx.beside = true
    content = raw.wrap(raw.typst '#margin-caption[#figure([', content, raw.typst(close .. ']'))
    return draw.aligned(content, f.align, f.sub)
  end
  return draw.aligned(raw.wrap(raw.typst '#figure([', content, raw.typst(close)), f.align, f.sub)
end

--- A captioned figure or table that has no number.
function draw.unnumbered(content, caption, type_, position, ctx)
  local text = raw.guarded(ctx:write{pandoc.Plain(caption)})
  local kind, name = raw.quoted('quarto-float-' .. type_), raw.quoted(ctx.categories[type_].name)
  return raw.wrap(raw.typst '#figure([', content, raw.typst(FIGURE:format('', position, text, kind, name, 'none', '')))
end

local CAPTION_STYLES = {fig = 'Image Caption', tbl = 'Table Caption', lst = 'Listing Caption'}
local SIDES = {left = ' Left', right = ' Right'}

--- The paragraphs of a figure in the style of where it stands.
function draw.pictures(blocks, style, align) return docx.pictures(style .. (SIDES[align] or ''), blocks) end

--- Sets a caption above or below. What stands above must stay with what follows, which a style of its own says.
function draw.with_caption(content, caption, style, location, align)
  local above = location == 'top'
  if style == 'Image Caption' then
    style = style .. (SIDES[align] or '') .. (above and ' Above' or '')
  elseif not above then
    style = style .. ' Below'
  end
  content:insert(above and 1 or #content + 1, docx.styled(style, {pandoc.Para(caption)}))
end

function draw.docx(f)
  local content = draw.pictures(printed(f.content, 'openxml'), 'Captioned Figure', f.align)
  -- Words take the place of a picture where they are the figure.
  content = content:map(function(block)
    local words = f.type ~= 'lst' and f.type ~= 'tbl' and (block.t == 'Plain' or block.t == 'Para')
    return words and docx.styled('Captioned Figure', {pandoc.Para(block.content)}) or block
  end)
  draw.with_caption(content, f.caption, CAPTION_STYLES[f.type] or 'Image Caption', f.location, f.align)
  return pandoc.Div(content, pandoc.Attr(f.node.identifier))
end

return draw
