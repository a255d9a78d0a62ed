-- Binds the chapters of a book into one document: each comes with ids, links and pictures that are its own, and leaves
-- with those of the whole. What is begun by a heading of the first level is a chapter.
local changed = require 'lib.changed'
local raw = require 'lib.raw'

--- The id by which the whole knows what a chapter cites: `@Fig-x` is `@fig-x` with a capital.
local function cited(id, cites)
  if cites[id] then return cites[id] end
  local small = cites[id:sub(1, 1):lower() .. id:sub(2)]
  return small and small:sub(1, 1):upper() .. small:sub(2) or id
end

--- The chapter with ids that no other chapter has.
local function renamed(doc, chapter)
  local ids = chapter.ids
  local function own(element)
    if ids[element.identifier] then element.identifier = ids[element.identifier] end
    local parent = element.attributes['o:parent']
    if parent and ids[parent] then element.attributes['o:parent'] = ids[parent] end
    return element
  end
  return doc:walk{
    Cite = function(cite)
      for _, citation in ipairs(cite.citations) do citation.id = cited(citation.id, chapter.cites) end
      return cite
    end,
    Image = function(image)
      image.src = chapter.images[image.src] or image.src
      return own(image)
    end,
    Link = function(link)
      link.target = chapter.links[link.target] or link.target
      return own(link)
    end,
    Code = own, CodeBlock = own, Div = own, Header = own, Span = own, Table = own,
  }
end

--- The headings as the whole has them: what begins the chapter is marked, and all of a part stands below its heading.
local function placed(doc, chapter, typst)
  local shift = typst and chapter.in_part and 1 or 0
  return doc:walk{
    Header = function(header)
      local numbered = header.level == 1 and chapter.numbered or header.level > 1 and chapter.sections
      if not numbered then header.attributes['o:number'] = nil end
      header.attributes['o:depth'] = tostring(header.level)
      header.attributes['o:place'] = header.level == 1 and chapter.place or header.level == 2 and 'section' or nil
      header.level = header.level + shift
      return header
    end,
  }
end

local function first_heading(doc)
  local found
  doc:walk{Header = function(header)
    if not found and header.level == 1 and header.identifier ~= '' then found = header.identifier end
  end}
  return found
end

return function(request)
  local typst = request.target == 'typst'
  local whole, starts = pandoc.Blocks{}, {}
  for _, chapter in ipairs(request.chapters) do
    local doc = pandoc.Pandoc{pandoc.Header(1, pandoc.Str(chapter.title or ''), pandoc.Attr(chapter.title and 'part-' .. #whole or '', {'unnumbered'}))}
    if chapter.ast then
      doc = renamed(changed(pandoc.read(chapter.ast, 'json'), chapter.changes), chapter)
      starts['#page:' .. chapter.page] = '#' .. (first_heading(doc) or '')
    end
    -- Word knows no parts: their titles are left out there, as Quarto does.
    if typst or chapter.ast then
      if not typst and #whole > 0 then whole:insert(raw.openxml '<w:p><w:r><w:br w:type="page"/></w:r></w:p>') end
      whole:extend(placed(doc, chapter, typst).blocks)
    end
  end
  local doc = pandoc.Pandoc(whole):walk{Link = function(link)
    link.target = starts[link.target] or link.target
    return link
  end}
  return {ast = pandoc.write(doc, 'json')}
end
