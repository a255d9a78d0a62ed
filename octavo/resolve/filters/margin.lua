-- What stands in the margin: `.column-margin` and `.aside`, and notes and references where the document asks for it.
-- https://quarto.org/docs/authoring/article-layout.html#margin-content
local beside = require 'lib.beside'
local docx = require 'lib.docx'
local draw = require 'lib.float'
local node = require 'lib.node'
local raw = require 'lib.raw'

local margin = {elements = {}}

local function has_margin(ctx)
  return ctx.request.user or ctx.request.ast:find('"column-margin"', 1, true) or ctx.request.ast:find('"aside"', 1, true)
end

function margin.elements.html(doc, ctx)
  if not has_margin(ctx) then return beside.notes(doc, ctx) end
  doc = doc:walk{
    Div = function(div)
      if not beside.is_margin(div) then return nil end
      local rest = div.classes:filter(function(class) return not beside.is_place(class) end)
      return beside.in_margin{pandoc.Div(div.content, pandoc.Attr(div.identifier, rest, div.attributes))}
    end,
    CodeBlock = function(code)
      if not beside.is_margin(code) then return nil end
      code.classes = code.classes:filter(function(class) return not beside.is_place(class) end)
      return beside.in_margin{code}
    end,
  }
  -- What is left stands in a title or a caption.
  return beside.notes(doc, ctx, true):walk{Span = function(span)
    if not beside.is_margin(span) then return nil end
    local out = beside.as_aside(span)
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
  if not native then doc, entries = beside.take_entries(doc) end
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

--- What is in the margin cannot stand beside itself.
local function once(doc)
  local function stays(element)
    if not beside.is_margin(element) then return nil end
    element.classes = element.classes:filter(function(class) return not beside.is_place(class) end)
    return element
  end
  return doc:walk{
    traverse = 'topdown',
    Div = function(div)
      if not beside.is_margin(div) then return nil end
      div.content = div.content:walk{Div = stays, Span = stays, CodeBlock = stays}
      return div, false
    end,
  }
end

function margin.elements.typst(doc, ctx)
  doc = typst_citations(doc, ctx)
  if ctx:option 'reference-location' == 'margin' then ctx.beside = true end
  if not has_margin(ctx) then return doc end
  return once(doc):walk{
    CodeBlock = function(code)
      if not beside.is_margin(code) then return nil end
      ctx.beside = true
      code.classes = code.classes:filter(function(class) return not beside.is_place(class) end)
      return raw.wrap(raw.typst(note_call(code)), {code}, raw.typst ']')
    end,
    Div = function(div)
      if not beside.is_margin(div) then return nil end
      ctx.beside = true
      if node.kind(div) == 'float' and not node.get(div, 'panel') then
        div.classes = div.classes:filter(function(class) return not beside.is_place(class) end)
        node.set(div, 'beside', 'true')
        return div
      end
      return raw.wrap(raw.typst(note_call(div)), node.inner(div, beside.is_place), raw.typst ']')
    end,
    Span = function(span)
      if not beside.is_margin(span) then return nil end
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
    Div = function(div) return beside.is_margin(div) and docx.styled('Margin Note', node.inner(div, beside.is_place)) or nil end,
    Span = function(span) return beside.is_margin(span) and docx.run('Margin Note Char', span.content) or nil end,
  }
end

return margin
