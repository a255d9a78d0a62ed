-- The properties of `style="…"` that print follows too, as pandoc's `typst:` attributes; Word takes some of them.
-- https://quarto.org/docs/advanced/typst/typst-css.html
local colours = require 'lib.colours'
local raw = require 'lib.raw'

local css = {}

--- The declarations of a `style` attribute by property.
function css.read(style)
  local out = {}
  for property, value in (style or ''):gmatch '([%w%-]+)%s*:%s*([^;]+)' do
    out[property:lower()] = value:gsub('%s*!important', ''):gsub('%s+$', '')
  end
  return out
end

local function channel(value, of)
  local number = tonumber((value:gsub('%%', '')))
  if not number then return nil end
  return value:match '%%' and number / 100 * of or number
end

local function from_hsl(h, s, l)
  local function f(n)
    local k = (n + h / 30) % 12
    return 255 * (l - s * math.min(l, 1 - l) * math.max(-1, math.min(k - 3, 9 - k, 1)))
  end
  return f(0), f(8), f(4)
end

--- A colour's red, green, blue (0 to 255) and alpha (0 to 1); nil for one that is not known.
local function channels(value)
  value = value:lower()
  if value == 'transparent' then return 0, 0, 0, 0 end
  local digits = value:match '^#(%x+)$' or colours[value]
  if digits then
    if #digits < 6 then digits = digits:gsub('.', '%0%0') end
    local r, g, b, a = digits:match '^(%x%x)(%x%x)(%x%x)(%x?%x?)$'
    if not r then return nil end
    return tonumber(r, 16), tonumber(g, 16), tonumber(b, 16), a ~= '' and tonumber(a, 16) / 255 or 1
  end
  local kind, inner = value:match '^(%a+)%((.*)%)$'
  if not kind then return nil end
  local parts = {}
  for part in inner:gsub('deg', ''):gmatch '[%d.%%%-]+' do parts[#parts + 1] = part end
  if #parts < 3 then return nil end
  local alpha = parts[4] and channel(parts[4], 1) or 1
  if kind:match '^rgba?$' then return channel(parts[1], 255), channel(parts[2], 255), channel(parts[3], 255), alpha end
  if kind:match '^hsla?$' then
    local r, g, b = from_hsl(tonumber(parts[1]) or 0, channel(parts[2], 1), channel(parts[3], 1))
    return r, g, b, alpha
  end
end

local function hex(r, g, b)
  local function byte(x) return math.floor(math.max(0, math.min(255, x)) + 0.5) end
  return ('%02x%02x%02x'):format(byte(r), byte(g), byte(b))
end

-- Names that Typst has too (in shades of its own, which Quarto lets stand).
local TYPST = {}
for name in ('black gray silver white navy blue aqua teal purple fuchsia maroon red orange yellow olive green lime'):gmatch '%a+' do
  TYPST[name] = true
end

--- A colour as Typst writes it, nil for one that is not known. `opacity` is a CSS value.
function css.typst_color(value, opacity)
  if not value then return nil end
  local r, g, b, alpha = channels(value)
  if not r then return nil end
  alpha = alpha * (opacity and channel(opacity, 1) or 1)
  if alpha < 1 then return ('rgb("#%s%02x")'):format(hex(r, g, b), math.floor(alpha * 255 + 0.5)) end
  if value:match '^#' then return 'rgb(' .. raw.quoted(value) .. ')' end
  return TYPST[value:lower()] and value:lower() or ('rgb("#%s")'):format(hex(r, g, b))
end

--- A colour as Word writes it: six digits.
function css.word_color(value)
  local r, g, b = channels(value or '')
  return r and hex(r, g, b):upper()
end

local ABSOLUTE = {['xx-small'] = '0.6em', ['x-small'] = '0.75em', small = '0.89em', smaller = '0.83em', medium = '1em',
  large = '1.2em', larger = '1.2em', ['x-large'] = '1.5em', ['xx-large'] = '2em'}

--- A length as Typst writes it; `of` is what a percentage counts from ("em" for letters).
local function length(value, of)
  if not value then return nil end
  if ABSOLUTE[value] then return ABSOLUTE[value] end
  local number, unit = value:match '^(%-?[%d.]+)([%a%%]*)$'
  number = tonumber(number)
  if not number then return nil end
  if unit == 'px' then return ('%.4gpt'):format(number * 0.75) end
  if unit == 'rem' then return ('%gem'):format(number) end
  if unit == '%' then return of == 'em' and ('%gem'):format(number / 100) or ('%g%%'):format(number) end
  if unit == 'pt' or unit == 'em' or unit == 'cm' or unit == 'mm' or unit == 'in' then return ('%g%s'):format(number, unit) end
  return number == 0 and '0pt' or nil
end

local WIDTHS = {thin = '1px', medium = '3px', thick = '5px'}
local DASHES = {solid = 'solid', dashed = 'dashed', dotted = 'dotted', double = 'solid', groove = 'solid', ridge = 'solid', inset = 'solid', outset = 'solid'}

--- Puts what `border…: value` says of one side into its {thickness, dash, paint}; `part` is width, style, color or nil.
local function add_border(side, part, value)
  for word in value:gsub('%b()', function(s) return (s:gsub('%s', '')) end):gmatch '%S+' do
    local width = part ~= 'color' and part ~= 'style' and length(WIDTHS[word] or word)
    local color = part ~= 'width' and part ~= 'style' and css.typst_color(word)
    if word == 'none' or word == 'hidden' then side.off = true
    elseif width then side.thickness = width
    elseif DASHES[word] then side.dash = DASHES[word]
    elseif color then side.paint = color end
  end
end

--- The borders of a style as a Typst stroke (the same on all sides, or side by side), nil if there are none.
function css.typst_stroke(style)
  local names, sides, any = {'top', 'right', 'bottom', 'left'}, {}, false
  local function side(name)
    sides[name] = sides[name] or {}
    return sides[name]
  end
  for _, property in ipairs{'border', 'border-width', 'border-style', 'border-color'} do
    local value = style[property]
    for _, name in ipairs(value and names or {}) do add_border(side(name), property:match '%-(%a+)', value) end
  end
  for _, name in ipairs(names) do
    for _, part in ipairs{'', '-width', '-style', '-color'} do
      local value = style['border-' .. name .. part]
      if value then add_border(side(name), part:match '%a+', value) end
    end
  end
  local strokes = {}
  for i, name in ipairs(names) do
    local s = sides[name]
    if s and not s.off and s.dash and s.thickness ~= '0pt' then
      any = true
      strokes[i] = ('(thickness: %s, paint: %s, dash: "%s")'):format(s.thickness or '2.25pt', s.paint or 'black', s.dash)
    end
  end
  if not any then return nil end
  if strokes[1] and strokes[1] == strokes[2] and strokes[1] == strokes[3] and strokes[1] == strokes[4] then return strokes[1] end
  local out = {}
  for i, name in ipairs(names) do if strokes[i] then out[#out + 1] = name .. ': ' .. strokes[i] end end
  return '(' .. table.concat(out, ', ') .. ')'
end

local GENERIC = {serif = 'Libertinus Serif', ['sans-serif'] = 'DejaVu Sans', monospace = 'DejaVu Sans Mono'}

local function fonts(value)
  if not value then return nil end
  local out = {}
  for name in value:gmatch '[^,]+' do
    name = name:gsub('^[%s"\']+', ''):gsub('[%s"\']+$', '')
    out[#out + 1] = raw.quoted(GENERIC[name] or name)
  end
  return '(' .. table.concat(out, ', ') .. ',)'
end

--- Sets the `typst:text:` attributes of a span, div, table or cell.
function css.set_text(attributes, style)
  local function set(name, value) if value and not attributes['typst:text:' .. name] then attributes['typst:text:' .. name] = value end end
  local weight = style['font-weight']
  set('fill', css.typst_color(style.color or style.opacity and 'black', style.opacity))
  set('size', length(style['font-size'], 'em'))
  set('font', fonts(style['font-family']))
  set('weight', weight and (weight:match '^%d+$' or weight:match '^bold' and '"bold"'))
  set('style', (style['font-style'] == 'italic' or style['font-style'] == 'oblique') and '"italic"')
  set('tracking', length(style['letter-spacing']))
end

local ALIGN = {left = 'left', right = 'right', center = 'center', start = 'start', ['end'] = 'end'}
local VALIGN = {top = 'top', middle = 'horizon', bottom = 'bottom'}

--- The alignment that a style asks for, as Typst has it.
function css.typst_align(style)
  local out = {ALIGN[style['text-align']]}
  out[#out + 1] = VALIGN[style['vertical-align']]
  return #out > 0 and table.concat(out, ' + ') or nil
end

--- Sets the `typst:` attributes of a box: a div (#block) or a cell.
function css.set_box(attributes, style)
  local function set(name, value) if value and not attributes['typst:' .. name] then attributes['typst:' .. name] = value end end
  set('fill', css.typst_color(style['background-color'] or style.background))
  set('stroke', css.typst_stroke(style))
end

--- What only a block has.
function css.set_block(attributes, style)
  local function set(name, value) if value and not attributes['typst:' .. name] then attributes['typst:' .. name] = value end end
  css.set_box(attributes, style)
  set('inset', length(style.padding))
  set('radius', length(style['border-radius']))
  set('width', length(style.width))
  set('height', length(style.height))
end

return css
