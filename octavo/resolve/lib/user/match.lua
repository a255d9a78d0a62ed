-- `quarto.utils.match('Div/[1]/{Para}/:child/Image')`: a path from a node down to what it holds.

--- What stands directly in a node.
local function children(node)
  local content = type(node) == 'table' and node or node.content
  return content or {}
end

--- The steps of a path: a type, `[n]`, `:child`, `:descendant`, or a type in braces, which is kept.
local function steps_of(path)
  local steps = {}
  for part in path:gmatch '[^/]+' do steps[#steps + 1] = part end
  return steps
end

local function is(node, name) return name == '*' or node.t == name end

local follow

--- The first child (or deeper node) from which the rest of the path can be followed.
local function among(node, steps, at, found, deep)
  for _, child in ipairs(children(node)) do
    local kept = follow(child, steps, at, found) or deep and among(child, steps, at, found, deep)
    if kept then return kept end
  end
end

--- The nodes that were to be kept and the last one, or nil if the path leads nowhere.
function follow(node, steps, at, found)
  local step = steps[at]
  if not step then
    local out = pandoc.List(found)
    if #out == 0 then out:insert(node) end
    return out
  end
  local index = step:match '^%[(%d+)%]$'
  if index then
    local child = children(node)[tonumber(index)]
    return child and follow(child, steps, at + 1, found)
  elseif step == ':child' or step == ':descendant' then
    return among(node, steps, at + 1, found, step == ':descendant')
  end
  local kept = step:match '^{(.+)}$'
  if not is(node, kept or step) then return nil end
  local more = pandoc.List(found):clone()
  if kept then more:insert(node) end
  return follow(node, steps, at + 1, more)
end

--- A function that follows the path from a node: the node it leads to, or a list where the path keeps several; else false.
return function(...)
  local steps = steps_of(table.concat({...}, '/'))
  return function(node)
    local found = follow(node, steps, 1, {})
    if not found then return false end
    return #found == 1 and found[1] or found
  end
end
