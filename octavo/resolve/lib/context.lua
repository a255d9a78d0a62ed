-- What every filter may know of the document at hand; made afresh for each request.
local categories = require 'lib.categories'
local settings = require 'lib.settings'

local Context = {}

-- `format` is the page's: html, pdf, typst, docx, ipynb; `target` is what is written: html, typst, docx or ipynb.
-- Who looks at them does what other formats may do otherwise.
function Context.__index(self, key)
  if key ~= 'format' and key ~= 'target' then return Context[key] end
  self.read.formats = {}
  return self.request[key]
end

--- A table's values; whoever asks for one is noted down in `read`.
local function watched(values, read)
  return setmetatable({}, {
    __index = function(_, key)
      read[key] = true
      return values[key]
    end,
    __newindex = values,
    __pairs = function()
      for key in pairs(values) do read[key] = true end
      return pairs(values)
    end,
  })
end

--- request: {format, meta, strings, page, …}
function Context.new(request)
  local self = setmetatable({}, Context)
  -- What has been asked for: options by name, and the formats for which every question had the same answer.
  self.read = {options = {}, formats = {html = true, pdf = true, typst = true, docx = true, ipynb = true}}
  self.meta = watched(request.meta or {}, self.read.options)
  self.strings = request.strings or {}
  self.categories = categories.of(self.meta, self.strings)
  self.diagnostics = {}
  self.formulas = {} -- what the page's formulas have become
  self.endless = {} -- macros that are defined by themselves
  self.escaped = {} -- the heads of cells that are shown, not run (filters/escaped.lua)
  self.languages = settings.languages
  self.request = request
  return self
end

--- Report an author's mistake. `needle` is the author's own text by which the Python side finds the line.
--- `more`: `at` (the wrong part stands so many characters into the needle, which is math or code), `word` (the part
--- itself), `among` (names that may have been meant).
function Context:report(code, message, needle, hint, severity, more)
  local entry = {code = code, message = message, needle = needle, hint = hint, severity = severity or 'error'}
  for key, value in pairs(more or {}) do entry[key] = value end
  self.diagnostics[#self.diagnostics + 1] = entry
end

--- An option of the document: `ctx:option('fig-cap-location')`, nil if unset.
function Context:option(name) return self.meta[name] end

--- A word in the document's language.
function Context:word(key, default) return self.strings[key] or default end

--- The answer to a question about the format, `answer(format)`.
function Context:of_format(answer)
  local own = answer(self.request.format)
  for format in pairs(self.read.formats) do
    if answer(format) ~= own then self.read.formats[format] = nil end
  end
  return own
end

--- The category of a label, or nil if its prefix is none.
function Context:category(label)
  local prefix = label and categories.prefix(label)
  return prefix and self.categories[prefix], prefix
end

--- Whether Typst itself resolves the citations, as Quarto lets it: `format: typst`, and sources that Typst can read.
function Context:native_citations()
  local files = self:option 'bibliography'
  if self.format ~= 'typst' or self:option 'citeproc' == true or self:option 'references' or not files then return false end
  for _, file in ipairs(type(files) == 'table' and files or {files}) do
    if not file:match '%.bib$' then return false end
  end
  return true
end

local WRITERS = {html = 'html5', ipynb = 'markdown', docx = 'plain'}

--- The name of the pandoc writer for the target.
function Context:writer() return WRITERS[self.target] or (self:native_citations() and 'typst' or 'typst-citations') end

--- How many pixels make an inch, where print formats have to know.
function Context:dpi() return math.tointeger(tonumber(self:option 'dpi') or 96) or 96 end

--- Blocks written in the target's own language, for use inside its raw code (Typst arguments, HTML attributes).
function Context:write(blocks)
  return (pandoc.write(pandoc.Pandoc(blocks), self:writer(), {wrap_text = 'none', dpi = self:dpi()}):gsub('%s+$', ''))
end

return Context
