-- Reading Markdown as Quarto reads it.
local base64 = require 'lib.user.base64'
local escaped = require 'filters.escaped'

local reader = {}

-- Quarto's own reader is pandoc's Markdown; a document may change extensions by `from: markdown+emoji`. Metadata have
-- been read before, and lines that begin with % are text: as a title block of pandoc's they would be gone.
local function format(ctx)
  local from = ctx:option 'from' or ctx:option 'reader' or 'markdown'
  if type(from) == 'string' and (from:match '^commonmark' or from:match '^gfm') then return from end
  if type(from) ~= 'string' or not from:match '^%a*markdown' then from = 'markdown' end
  return from .. '-yaml_metadata_block-pandoc_title_block'
end

local function options(ctx)
  local classes = ctx:option 'indented-code-classes'
  return pandoc.ReaderOptions{
    default_image_extension = ctx:option 'default-image-extension' or '',
    indented_code_classes = type(classes) == 'table' and classes or {classes},
    columns = 72, -- pandoc's own default at the command line: widths of grid tables are shares of it
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

--- A whole document.
function reader.document(markdown, ctx)
  local doc = pandoc.read(escaped.hide(markdown, ctx.escaped), format(ctx), options(ctx))
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
