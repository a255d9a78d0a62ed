-- What belongs into the margin of a page, put beside the block that it is in.
local environment = require 'lib.environment'

local beside = {}

--- Whether a class puts what bears it into the margin.
function beside.is_place(class) return class == 'column-margin' or class == 'aside' end
function beside.is_margin(element) return element.classes:find_if(beside.is_place) ~= nil end

--- The margin's block around others.
function beside.in_margin(blocks) return pandoc.Div(blocks, pandoc.Attr('', {'no-row-height', 'column-margin', 'column-container'})) end

--- Takes the list of references off the document: its entries by the keys that are cited.
function beside.take_entries(doc)
  local entries = {}
  doc = doc:walk{Div = function(div)
    if div.identifier ~= 'refs' then return nil end
    for _, entry in ipairs(div.content) do entries[entry.identifier:gsub('^ref%-', '')] = entry end
    return {}
  end}
  return doc, entries
end

--- A span of the margin as it stands there.
function beside.as_aside(span)
  local rest = span.classes:filter(function(class) return not beside.is_place(class) end)
  rest:insert 'margin-aside'
  return pandoc.Span(span.content, pandoc.Attr(span.identifier, rest, span.attributes))
end

--- What belongs into the margin beside the block that it is in: asides, and footnotes and references where the document
--- asks for it (`reference-location: margin`, `citation-location: margin`).
function beside.notes(doc, ctx, spans)
  local notes, entries, shown, count = ctx:option 'reference-location' == 'margin', {}, {}, 0
  if ctx:option 'citation-location' == 'margin' then doc, entries = beside.take_entries(doc) end
  if not notes and not spans and next(entries) == nil then return doc end
  local function with_asides(block)
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
      if not beside.is_margin(span) then return nil end
      asides:insert(pandoc.Plain{beside.as_aside(span)})
      return {}
    end
    local out = pandoc.Blocks{block}:walk{Note = notes and note or nil, Cite = cite, Span = spans and aside or nil}
    if #asides == 0 then return out end
    out:insert(beside.in_margin(asides))
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
        out:extend(with_asides(block))
      end
    end
    return out
  end
  doc.blocks = pour(doc.blocks)
  return doc
end

return beside
