-- The first pass over a page: Markdown -> AST with semantic nodes and numbers, and all that other pages may ask of it.
local Context = require 'lib.context'
local check = require 'check'
local filters = require 'filters'
local math = require 'lib.math'
local math_filter = require 'filters.math'
local number = require 'number'
local reader = require 'lib.reader'
local survey = require 'survey'
local title = require 'title'

return function(request)
  local ctx = Context.new(request)
  math.learn(request.formulas)
  local doc = reader.document(request.markdown, ctx)
  title.promote(doc, ctx)
  doc = title.shift_headings(doc, ctx)
  for _, filter in ipairs(filters.concerned(request.markdown)) do
    if filter.parse then doc = filter.parse(doc, ctx) or doc end
  end
  local labels
  doc, labels = number(doc, ctx)
  local text = pandoc.utils.stringify(doc)
  local found = survey(doc, ctx, text)
  check(doc, ctx, labels, found.references, text)
  -- The title block refers, cites and links as the body does.
  local block = survey(math_filter.parse(title.block(ctx), ctx), ctx)
  for _, kind in ipairs{'links', 'images', 'references', 'citations'} do pandoc.List.extend(found[kind], block[kind]) end
  found.labels = labels
  found.title = title.plain(ctx)
  found.meta = ctx.found_meta
  found.ast = pandoc.write(doc, 'json')
  found.formulas = ctx.formulas
  found.diagnostics = ctx.diagnostics
  found.read = {formats = pandoc.List{}, options = pandoc.List{}}
  for what, names in pairs(found.read) do
    for name in pairs(ctx.read[what]) do names:insert(name) end
    names:sort()
  end
  return found
end
