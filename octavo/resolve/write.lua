-- The second pass: with the site's labels, links and images at hand, the AST becomes HTML, Typst, DOCX or a notebook.
local Context = require 'lib.context'
local citations = require 'citations'
local filters = require 'filters'
local math = require 'lib.math'
local node = require 'lib.node'
local references = require 'references'
local title = require 'title'
local writers = require 'writers'

--- Apply every filter's element functions for the target, then its node renderer, children before parents.
local function render(doc, ctx)
  for _, filter in ipairs(filters.order) do
    local elements = filter.elements and (filter.elements[ctx.target] or filter.elements.default)
    if elements and filters.concerns(filter, ctx.request.ast) then doc = elements(doc, ctx) or doc end
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
  math.learn(request.formulas)
  local doc = pandoc.read(request.ast, 'json')
  doc = citations.document(references(doc, ctx), ctx)
  local function whole(part) return render(citations.part(references(part, ctx), ctx), ctx) end
  local fields = title.fields(ctx, whole)
  doc = render(doc, ctx)
  if ctx.target == 'docx' then doc.meta = title.docx_meta(ctx, whole) end
  local answer = writers[ctx.target](doc, ctx)
  local own = request.cite_as and citations.entry(request.cite_as, ctx)
  if own then fields['cite-as'] = ctx:write(own) end
  answer.fields = fields
  answer.cited = ctx.cited
  answer.title_text = (title.plain(ctx) or {}).text
  answer.diagnostics = ctx.diagnostics
  return answer
end
