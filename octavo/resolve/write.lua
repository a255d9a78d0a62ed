-- The second pass: with the site's labels, links and images at hand, the AST becomes HTML, Typst, DOCX or a notebook.
local Context = require 'lib.context'
local changed = require 'lib.changed'
local citations = require 'citations'
local filters = require 'filters'
local math = require 'lib.math'
local node = require 'lib.node'
local references = require 'references'
local title = require 'title'
local writers = require 'writers'

--- Apply every filter's element functions for the target, then its node renderer, children before parents.
local function render(doc, ctx)
  for _, filter in ipairs(ctx.filters) do
    local elements = filter.elements and (filter.elements[ctx.target] or filter.elements.default)
    if elements then doc = elements(doc, ctx) or doc end
  end
  local function renderer(element)
    local kind = node.kind(element)
    local filter = kind and filters.by_node[kind]
    if not filter then return nil end
    return (filter[ctx.target] or filter.default)(element, ctx)
  end
  return doc:walk{Div = renderer, Span = renderer}
end

return function(request)
  local ctx = Context.new(request)
  ctx.filters = filters.concerned(request.ast)
  math.learn(request.formulas)
  local user = request.user and require 'lib.user'.new(ctx)
  local doc = references(changed(pandoc.read(request.ast, 'json'), request.changes), ctx)
  if user then
    doc = user:run(doc, {['post-quarto'] = true, ['pre-render'] = true})
    ctx.filters = filters.concerned() -- it may hold any construct now
  end
  doc = citations.document(doc, ctx)
  local function whole(part) return render(citations.part(references(part, ctx), ctx), ctx) end
  local fields = title.fields(ctx, whole)
  doc = render(doc, ctx)
  if user then doc = user:run(doc, {['post-render'] = true, ['pre-finalize'] = true, ['post-finalize'] = true}) end
  if ctx.target == 'docx' then doc.meta = title.docx_meta(ctx, whole) end
  local answer = writers[ctx.target](doc, ctx)
  local own = request.cite_as and citations.entry(request.cite_as, ctx)
  if own then fields['cite-as'] = ctx:write(own) end
  answer.fields = fields
  answer.cited = ctx.cited
  ctx.as_text = true
  answer.title_text = (title.plain(ctx, references) or {}).text
  answer.diagnostics = ctx.diagnostics
  answer.user = user and user:outcome()
  return answer
end
