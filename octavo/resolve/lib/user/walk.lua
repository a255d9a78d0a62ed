-- pandoc's filter semantics, with functions named after Quarto's nodes besides: a node is met by the function of its
-- name (or `Custom`), never by `Div`, and what it is made of is met by none.
local node = require 'lib.node'
local nodes = require 'lib.user.nodes'

local ELEMENTS = {}
for name in ([[
  Pandoc Meta Doc Blocks Inlines Block Inline BlockQuote BulletList CodeBlock DefinitionList Div Figure Header HorizontalRule LineBlock
  OrderedList Para Plain RawBlock Table Cite Code Emph Image LineBreak Link Math Note Quoted RawInline SmallCaps SoftBreak Space Span Str
  Strikeout Strong Subscript Superscript Underline Custom CustomBlock CustomInline Shortcode ConditionalBlock DecoratedCodeBlock PanelLayout
  Callout Tabset Theorem Proof FloatRefTarget]]):gmatch '%S+' do
  ELEMENTS[name] = true
end

local function is_filter(value)
  for name in pairs(value) do
    if ELEMENTS[name] then return true end
  end
  return false
end

--- The filters of a script: what its chunk returned (one, or a list), else its global functions.
local function filters(returned, globals)
  if type(returned) == 'table' then
    if is_filter(returned) then return {returned} end
    return returned
  end
  local filter = {}
  for name in pairs(ELEMENTS) do
    if type(rawget(globals, name)) == 'function' and rawget(_G, name) == nil then filter[name] = globals[name] end
  end
  filter.traverse = type(globals.traverse) == 'string' and globals.traverse or nil
  return {filter}
end

--- The function for a Div or a Span, which may be a node or a part of one.
local function for_container(filter, name, generic)
  local own = filter[name] or filter[generic]
  return function(element)
    local view = nodes.view(element)
    if view then
      local meets = filter[view.t] or filter.CustomBlock or filter.Custom
      if not meets then return nil end
      local result, deeper = meets(view, element)
      if result == nil then return view.__commit(), deeper end
      return nodes.unwrapped(result), deeper
    end
    if node.kind(element) or element.attributes['o:slot'] then return nil end
    if not own then return nil end
    local result, deeper = own(element)
    return nodes.unwrapped(result), deeper
  end
end

--- The element (a document, or a part of one) as a filter leaves it.
local function walk(element, filter)
  if type(element) == 'table' and rawget(element, '__quarto_custom_node') then element = element.__commit() end
  local wrapped, containers = {traverse = filter.traverse}, false
  for name, meets in pairs(filter) do
    if name == 'Div' or name == 'Span' or name == 'Block' or name == 'Inline' or nodes.NAMES[name] or tostring(name):match '^Custom' then
      containers = true
    end
    if type(meets) == 'function' and ELEMENTS[name] and not nodes.NAMES[name] then
      wrapped[name == 'Doc' and 'Pandoc' or name] = function(...)
        local result, deeper = meets(...)
        return nodes.unwrapped(result), deeper
      end
    end
  end
  if containers then
    wrapped.Div, wrapped.Span = for_container(filter, 'Div', 'Block'), for_container(filter, 'Span', 'Inline')
  end
  for _, name in ipairs{'Custom', 'CustomBlock', 'CustomInline', 'Shortcode', 'ConditionalBlock', 'DecoratedCodeBlock', 'PanelLayout'} do wrapped[name] = nil end
  if next(wrapped) == nil then return element end
  return element:walk(wrapped)
end

return setmetatable({filters = filters}, {__call = function(_, ...) return walk(...) end})
