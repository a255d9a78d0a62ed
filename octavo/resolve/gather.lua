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

local function understood(doc, ctx, constructs)
  for _, filter in ipairs(constructs) do
    if filter.parse then doc = filter.parse(doc, ctx) or doc end
  end
  return doc
end

--- The author's own filters, before and after the constructs that they may name are understood.
local function filtered(doc, ctx, user)
  doc = user:run(doc, {['pre-ast'] = true})
  local stages = {['post-ast'] = true, ['pre-quarto'] = true}
  if user:wants(stages) then
    doc = user:run(understood(doc, ctx, filters.early), stages)
  end
  for key, value in pairs(user:changes()) do
    ctx.meta[key] = value
    if key == 'title' and ctx.found_meta then ctx.found_meta.title = value end
  end
  return doc
end

return function(request)
  local ctx = Context.new(request)
  math.learn(request.formulas)
  local doc = reader.document(request.markdown, ctx)
  title.promote(doc, ctx)
  doc = title.shift_headings(doc, ctx)
  local user = request.user and require 'lib.user'.new(ctx)
  if user then doc = filtered(doc, ctx, user) end
  -- What a filter has made may hold any construct.
  doc = understood(doc, ctx, filters.concerned(not user and request.markdown or nil))
  local labels
  doc, labels = number(doc, ctx)
  local text = pandoc.utils.stringify(doc)
  local found = survey(doc, ctx, text)
  check(doc, ctx, labels, found.references, text)
  -- The title block refers, cites and links as the body does.
  local block = survey(math_filter.parse(title.block(ctx), ctx), ctx)
  for _, kind in ipairs{'ids', 'links', 'images', 'references', 'citations'} do pandoc.List.extend(found[kind], block[kind]) end
  found.labels = labels
  found.title = title.plain(ctx)
  found.meta = ctx.found_meta
  found.ast = pandoc.write(doc, 'json')
  found.formulas = ctx.formulas
  found.user = user and user:outcome()
  found.diagnostics = ctx.diagnostics
  found.read = {formats = pandoc.List{}, options = pandoc.List{}}
  for what, names in pairs(found.read) do
    for name in pairs(ctx.read[what]) do names:insert(name) end
    names:sort()
  end
  return found
end
