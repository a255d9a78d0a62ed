-- The world in which an author's Lua file runs: pandoc's and Lua's own functions, globals that end with the file, and
-- nothing of octavo's. What it changes in shared tables is there only while it runs; what it reads is noted, since the
-- result depends on it; what it prints must not meet the worker's answers, which go to the standard output.
local sandbox = {}

-- What there was before octavo's own modules; `require` gives no others to authors.
local OURS = {'^lib%.', '^filters', '^citations$', '^references$', '^writers$', '^write$', '^gather$', '^number$', '^survey$', '^title$', '^check$', '^shortcodes$'}
local SHARED = {_G, string, table, math, os, io, utf8, coroutine, debug, pandoc}
for _, value in pairs(pandoc) do
  if type(value) == 'table' then SHARED[#SHARED + 1] = value end
end

-- Older scripts give it back for nothing; pandoc itself has it no longer.
pandoc.Null = function() return {} end

local function copy(of)
  local out = {}
  for key, value in pairs(of) do out[key] = value end
  return out
end

--- Makes a table hold what `wanted` holds, and nothing else.
local function fill(shared, wanted)
  for key in pairs(copy(shared)) do
    if wanted[key] == nil then shared[key] = nil end
  end
  for key, value in pairs(wanted) do shared[key] = value end
end

local function all_of_them()
  local kept = {}
  for i, shared in ipairs(SHARED) do kept[i] = copy(shared) end
  return kept
end

--- A function that runs `work` with the shared tables as the author's code left them the last time, and then puts them
--- back to what octavo itself needs.
function sandbox.keeper()
  local theirs
  return function(work)
    local ours = all_of_them()
    for i, kept in ipairs(theirs or {}) do fill(SHARED[i], kept) end
    local results = table.pack(work())
    theirs = all_of_them()
    for i, kept in ipairs(ours) do fill(SHARED[i], kept) end
    return table.unpack(results, 1, results.n)
  end
end

local function absolute(path)
  return pandoc.path.is_absolute(path) and path or pandoc.path.join{pandoc.system.get_working_directory(), path}
end

--- The first of the files that `name` can mean, from the folder of the file that asks for it.
local function module_file(name, folder, here)
  local bare = name:gsub('%.lua$', '')
  local path = bare:find '/' and bare or bare:gsub('%.', '/')
  for _, base in ipairs{folder, here} do
    for _, candidate in ipairs{path .. '.lua', path .. '/init.lua', bare .. '.lua'} do
      local file = pandoc.path.normalize(pandoc.path.is_absolute(candidate) and candidate or pandoc.path.join{base, candidate})
      local found <close> = io.open(file, 'r')
      if found then return file end
    end
  end
end

--- `require` for the file of a script: modules beside it (or beside the module that asks), then pandoc's own.
local function requirer(state, env, script)
  local loaded, folder = {}, pandoc.path.directory(script)
  return function(name)
    local file = module_file(name, folder, pandoc.system.get_working_directory())
    if not file then
      for _, pattern in ipairs(OURS) do
        if name:match(pattern) then error(("module '%s' not found"):format(name), 2) end
      end
      if name == 'logging' then return env.quarto.log end
      return require(name)
    end
    if loaded[file] == nil then
      state.read[file] = true
      local chunk = assert(loadfile(file, 't', env))
      -- Its own modules are looked for beside it.
      local outer = folder
      folder = pandoc.path.directory(file)
      local result = chunk(name, file)
      folder = outer
      loaded[file] = result == nil and true or result
    end
    return loaded[file]
  end
end

local function reading(state, open)
  return function(path, mode, ...)
    if type(path) == 'string' and not (mode or 'r'):match '[wa]' then state.read[absolute(path)] = true end
    return open(path, mode, ...)
  end
end

--- `io` whose reads are noted and whose standard output is the author's, not the worker's.
local function safe_io(state)
  local safe = copy(io)
  local function write(self, ...)
    for _, part in ipairs{...} do state.printed[#state.printed + 1] = tostring(part) end
    return self
  end
  local out = {write = write, flush = function() end, close = function() end, setvbuf = function() end}
  safe.stdout, safe.stderr = out, out
  safe.write = function(...) return write(out, ...) end
  safe.open, safe.lines = reading(state, io.open), reading(state, io.lines)
  return safe
end

--- `pandoc` whose listings of folders are noted.
local function noting(state)
  local noted, system = copy(pandoc), copy(pandoc.system)
  system.list_directory = function(folder)
    state.read[absolute(folder or '.')] = true
    return pandoc.system.list_directory(folder or '.')
  end
  noted.system = system
  return noted
end

--- `os` that neither ends the worker nor lets a program print into its answers.
local function safe_os()
  local safe = copy(os)
  safe.execute = function(command) return os.execute(command and '(' .. command .. ') 1>&2' .. (pandoc.system.os == 'mingw32' and '' or ' </dev/null')) end
  safe.exit = function(code) error(('os.exit(%s)'):format(tostring(code)), 2) end
  return safe
end

--- The globals of one script. `state` collects {read = {path = true}, printed = {text}}.
function sandbox.environment(state, script, more)
  local env = copy(_G)
  env.arg = nil
  env._G, env.io, env.os, env.pandoc = env, safe_io(state), safe_os(), noting(state)
  env.print = function(...)
    local parts = table.pack(...)
    for i = 1, parts.n do parts[i] = tostring(parts[i]) end
    state.printed[#state.printed + 1] = table.concat(parts, '\t') .. '\n'
  end
  env.warn = function(...) env.quarto.log.warning(...) end
  env.load = function(chunk, name, mode, its) return load(chunk, name, mode, its or env) end
  env.loadfile = function(path, mode, its)
    state.read[absolute(path)] = true
    return loadfile(path, mode, its or env)
  end
  env.dofile = function(path) return assert(env.loadfile(path))() end
  env.require = requirer(state, env, script)
  for key, value in pairs(more) do env[key] = value end
  return env
end

--- The chunk of a Lua file with globals of its own. Raises what is wrong with its syntax.
function sandbox.load(state, script, more)
  state.read[script] = true
  local env = sandbox.environment(state, script, more)
  local chunk, wrong = loadfile(script, 't', env)
  if not chunk then error(wrong, 0) end
  return chunk, env
end

return sandbox
