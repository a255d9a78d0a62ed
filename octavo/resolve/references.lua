-- `@fig-x` in every mode becomes a link with the number that the label was given, wherever in the site it stands.
local categories = require 'lib.categories'
local kept = require 'lib.kept'
local raw = require 'lib.raw'

local NBSP = '\u{a0}'

--- What stands before the number of one reference: an author's own words, the kind's name, or nothing; the second value
--- is whether a space follows.
local function lead(citation, label, ctx)
  if #citation.prefix > 0 then return pandoc.Inlines(citation.prefix), true end
  if citation.mode == 'SuppressAuthor' then return pandoc.Inlines{}, false end
  local name = label.prefix
  if citation.id:match '^%u' then name = name:sub(1, 1):upper() .. name:sub(2) end
  return categories.words(name, ctx), name ~= '' and label.space ~= false
end

--- The words of one reference, without what follows the number. What has no number is called by its title.
local function words(citation, label, ctx)
  if label.number == '' then
    local out = pandoc.Inlines(citation.prefix)
    if #out > 0 then out:insert(pandoc.Space()) end
    out:insert(pandoc.Str(label.title or label.id))
    return out
  end
  local out, space = lead(citation, label, ctx)
  if space then out:insert(pandoc.Str(NBSP)) end
  out:insert(pandoc.Str(label.number))
  return out
end

--- Typst prints the number itself, which is ours: every numbered thing is written with its own `numbering`.
local typst = kept(function(inlines) return (pandoc.write(pandoc.Pandoc{pandoc.Plain(inlines)}, 'typst'):gsub('%s+$', '')) end,
  function(inlines) return pandoc.write(pandoc.Pandoc{pandoc.Plain(inlines)}, 'json') end)

local function typst_reference(citation, label, ctx)
  local supplement = typst((lead(citation, label, ctx)))
  return raw.typst_inline(('#ref(<%s>, supplement: [%s])'):format(label.id, supplement))
end

local function link(citation, label, ctx)
  local crossref = type(ctx.meta.crossref) == 'table' and ctx.meta.crossref or {}
  local out
  -- A notebook has no anchors of its own to lead to.
  if crossref['ref-hyperlink'] == false or (ctx.target == 'ipynb' and not label.href) then
    out = words(citation, label, ctx)
  elseif ctx.target == 'typst' and not ctx.as_text and not label.href and label.number ~= '' and label.space ~= false then
    out = pandoc.Inlines{typst_reference(citation, label, ctx)}
  else
    out = pandoc.Inlines{pandoc.Link(words(citation, label, ctx), label.href or '#' .. label.id, '', pandoc.Attr('', {'quarto-xref'}))}
  end
  local first = citation.suffix[1]
  if first and first.t ~= 'Space' and not (first.t == 'Str' and first.text:match '^%p') then out:insert(pandoc.Space()) end
  out:extend(citation.suffix)
  return out
end

--- Resolve all references; a Cite that holds none is left to the bibliography, a mixed one is split.
return function(doc, ctx)
  local labels = ctx.request.labels or {}
  local function resolve(citation)
    local id = citation.id
    local label = labels[id] or labels[id:sub(1, 1):lower() .. id:sub(2)]
    if label then return link(citation, label, ctx) end
    if ctx.request.missing and ctx.request.missing[id] then
      return pandoc.Inlines{pandoc.Span({pandoc.Strong{pandoc.Str('?@' .. id)}}, pandoc.Attr('', {'quarto-unresolved-ref'}))}
    end
  end
  return doc:walk{
    Cite = function(cite)
      local out, rest = pandoc.Inlines{}, pandoc.List{}
      for _, citation in ipairs(cite.citations) do
        local resolved = resolve(citation)
        if resolved then
          if #out > 0 then out:extend{pandoc.Str ',', pandoc.Space()} end
          out:extend(resolved)
        else
          rest:insert(citation)
        end
      end
      if #out == 0 then return nil end
      if #rest > 0 then
        out:extend{pandoc.Str ',', pandoc.Space(), pandoc.Cite({pandoc.Str(cite.content[1].text or '')}, rest)}
      end
      return out
    end,
  }
end
