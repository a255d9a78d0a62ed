-- What the rest of octavo must know of a page before it can be written: anchors, links, images, references, headings.
--- `text` is the document's, as far as its words are to be counted.
return function(doc, ctx, text)
  local ids, links, images, references, citations, headings = {}, {}, {}, {}, {}, {}
  local function anchor(element)
    if element.identifier ~= '' then ids[#ids + 1] = element.identifier end
  end
  local function raw_ids(element)
    if not element.format:match '^html' then return end
    local text = element.text:gsub('<script.->.-</script>', '')
    for id in text:gmatch '%sid%s*=%s*["\']([^"\']+)["\']' do ids[#ids + 1] = id end
    for id in text:gmatch '<a%s+name%s*=%s*["\']([^"\']+)["\']' do ids[#ids + 1] = id end
    for src in text:gmatch '<img[^>]-%ssrc%s*=%s*["\']([^"\']+)["\']' do images[#images + 1] = src end
    for href in text:gmatch '<a[^>]-%shref%s*=%s*["\']([^"\']+)["\']' do links[#links + 1] = href end
    for href in text:gmatch '<a[^>]-%shref%s*=%s*([^"\'%s>]+)' do links[#links + 1] = href end
  end
  doc:walk{
    Header = function(h)
      anchor(h)
      headings[#headings + 1] = {id = h.identifier, level = h.level, text = pandoc.utils.stringify(h.content)}
    end,
    Div = anchor, Span = anchor, Code = anchor, CodeBlock = anchor, Table = anchor, Figure = anchor,
    Link = function(l)
      anchor(l)
      links[#links + 1] = l.target
    end,
    Image = function(i)
      anchor(i)
      images[#images + 1] = i.src
      links[#links + 1] = i.attributes['fig-link']
    end,
    Cite = function(c)
      for _, citation in ipairs(c.citations) do
        local known = ctx:category(citation.id)
        table.insert(known and references or citations, citation.id)
      end
    end,
    RawBlock = raw_ids, RawInline = raw_ids,
  }
  local words = 0
  for _ in (text or ''):gmatch '%S+' do words = words + 1 end
  return {ids = ids, links = links, images = images, references = references, citations = citations, headings = headings, words = words}
end
