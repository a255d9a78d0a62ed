-- `quarto.utils`, `quarto.log` and `quarto.shortcode`: the small things that filters lean on.
local match = require 'lib.user.match'
local reader = require 'lib.reader'

local utils = {}

local function is_array(value) return type(value) == 'table' and (#value > 0 or next(value) == nil) end

local function contains(list, value)
  for _, item in ipairs(list) do
    if item == value then return true end
  end
  return false
end

local function sorted_pairs(of, order)
  local keys, i = {}, 0
  for key in pairs(of) do keys[#keys + 1] = key end
  table.sort(keys, order and function(a, b) return order(of, a, b) end or nil)
  return function()
    i = i + 1
    if keys[i] ~= nil then return keys[i], of[keys[i]] end
  end
end

--- A value as text, for whoever looks into it.
local function shown(value, depth)
  if type(value) == 'string' and depth then return ('%q'):format(value) end
  if type(value) ~= 'table' or (depth or 0) > 6 then return tostring(value) end
  local parts = {}
  for key, item in pairs(value) do parts[#parts + 1] = (type(key) == 'number' and '' or tostring(key) .. ' = ') .. shown(item, (depth or 0) + 1) end
  return '{' .. table.concat(parts, ', ') .. '}'
end

--- The type of a value as Quarto names it: its own nodes have types, too.
local function type_of(value)
  if type(value) == 'table' and rawget(value, '__quarto_custom_node') then return 'CustomBlock' end
  return pandoc.utils.type(value)
end

--- Any value as blocks.
function utils.as_blocks(value)
  if value == nil then return pandoc.Blocks{} end
  if type(value) == 'table' and rawget(value, '__quarto_custom_node') then return pandoc.Blocks{value.__quarto_custom_node} end
  local kind = pandoc.utils.type(value)
  if kind == 'Blocks' then return value end
  if kind == 'Block' then return pandoc.Blocks{value} end
  if kind == 'Inlines' then return #value > 0 and pandoc.Blocks{pandoc.Plain(value)} or pandoc.Blocks{} end
  if kind == 'Inline' then return pandoc.Blocks{pandoc.Plain{value}} end
  if kind == 'Pandoc' then return value.blocks end
  if type(value) ~= 'table' then return pandoc.Blocks{pandoc.Plain{pandoc.Str(tostring(value))}} end
  local out, line = pandoc.Blocks{}, pandoc.Inlines{}
  for _, item in ipairs(value) do
    if pandoc.utils.type(item) == 'Inline' then
      line:insert(item)
    else
      out:extend(utils.as_blocks(item))
    end
  end
  if #line > 0 then out:insert(pandoc.Plain(line)) end
  return out
end

--- Any value as inlines.
function utils.as_inlines(value)
  if value == nil then return pandoc.Inlines{} end
  local kind = pandoc.utils.type(value)
  if kind == 'Inlines' then return value end
  if kind == 'Inline' then return pandoc.Inlines{value} end
  if type(value) ~= 'table' and kind ~= 'Block' and kind ~= 'Blocks' and kind ~= 'Pandoc' then return pandoc.Inlines{pandoc.Str(tostring(value))} end
  if type(value) == 'table' and kind ~= 'Blocks' and pandoc.utils.type(value[1]) == 'Inline' then return pandoc.Inlines(value) end
  return pandoc.utils.blocks_to_inlines(utils.as_blocks(value), {pandoc.Space()})
end

--- `quarto.utils` for one document.
function utils.of(user)
  local asked = {
    as_blocks = utils.as_blocks, as_inlines = utils.as_inlines, type = type_of, match = match,
    table = {isarray = is_array, contains = contains, sortedPairs = sorted_pairs, sorted_pairs = sorted_pairs},
  }
  function asked.dump(value) user.printed[#user.printed + 1] = shown(value) .. '\n' end
  asked.resolve_path, asked.resolvePath = user.resolve, user.resolve
  function asked.resolve_path_relative_to_document(path)
    if pandoc.path.is_absolute(path) then return path end
    return pandoc.path.normalize(pandoc.path.join{user.request.folder, path})
  end
  function asked.string_to_blocks(text) return reader.blocks(text, user.ctx) end
  function asked.string_to_inlines(text, separator)
    return pandoc.utils.blocks_to_inlines(reader.blocks(text, user.ctx), separator or {pandoc.Space()})
  end
  asked.string_to_quarto_ast_blocks, asked.string_to_quarto_ast_inlines = asked.string_to_blocks, asked.string_to_inlines
  function asked.is_empty_node(node)
    if node == nil then return true end
    return node.content ~= nil and #node.content == 0 or node.text == ''
  end
  function asked.add_to_blocks(blocks, more) blocks:extend(utils.as_blocks(more)) end
  function asked.render(node) return node end
  function asked.file_exists(path)
    local file <close> = io.open(path, 'r')
    return file ~= nil
  end
  return asked
end

--- `quarto.log`: what a filter prints is shown, what it warns of is a diagnostic.
function utils.log(user)
  local log = {loglevel = 0}
  local function print_all(...)
    local parts = table.pack(...)
    for i = 1, parts.n do parts[i] = shown(parts[i]) end
    return table.concat(parts, ' ')
  end
  local function says(severity)
    return function(...)
      local code = severity == 'error' and 'OCT-filter-error' or 'OCT-filter-warning'
      local message = ('`%s` says: %s'):format(user.name or 'a filter', print_all(...))
      local caller = debug.getinfo(2, 'Sl')
      user.ctx:report(code, message, nil, nil, severity, {filter = user.index, file = caller.source:match '^@(.+)$', line = caller.currentline})
    end
  end
  function log.output(...) user.printed[#user.printed + 1] = print_all(...) .. '\n' end
  log.dump, log.temp = log.output, log.output
  log.warning, log.error = says 'warning', says 'error'
  log.info, log.debug, log.trace = function() end, function() end, function() end
  function log.setloglevel() end
  return log
end

--- `quarto.shortcode`.
function utils.shortcode()
  local asked = {}
  function asked.read_arg(args, n)
    local value = args[n or 1]
    if value == nil then return nil end
    return type(value) == 'string' and value or pandoc.utils.stringify(value)
  end
  function asked.error_output(name, message, context)
    if type(message) == 'table' then
      local parts = {}
      for i, item in ipairs(message) do parts[i] = pandoc.utils.stringify(item) end
      message = table.concat(parts, ' ')
    end
    local text = '?' .. name .. (message and message ~= '' and ':' .. message or '')
    if context == 'text' then return text end
    local strong = pandoc.Strong{pandoc.Str(text)}
    return context == 'block' and pandoc.Blocks{pandoc.Para{strong}} or pandoc.Inlines{strong}
  end
  return asked
end

return utils
