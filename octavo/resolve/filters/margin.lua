-- What stands in the margin: `.column-margin` and `.aside`, and notes and references where the document asks for it.
-- https://quarto.org/docs/authoring/article-layout.html#margin-content
local docx = require 'lib.docx'
local draw = require 'lib.float'
local environment = require 'lib.environment'
local node = require 'lib.node'
local raw = require 'lib.raw'

local margin = {elements = {}}

local function is_place(class) return class == 'column-margin' or class == 'aside' end
local function is_margin(element) return element.classes:find_if(is_place) ~= nil end

local function in_margin(blocks) return pandoc.Div(blocks, pandoc.Attr('', {'no-row-height', 'column-margin', 'column-container'})) end

--- Takes the list of references off the document: its entries by the keys that are cited.
local function take_entries(doc)
  local entries = {}
  doc = doc:walk{Div = function(div)
    if div.identifier ~= 'refs' then return nil end
    for _, entry in ipairs(div.content) do entries[entry.identifier:gsub('^ref%-', '')] = entry end
    return {}
  end}
  return doc, entries
end

--- A span of the margin as it stands there.
local function as_aside(span)
  local rest = span.classes:filter(function(class) return not is_place(class) end)
  rest:insert 'margin-aside'
  return pandoc.Span(span.content, pandoc.Attr(span.identifier, rest, span.attributes))
end

--- What belongs into the margin beside the block that it is in: asides, and footnotes and references where the document
--- asks for it (`reference-location: margin`, `citation-location: margin`).
local function margin_notes(doc, ctx, spans)
  local notes, entries, shown, count = ctx:option 'reference-location' == 'margin', {}, {}, 0
  if ctx:option 'citation-location' == 'margin' then doc, entries = take_entries(doc) end
  if not notes and not spans and next(entries) == nil then return doc end
  local function beside(block)
    local asides = pandoc.Blocks{}
    local function note(element)
      count = count + 1
      local mark = pandoc.Superscript{pandoc.Str(tostring(count))}
      asides:insert(pandoc.Div(environment.lead(element.content, {mark, pandoc.Str '\u{a0}'}), pandoc.Attr('fn' .. count)))
      return pandoc.Link({mark}, '#fn' .. count, '', pandoc.Attr('fnref' .. count, {'footnote-ref'}, {role = 'doc-noteref'}))
    end
    local function cite(element)
      for _, citation in ipairs(element.citations) do
        if entries[citation.id] and not shown[citation.id] then
          shown[citation.id] = true
          asides:insert(pandoc.Div({entries[citation.id]}, pandoc.Attr('', {'references'}, {role = 'list'})))
        end
      end
    end
    local function aside(span)
      if not is_margin(span) then return nil end
      asides:insert(pandoc.Plain{as_aside(span)})
      return {}
    end
    local out = pandoc.Blocks{block}:walk{Note = notes and note or nil, Cite = cite, Span = spans and aside or nil}
    if #asides == 0 then return out end
    out:insert(in_margin(asides))
    return block.t == 'Para' and pandoc.Blocks{pandoc.Div(out, pandoc.Attr('', {'page-columns', 'page-full'}))} or out
  end
  local function pour(blocks)
    local out = pandoc.Blocks{}
    for _, block in ipairs(blocks) do
      if block.t == 'Div' then
        -- Titles and captions are no place for a block.
        local slot = block.attributes['o:slot']
        if not slot or slot == 'content' or slot == 'active' then block.content = pour(block.content) end
        out:insert(block)
      elseif block.t == 'Header' then
        out:insert(block)
      else
        out:extend(beside(block))
      end
    end
    return out
  end
  doc.blocks = pour(doc.blocks)
  return doc
end

local function has_margin(ctx)
  return ctx.request.user or ctx.request.ast:find('"column-margin"', 1, true) or ctx.request.ast:find('"aside"', 1, true)
end

function margin.elements.html(doc, ctx)
  if not has_margin(ctx) then return margin_notes(doc, ctx) end
  doc = doc:walk{
    Div = function(div)
      if not is_margin(div) then return nil end
      local rest = div.classes:filter(function(class) return not is_place(class) end)
      return in_margin{pandoc.Div(div.content, pandoc.Attr(div.identifier, rest, div.attributes))}
    end,
    CodeBlock = function(code)
      if not is_margin(code) then return nil end
      code.classes = code.classes:filter(function(class) return not is_place(class) end)
      return in_margin{code}
    end,
  }
  -- What is left stands in a title or a caption.
  return margin_notes(doc, ctx, true):walk{Span = function(span)
    if not is_margin(span) then return nil end
    local out = as_aside(span)
    out.classes:insert 'column-margin'
    return out
  end}
end

--- `#note(alignment: "baseline", dy: 0pt, shift: auto, counter: none)[`: the attributes are marginalia's, which Quarto uses.
local function note_call(element)
  local attributes = element.attributes
  local open = draw.note('note', attributes)
  for _, key in ipairs{'alignment', 'dy', 'shift'} do attributes[key] = nil end
  return open .. ')['
end

--- The full reference in the margin beside its first citation, instead of a list of them.
local function typst_citations(doc, ctx)
  if ctx:option 'citation-location' ~= 'margin' then return doc end
  local native, shown, entries = ctx:native_citations(), {}, nil
  if not native then doc, entries = take_entries(doc) end
  return doc:walk{Cite = function(cite)
    local full = pandoc.List{}
    for _, citation in ipairs(cite.citations) do
      local entry = native or entries[citation.id]
      if entry and not shown[citation.id] then
        shown[citation.id] = true
        full:insert(native and ('#cite(<%s>, form: "full")'):format(citation.id) or ctx:write{entry})
      end
    end
    if #full == 0 then return nil end
    ctx.beside = true
    return {cite, raw.typst_inline('#note-in-line[#note(alignment: "baseline", shift: auto, counter: none)[' .. table.concat(full, '\n\n') .. ']]')}
  end}
end

function margin.elements.typst(doc, ctx)
  doc = typst_citations(doc, ctx)
  if ctx:option 'reference-location' == 'margin' then ctx.beside = true end
  if not has_margin(ctx) then return doc end
  return doc:walk{
    CodeBlock = function(code)
      if not is_margin(code) then return nil end
      ctx.beside = true
      code.classes = code.classes:filter(function(class) return not is_place(class) end)
      return raw.wrap(raw.typst(note_call(code)), {code}, raw.typst ']')
    end,
    Div = function(div)
      if not is_margin(div) then return nil end
      ctx.beside = true
      if node.kind(div) == 'float' and not node.get(div, 'panel') then
        div.classes = div.classes:filter(function(class) return not is_place(class) end)
        node.set(div, 'beside', 'true')
        return div
      end
      return raw.wrap(raw.typst(note_call(div)), node.inner(div, is_place), raw.typst ']')
    end,
    Span = function(span)
      if not is_margin(span) then return nil end
      ctx.beside = true
      local out = pandoc.Inlines{raw.typst_inline('#note-in-line[' .. note_call(span))}
      out:extend(span.content)
      out:insert(raw.typst_inline ']]')
      return out
    end,
  }
end

function margin.elements.docx(doc, ctx)
  return not has_margin(ctx) and doc or doc:walk{
    Div = function(div) return is_margin(div) and docx.styled('Margin Note', node.inner(div, is_place)) or nil end,
    Span = function(span) return is_margin(span) and docx.run('Margin Note Char', span.content) or nil end,
  }
end

return margin
