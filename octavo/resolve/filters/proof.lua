-- Proofs, remarks and solutions: `::: {.proof}`, or labelled (`#rem-x`, `#sol-x`) and then numbered.
local categories = require 'lib.categories'
local docx = require 'lib.docx'
local environment = require 'lib.environment'
local node = require 'lib.node'

local PREFIX = {proof = 'proof', remark = 'rem', solution = 'sol'}

local proof = {node = 'proof'}

local function category_of(div, ctx)
  local category = div.identifier ~= '' and ctx:category(div.identifier)
  if category and category.group == 'proof' then return category end
  for class, prefix in pairs(PREFIX) do
    if div.classes:includes(class) then return ctx.categories[prefix] end
  end
end

function proof.parse(doc, ctx)
  return doc:walk{
    Div = function(div)
      if node.kind(div) then return nil end
      local category = category_of(div, ctx)
      if not category then return nil end
      div.classes = div.classes:filter(function(c) return not PREFIX[c] end)
      return environment.make('proof', div, {kind = category.class, name = category.name}, ctx)
    end,
  }
end

--- "Proof (of the lemma). "
local function heading(n, ctx)
  local number, title = node.get(n, 'number'), node.inlines(n, 'title')
  local name = node.get(n, 'name')
  local out = pandoc.Inlines{pandoc.Emph(number and categories.numbered(name, number, ctx) or categories.words(name, ctx))}
  if #title > 0 then
    out:extend{pandoc.Space(), pandoc.Str '('}
    out:extend(title)
    out:insert(pandoc.Str ')')
  end
  out:extend{pandoc.Str '.', pandoc.Space()}
  return out
end

local function with_heading(n, ctx)
  return environment.lead(node.slot(n, 'content'), {pandoc.Span(heading(n, ctx), pandoc.Attr('', {'proof-title'}))})
end

function proof.html(n, ctx)
  local attr, kind = node.attr(n), node.get(n, 'kind')
  attr.classes = pandoc.List(kind == 'proof' and {'proof'} or {'proof', kind})
  attr.classes:extend(n.classes)
  return pandoc.Div(with_heading(n, ctx), attr)
end

function proof.typst(n, ctx) return environment.typst(n, node.get(n, 'kind'), ctx) end

function proof.docx(n, ctx)
  local lead = environment.lead(node.slot(n, 'content'), {docx.run('Proof Title', heading(n, ctx))})
  return environment.docx(n, lead, node.get(n, 'kind'))
end

function proof.ipynb(n, ctx) return pandoc.Div(with_heading(n, ctx)) end

return proof
