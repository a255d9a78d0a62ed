-- Other people's Lua code, run on a document: filters at their stage, shortcodes one after the other.
-- https://quarto.org/docs/extensions/lua-api.html
local base64 = require 'lib.user.base64'
local constructors = require 'lib.user.constructors'
local doc_api = require 'lib.user.doc'
local format = require 'lib.user.format'
local metadata = require 'lib.user.metadata'
local nodes = require 'lib.user.nodes'
local sandbox = require 'lib.user.sandbox'
local utils = require 'lib.user.utils'
local walk = require 'lib.user.walk'

local User = {}
User.__index = User

local traceback = debug.traceback

local WRITERS = {html = 'html', pdf = 'typst', typst = 'typst', docx = 'docx', ipynb = 'ipynb'}

--- The `quarto` of one document.
local function quarto_of(user)
  local request = user.request
  local quarto = {
    doc = doc_api.of(user), utils = utils.of(user), log = utils.log(user), shortcode = utils.shortcode(), base64 = base64, format = user.format,
    json = {encode = pandoc.json.encode, decode = function(text) return pandoc.json.decode(text, false) end},
    version = pandoc.types.Version(request.version),
    project = {
      directory = request.project and request.root or nil, output_directory = request.project and request.output_dir or nil,
      offset = request.offset, profile = pandoc.List(user.ctx.request.profiles or {}),
    },
    paths = {rscript = function() end, tinytex_bin_dir = function() end, typst = function() end},
    config = {cli_path = function() end, version = function() return pandoc.types.Version(request.version) end},
    metadata = {get = function(key) return metadata.get(user.meta, key) end},
    variables = {
      get = function(name)
        local value = metadata.get(request.variables or {}, name)
        return value ~= nil and tostring(value) or nil
      end,
    },
  }
  for name, make in pairs(constructors(user.ctx)) do quarto[name] = make end
  local ast = {walk = function(...) return walk(...) end, resolve_custom_data = function(div) return nodes.view(div) end}
  quarto._quarto = {ast = ast, format = user.format, utils = quarto.utils}
  return quarto
end

--- Everything that the author's code shares while one document is worked on.
function User.new(ctx)
  local request = ctx.request.user
  local self = setmetatable({ctx = ctx, request = request, added = {}, read = {}, printed = {}}, User)
  self.format = format.of(WRITERS[ctx.format])
  self.meta = metadata.of(ctx.meta)
  self.given = metadata.of(ctx.meta)
  function self.resolve(path)
    if pandoc.path.is_absolute(path) or path:match '^%a[%w+.-]+://' then return path end
    return pandoc.path.normalize(pandoc.path.join{pandoc.path.directory(self.script), path})
  end
  self.quarto = quarto_of(self)
  self.apart = sandbox.keeper()
  return self
end

--- The globals that pandoc and Quarto give a script.
function User:globals(script)
  local state = {
    input_files = pandoc.List{self.request.input}, output_file = self.request.output, trace = false, verbosity = 'WARNING',
    resource_path = pandoc.List{'.'}, user_data_dir = nil, log = pandoc.List{}, source_url = nil, request_headers = pandoc.List{},
  }
  return {
    quarto = self.quarto, _quarto = self.quarto._quarto, FORMAT = self.format.isFormat 'html' and 'html' or WRITERS[self.ctx.format],
    PANDOC_SCRIPT_FILE = script, PANDOC_STATE = state,
    PANDOC_READER_OPTIONS = pandoc.ReaderOptions{}, PANDOC_WRITER_OPTIONS = pandoc.WriterOptions{},
  }
end

--- Runs `work` as the author's script would run: in the document's folder, its failures told. Its results, or nil.
function User:guarded(entry, index, work)
  self.script, self.name, self.index = entry.path, entry.name, index
  local ok, result = self.apart(function()
    return xpcall(function()
      return pandoc.system.with_working_directory(self.request.folder, work)
    end, function(wrong)
      return tostring(type(wrong) == 'table' and wrong.message or wrong) .. '\n' .. traceback('', 2)
    end)
  end)
  if ok then return result end
  self:report(entry, index, result)
end

--- The script that a name in Lua's messages means: long ones are cut there, and begin with dots.
function User:script_named(name)
  local ending = name:match '^%.%.%.(.+)$'
  for path in pairs(self.read) do
    if path == name or ending and path:sub(-#ending) == ending then return path end
  end
end

--- A diagnostic for what a script raised, at the line of the script that raised it.
function User:report(entry, index, raised)
  local said = raised:gsub('\nstack traceback:.*$', ''):gsub('%s*\n%s*', ' '):gsub('%s+$', '')
  local file, line
  for name, number in raised:gmatch '([^\n\t]-%.lua):(%d+):' do
    if not file then file, line = self:script_named(name), math.tointeger(tonumber(number)) end
  end
  local message = said:gsub('^.-%.lua:%d+: ', ''):gsub('^Error running filter [^:]+: ', '')
  self.ctx:report('OCT-filter-error', ('`%s` fails: %s'):format(entry.name, message), nil, nil, 'error', {file = file or entry.path, line = file and line or 1, filter = index})
end

local function json_filter(entry, doc, to)
  local arguments = pandoc.List{to}
  if not entry.program then return pandoc.utils.run_json_filter(doc, entry.path, arguments) end
  arguments:insert(1, entry.path)
  return pandoc.utils.run_json_filter(doc, entry.program, arguments)
end

local function lua_filter(self, entry, doc)
  local chunk, env = sandbox.load(self, entry.path, self:globals(entry.path))
  for _, filter in ipairs(walk.filters(chunk(), env)) do doc = walk(doc, filter) end
  return doc
end

--- The document after the filters of the given stages.
function User:run(doc, stages)
  local asked = false
  for index, entry in ipairs(self.request.filters) do
    if stages[entry.at] then
      if not asked then doc.meta, asked = self.meta, true end
      local result = self:guarded(entry, index, function()
        if entry.program or not entry.path:match '%.lua$' then return json_filter(entry, doc, WRITERS[self.ctx.format]) end
        return lua_filter(self, entry, doc)
      end)
      doc = result or doc
      self.meta = doc.meta
    end
  end
  return doc
end

--- Whether any filter wants one of the stages.
function User:wants(stages)
  for _, entry in ipairs(self.request.filters) do
    if stages[entry.at] then return true end
  end
  return false
end

--- The options that the filters have changed so far.
function User:changes() return (metadata.changed(self.given, self.meta, self.ctx)) end

--- The pictures that a filter has made, which pandoc keeps until it writes.
local function media()
  local found
  for name, _, content in pandoc.mediabag.items() do
    found = found or {}
    found[name] = base64.encode(content)
  end
  return found
end

--- Ends the author's code. What it has left behind besides the document: for the answer of the request.
function User:outcome()
  local changed, texts = metadata.changed(self.given, self.meta, self.ctx)
  local read = {}
  for path in pairs(self.read) do read[#read + 1] = path end
  table.sort(read)
  for _, text in ipairs(texts) do self.added[#self.added + 1] = text end
  local left = {
    added = #self.added > 0 and self.added or nil, read = read, printed = table.concat(self.printed), changed = next(changed) and changed or nil,
    media = media(),
  }
  pandoc.mediabag.empty()
  return left
end

return User
