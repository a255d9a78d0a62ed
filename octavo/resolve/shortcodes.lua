-- Shortcodes of the author's own, called one after the other: each answer is pandoc's AST, plain text, or why there is none.
-- https://quarto.org/docs/extensions/shortcodes.html
local Context = require 'lib.context'

--- What is written where a call's arguments hold the result of an earlier one.
local function filled(text, results)
  return (text:gsub('OCTAVOCALL(%d+)X', function(n) return results[tonumber(n)] and results[tonumber(n)].text or '' end))
end

--- The arguments as a handler takes them: by position, by name, and as they stand.
local function arguments(call, results)
  local args, raw = pandoc.List{}, pandoc.List{}
  local named = setmetatable({}, {__index = function() return pandoc.Inlines{} end})
  for _, argument in ipairs(call.arguments) do
    local value = filled(argument.value, results)
    raw:insert(value)
    if argument.name then named[argument.name] = value else args:insert(value) end
  end
  return args, named, raw
end

--- The document's metadata, also by dotted keys.
local function metadata(user)
  return setmetatable({}, {
    __index = function(_, key) return user.quarto.metadata.get(tostring(key)) end,
    __pairs = function() return pairs(user.meta) end,
  })
end

--- The handlers of the scripts by their names, and those scripts' entries. Later scripts win.
local function handlers(user, scripts)
  local sandbox, known = require 'lib.user.sandbox', {}
  for index, script in ipairs(scripts) do
    user:guarded(script, index, function()
      local chunk, env = sandbox.load(user, script.path, user:globals(script.path))
      local before = {}
      for name in pairs(env) do before[name] = true end
      local returned = chunk()
      for name, value in pairs(type(returned) == 'table' and returned or env) do
        if type(value) == 'table' and value.handler then name, value = value.name or name, value.handler end
        if type(value) == 'function' and not before[name] or type(returned) == 'table' and type(value) == 'function' then
          known[name] = {run = value, script = script, index = index}
        end
      end
    end)
  end
  return known
end

local function blocks_of(user, result)
  if pandoc.utils.type(result) == 'string' then result = pandoc.Inlines{pandoc.Str(result)} end
  local inline = pandoc.utils.type(result) == 'Inlines' or pandoc.utils.type(result) == 'Inline' or type(result) == 'table' and pandoc.utils.type(result[1]) == 'Inline'
  if inline then return pandoc.Blocks{pandoc.Para(user.quarto.utils.as_inlines(result))} end
  return user.quarto.utils.as_blocks(result)
end

--- One call's answer: {text, ast}, or {unknown} or {failed}.
local function answer(user, call, handler, results)
  local args, named, raw = arguments(call, results)
  local told = #user.ctx.diagnostics
  local given = user:guarded(handler.script, handler.index, function()
    local result = handler.run(args, named, metadata(user), raw, call.context)
    if result == nil then result = {} end
    local blocks = blocks_of(user, result)
    if call.context == 'inline' then blocks = pandoc.Blocks{pandoc.Plain(pandoc.utils.blocks_to_inlines(blocks, {pandoc.Space()}))} end
    return {
      text = type(result) == 'string' and result or pandoc.utils.stringify(pandoc.Pandoc(blocks)), ast = pandoc.write(pandoc.Pandoc(blocks), 'json'),
      html = call.html and pandoc.write(pandoc.Pandoc(blocks), 'html5', {wrap_text = 'none'}) or nil,
    }
  end)
  for i = told + 1, #user.ctx.diagnostics do user.ctx.diagnostics[i].call = call.number end
  return given or {failed = true}
end

return function(request)
  local ctx = Context.new(request)
  local user = require 'lib.user'.new(ctx)
  local known, results = handlers(user, request.user.shortcodes), {}
  for i, call in ipairs(request.calls) do
    local handler = known[call.name]
    results[i] = handler and answer(user, call, handler, results) or {unknown = true}
  end
  local names = {}
  for name in pairs(known) do names[#names + 1] = name end
  table.sort(names)
  return {results = results, names = names, diagnostics = ctx.diagnostics, user = user:outcome()}
end
