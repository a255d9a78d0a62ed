-- Reading Markdown as Quarto reads it.
local base64 = require 'lib.user.base64'
local definitions = require 'lib.math.definitions'
local escaped = require 'filters.escaped'

local reader = {}

-- What stands in `from:` as far as pandoc can read it; the rest is told.
local function asked(ctx)
  local from = ctx:option 'from' or ctx:option 'reader' or 'markdown'
  if type(from) ~= 'string' then return 'markdown' end
  local name = from:match '^%w[%w_]*' or ''
  if not (name:match '^%a*markdown' or name:match '^commonmark' or name == 'gfm') then
    ctx:report('OCT-option-unsupported', ('documents are Markdown; `from: %s` is left out'):format(from), from, nil, 'error')
    return 'markdown'
  end
  local known = pandoc.format.extensions(name)
  return name .. from:sub(#name + 1):gsub('[+-]([%w_]+)', function(extension)
    if known[extension] ~= nil then return nil end
    local names = pandoc.List{}
    for other in pairs(known) do names:insert(other) end
    local more = {word = extension, among = names}
    ctx:report('OCT-option-unsupported', ('`from: %s` names no extension `%s`'):format(from, extension), from, nil, 'error', more)
    return ''
  end)
end

-- Quarto's own reader is pandoc's Markdown; a document may change extensions by `from: markdown+emoji`. Metadata have
-- been read before, and lines that begin with % are text: as a title block of pandoc's they would be gone.
local function format(ctx)
  ctx.reading = ctx.reading or asked(ctx)
  if ctx.reading:match '^commonmark' or ctx.reading:match '^gfm' then return ctx.reading end
  return ctx.reading .. '-yaml_metadata_block-pandoc_title_block'
end

local function options(ctx)
  local classes = ctx:option 'indented-code-classes'
  return pandoc.ReaderOptions{
    default_image_extension = ctx:option 'default-image-extension' or '',
    indented_code_classes = type(classes) == 'table' and classes or {classes},
    columns = 72, -- pandoc's own default at the command line: widths of grid tables are shares of it
    strip_comments = ctx:option 'strip-comments' == true,
    tab_stop = math.tointeger(tonumber(ctx:option 'tab-stop') or 4) or 4,
  }
end

-- What a shortcode of an author's own gave is no Markdown any more: it stands in the text as pandoc's AST.
local GIVEN = 'octavo-ast'

local function blocks_given(raw)
  if raw.format == GIVEN then return pandoc.read(base64.decode(raw.text), 'json').blocks end
end

local function inlines_given(raw)
  if raw.format == GIVEN then return pandoc.utils.blocks_to_inlines(pandoc.read(base64.decode(raw.text), 'json').blocks, {pandoc.Space()}) end
end

--- The definitions of a document that lead back to their own macro, as they are written in it.
local function endless(plain, ctx, told)
  local known, found = {}, pandoc.List{}
  local function look(element)
    if not element.format:match 'tex' then return end
    for _, one in ipairs((definitions.split(element.text))) do
      if definitions.endless(known, one) then
        local text = element.text:sub(one.from, one.to)
        if not told[text] then definitions.report(ctx, one, text, 1) end
        told[text] = true
        found:insert(text)
      end
    end
  end
  plain:walk{RawBlock = look, RawInline = look}
  return found
end

--- The document, read by pandoc, which gives up when macros lead from one to the next too often.
local function expanded(markdown, form, opts, ctx)
  local ok, doc = pcall(pandoc.read, markdown, form, opts)
  if ok then return doc end
  local macro = tostring(doc):match 'Loop encountered in expanding macro ([^\n]*)'
  if not macro then error(doc, 0) end
  definitions.report_loop(ctx, '\\' .. macro:gsub('^\\', ''))
  return pandoc.read(markdown, form .. '-latex_macros', opts)
end

--- The document as pandoc reads it. Over a macro that is defined by itself pandoc would fail or never end: such a definition
--- is told and taken out. What is a definition, and what is code, is known where no macro is replaced.
local function read(markdown, ctx)
  local form, opts = format(ctx), options(ctx)
  if not definitions.suspicious(markdown) then return expanded(markdown, form, opts, ctx) end
  local told, plain = {}, nil
  for _ = 1, 10 do
    plain = pandoc.read(markdown, form .. '-latex_macros', opts)
    local found = endless(plain, ctx, told)
    if #found == 0 then return expanded(markdown, form, opts, ctx) end
    for _, text in ipairs(found) do
      local from, to = markdown:find(text, 1, true)
      if not from then return plain end
      markdown = markdown:sub(1, from - 1) .. markdown:sub(to + 1)
    end
  end
  return plain
end

--- The text with its tabs as blanks up to the next stop, as pandoc reads it at the command line.
local function without_tabs(text, stop)
  if not text:find('\t', 1, true) then return text end
  return (text:gsub('[^\n]*\t[^\n]*', function(line)
    local out, column = {}, 0
    for piece, tab in line:gmatch '([^\t]*)(\t?)' do
      column = column + (utf8.len(piece) or #piece)
      local blanks = tab ~= '' and stop - column % stop or 0
      column = column + blanks
      out[#out + 1] = piece .. (' '):rep(blanks)
    end
    return table.concat(out)
  end))
end

--- A whole document.
function reader.document(markdown, ctx)
  if ctx:option 'preserve-tabs' ~= true then markdown = without_tabs(markdown, options(ctx).tab_stop) end
  local doc = read(escaped.hide(markdown, ctx.escaped), ctx)
  if not markdown:find(GIVEN, 1, true) then return doc end
  return doc:walk{RawBlock = blocks_given, RawInline = inlines_given}
end

--- Markdown text (a caption, a title given as attribute) as blocks.
function reader.blocks(markdown, ctx) return reader.document(tostring(markdown), ctx).blocks end

--- Markdown text as inlines.
function reader.inlines(markdown, ctx)
  return pandoc.utils.blocks_to_inlines(reader.blocks(markdown, ctx), {pandoc.Space()})
end

return reader
