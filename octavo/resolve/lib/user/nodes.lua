-- Octavo's semantic nodes as filters see Quarto's: `function Callout(el)` reads and sets `el.title`, `el.content` …
-- A view stands for one node: what it is told goes to the node, at once or when the filter's function is done.
local node = require 'lib.node'
local utils = require 'lib.user.utils'

local nodes = {}

local REF_TYPES = {fig = 'Figure', tbl = 'Table', lst = 'Listing'}

--- A part of a node: the one block in it as such, several as blocks, nil if there is none.
local function part(name)
  return {
    get = function(div)
      local blocks = node.slot(div, name)
      return #blocks > 1 and blocks or blocks[1]
    end,
    set = function(div, value) node.set_slot(div, name, utils.as_blocks(value)) end,
  }
end

local function datum(key, read, write)
  return {
    get = function(div)
      local value = node.get(div, key)
      return read and read(value, div) or not read and value or nil
    end,
    set = function(div, value) node.set(div, key, write and write(value) or value) end,
  }
end

local function direct(key)
  return {get = function(div) return div[key] end, set = function(div, value) div[key] = value end}
end

local ATTR = {attr = direct 'attr', identifier = direct 'identifier', classes = direct 'classes', attributes = direct 'attributes'}

--- The content of a theorem as the Div that Quarto keeps it in.
local BODY = {
  get = function(div) return pandoc.Div(node.slot(div, 'content'), node.attr(div)) end,
  set = function(div, value) node.set_slot(div, 'content', value.t == 'Div' and value.content or utils.as_blocks(value)) end,
  kept = true,
}

--- The tabs of a tabset: a list of {title, content, active}, written back when the filter is done with it.
local TABS = {
  get = function(div)
    local tabs = pandoc.List{}
    for i = 1, #div.content, 2 do
      tabs:insert{
        t = 'Tab', title = pandoc.utils.blocks_to_inlines(div.content[i].content), content = div.content[i + 1].content,
        active = div.content[i + 1].attributes['o:slot'] == 'active',
      }
    end
    return tabs
  end,
  set = function(div, tabs) div.content = nodes.tab_slots(tabs) end,
  kept = true,
}

local ENVIRONMENT = {name = part 'title', div = BODY, type = datum 'kind'}

-- What each kind is called and which fields it has.
local KINDS = {
  callout = {
    name = 'Callout',
    fields = {
      type = datum 'kind', title = part 'title', content = part 'content', appearance = datum 'appearance', collapse = datum 'collapse',
      icon = {
        get = function(div) return node.get(div, 'icon') ~= 'false' end,
        set = function(div, value) node.set(div, 'icon', tostring(value ~= false and value ~= 'false')) end,
      },
    },
  },
  tabset = {name = 'Tabset', fields = {tabs = TABS, level = datum('level', function(level) return tonumber(level) end)}},
  theorem = {name = 'Theorem', fields = ENVIRONMENT},
  proof = {name = 'Proof', fields = ENVIRONMENT},
  float = {
    name = 'FloatRefTarget',
    fields = {
      content = part 'content', caption_long = part 'caption', parent_id = datum 'parent',
      type = datum('type', function(kind) return REF_TYPES[kind] or kind end),
    },
  },
}

nodes.NAMES = {}
for kind, of in pairs(KINDS) do
  nodes.NAMES[of.name] = kind
  for name, field in pairs(ATTR) do of.fields[name] = of.fields[name] or field end
end

--- The slots of a tabset from its tabs.
function nodes.tab_slots(tabs)
  local out = pandoc.Blocks{}
  for _, tab in ipairs(tabs) do
    out:insert(pandoc.Div({pandoc.Plain(utils.as_inlines(tab.title))}, pandoc.Attr('', {}, {['o:slot'] = 'title'})))
    out:insert(pandoc.Div(utils.as_blocks(tab.content), pandoc.Attr('', {}, {['o:slot'] = tab.active and 'active' or 'content'})))
  end
  return out
end

--- The view of a node, nil for an element that is none (or none that filters know).
function nodes.view(div)
  local of = KINDS[node.kind(div) or '']
  if not of then return nil end
  local view, own, kept = {}, {}, {}
  -- Several fields hand out a copy, which a filter may change in place.
  rawset(view, '__quarto_custom_node', div)
  rawset(view, 't', of.name)
  return setmetatable(view, {
    __index = function(_, key)
      if key == '__commit' then
        return function()
          for name, value in pairs(kept) do of.fields[name].set(div, value) end
          return div
        end
      end
      local field = of.fields[key]
      if not field then return own[key] end
      if not field.kept then return field.get(div) end
      kept[key] = kept[key] or field.get(div)
      return kept[key]
    end,
    __newindex = function(_, key, value)
      local field = of.fields[key]
      if not field then
        own[key] = value
      elseif field.kept then
        kept[key] = value
      else
        field.set(div, value)
      end
    end,
  })
end

--- What a filter gave back, with views replaced by the nodes that they stand for.
function nodes.unwrapped(value)
  if type(value) ~= 'table' then return value end
  if rawget(value, '__quarto_custom_node') then return value.__commit() end
  if pandoc.utils.type(value) == 'table' or pandoc.utils.type(value) == 'List' then
    local out = {}
    for i, item in ipairs(value) do out[i] = nodes.unwrapped(item) end
    return out
  end
  return value
end

return nodes
