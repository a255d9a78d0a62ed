-- The theorem family: `::: {#thm-x}` with prefixes thm lem cor prp cnj def exm exr alg; title by a heading or `name=`.
-- https://quarto.org/docs/authoring/cross-references.html#theorems-and-proofs
local categories = require 'lib.categories'
local docx = require 'lib.docx'
local environment = require 'lib.environment'
local node = require 'lib.node'

local theorem = {node = 'theorem'}

function theorem.parse(doc, ctx)
  return doc:walk{
    Div = function(div)
      local category = not node.kind(div) and div.identifier ~= '' and ctx:category(div.identifier)
      if not category or category.group ~= 'theorem' then return nil end
      return environment.make('theorem', div, {kind = category.class, name = category.name}, ctx)
    end,
  }
end

local function classes(n)
  local kind = node.get(n, 'kind')
  return kind == 'theorem' and {'theorem'} or {'theorem', kind}
end

--- "Definition 1 (Task)"
local function heading(n, ctx)
  local out = categories.numbered(node.get(n, 'name'), node.get(n, 'number'), ctx)
  local title = node.inlines(n, 'title')
  if #title > 0 then
    out:extend{pandoc.Space(), pandoc.Str '('}
    out:extend(title)
    out:insert(pandoc.Str ')')
  end
  return out
end

local function with_heading(n, ctx)
  local title = pandoc.Span({pandoc.Strong(heading(n, ctx))}, pandoc.Attr('', {'theorem-title'}))
  return environment.lead(node.slot(n, 'content'), {title, pandoc.Space()})
end

function theorem.html(n, ctx)
  local attr = node.attr(n)
  attr.classes = pandoc.List(classes(n))
  attr.classes:extend(n.classes)
  return pandoc.Div(with_heading(n, ctx), attr)
end

function theorem.typst(n, ctx) return environment.typst(n, node.get(n, 'kind'), ctx) end

function theorem.docx(n, ctx)
  local lead = environment.lead(node.slot(n, 'content'), {docx.run('Theorem Title', heading(n, ctx)), pandoc.Space()})
  return environment.docx(n, lead, node.get(n, 'kind'))
end

function theorem.ipynb(n, ctx) return pandoc.Div(with_heading(n, ctx)) end

return theorem
