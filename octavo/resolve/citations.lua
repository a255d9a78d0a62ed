-- Citations and the list of references, by pandoc's citeproc; `format: typst` leaves both to Typst, as Quarto does.
-- https://quarto.org/docs/authoring/citations.html
local kept = require 'lib.kept'
local native = require 'lib.native_citations'
local raw = require 'lib.raw'
local reader = require 'lib.reader'

local citations = {}

--- A value of the front matter as pandoc has metadata, its texts read as Markdown.
local function as_meta(value, ctx)
  if type(value) ~= 'table' then
    return type(value) == 'string' and pandoc.MetaInlines(reader.inlines(value, ctx)) or pandoc.MetaString(tostring(value):gsub('%.0$', ''))
  end
  local out = {}
  for key, part in pairs(value) do out[key] = as_meta(part, ctx) end
  return #value > 0 and pandoc.MetaList(out) or pandoc.MetaMap(out)
end

--- A reference as CSL data, its texts plain.
local function as_data(value)
  local kind = pandoc.utils.type(value)
  if kind == 'Inlines' or kind == 'Blocks' then return pandoc.utils.stringify(value) end
  if type(value) ~= 'table' then return tostring(value) end
  local out = {}
  for key, part in pairs(value) do out[key] = as_data(part) end
  return out
end

--- What citeproc reads from a document's metadata.
local function metadata(ctx)
  local request = ctx.request
  local meta = pandoc.Meta{lang = ctx:option 'lang', csl = request.csl}
  if request.bibliography and #request.bibliography > 0 then meta.bibliography = pandoc.List(request.bibliography) end
  local own = ctx:option 'references'
  if type(own) == 'table' and #own > 0 then
    -- An id is a name, not Markdown: `a_b_c` stays what it is.
    meta.references = pandoc.MetaList(pandoc.List(own):map(function(entry)
      local reference = as_meta(entry, ctx)
      reference.id = tostring(entry.id)
      return reference
    end))
  end
  meta['link-citations'] = ctx:option 'link-citations' ~= false
  meta['link-bibliography'] = ctx:option 'link-bibliography'
  meta['citation-abbreviations'] = ctx:option 'citation-abbreviations'
  meta['notes-after-punctuation'] = ctx:option 'notes-after-punctuation'
  meta['suppress-bibliography'] = ctx:option 'suppress-bibliography'
  return meta
end

--- Every key that is cited, once, in order; `*` stands for all.
local function cited(blocks)
  local out, seen = pandoc.List{}, {}
  pandoc.Pandoc(blocks):walk{
    Cite = function(cite)
      for _, citation in ipairs(cite.citations) do
        if not seen[citation.id] then out:insert(citation.id) end
        seen[citation.id] = true
      end
    end,
  }
  return out
end

--- The metadata by which citeproc lists a reference that the text does not cite.
local function unprinted_of(key) return pandoc.MetaInlines{pandoc.Cite({}, {pandoc.Citation(key, 'AuthorInText')})} end

-- Reading a bibliography takes longer than setting a page's references: each is read once a process, by its content.
local read_before = {}

local function read(bibliography, references)
  return pandoc.utils.references(pandoc.Pandoc({}, {bibliography = bibliography, references = references, nocite = unprinted_of '*'}))
end

--- Takes each bibliography that pandoc cannot read out of `meta` and reports it, at the line that pandoc names.
local function readable(meta, ctx)
  meta.bibliography = meta.bibliography:filter(function(file)
    local ok, problem = pcall(read, pandoc.List{file})
    if ok then return true end
    local line, column = tostring(problem):match 'line (%d+), column (%d+)'
    local why = tostring(problem):match '\n(unexpected [^\n]*)' or tostring(problem):match '[^\n]*$'
    ctx:report('OCT-bibliography-syntax', 'this bibliography cannot be read: ' .. why, '', 'its entries are left out', 'error',
      {place = {file = file, line = tonumber(line) or 1, column = math.max(tonumber(column) or 1, 1)}})
    return false
  end)
  if #meta.bibliography == 0 then meta.bibliography = nil end
end

--- All entries that the document's bibliographies and its own `references` hold.
local function entries(meta, ctx)
  if not meta.bibliography and not meta.references then return {} end
  local key = not meta.references and ctx.request.bibliography_digest
  if key and read_before[key] then return read_before[key] end
  local ok, found = pcall(read, meta.bibliography, meta.references)
  if not ok then
    if meta.bibliography then readable(meta, ctx) end
    return meta.bibliography and read(meta.bibliography, meta.references) or {}
  end
  if key then read_before[key] = found end
  return found
end

local function cites_of(doc)
  local out = pandoc.List{}
  doc:walk{Cite = function(cite) out:insert(cite) end}
  return out
end

-- A style takes its time to be read at every call, however little is cited. So the citations are set by themselves and
-- kept. Notes and superscripts are not: where they stand depends on the text around them.
local citations_set = kept(function(alone)
  local set, hangs = pandoc.utils.citeproc(alone), false
  local function depends() hangs = true end
  set:walk{Note = depends, Superscript = depends}
  return not hangs and set
end, function(alone, ctx)
  return table.concat({pandoc.write(alone, 'json'), ctx.request.bibliography_digest or '', ctx.request.csl_digest or ''}, '\n')
end)

local function set_citations(doc, ctx)
  local last = doc.blocks[#doc.blocks]
  if ctx.references_placed or not last or last.t == 'Header' then return pandoc.utils.citeproc(doc) end
  local cites = cites_of(doc)
  local set = citations_set(pandoc.Pandoc(cites:map(function(cite) return pandoc.Para{cite} end), doc.meta), ctx)
  local results = set and cites_of(set) or {}
  if not set or #results ~= #cites then return pandoc.utils.citeproc(doc) end
  local nth = 0
  doc = doc:walk{Cite = function()
    nth = nth + 1
    return results[nth]
  end}
  local references = set.blocks[#set.blocks]
  if references and references.t == 'Div' then doc.blocks:insert(references) end
  return doc
end

--- The document with its citations set; as it is if the citation style cannot be read.
local function cited_by_style(doc, ctx)
  local ok, result = pcall(set_citations, doc, ctx)
  if ok then return result end
  local why = tostring(result):match '^[^\n]*'
  ctx:report('OCT-csl-syntax', 'the citations cannot be set: ' .. why, 'csl:', 'is the `csl` file a citation style?')
  return doc
end

--- Reports each key that no bibliography holds; the keys, as a set.
local function unknown(keys, found, meta, ctx)
  local known, missing = {['*'] = true}, {}
  local sources = meta.bibliography or meta.references
  local names = pandoc.List{}
  for _, reference in ipairs(found) do
    known[reference.id] = true
    names:insert(reference.id)
  end
  for _, key in ipairs(keys) do
    if not known[key] then
      missing[key] = true
      if ctx:category(key) then
        ctx:report('OCT-xref-missing', ('nothing is labelled `%s`'):format(key), '@' .. key)
      else
        local hint = not sources and 'name a bibliography file: `bibliography: references.bib`' or nil
        ctx:report('OCT-cite-missing', ('no bibliography entry is called `%s`'):format(key), '@' .. key, hint, 'error', {among = names})
      end
    end
  end
  return missing
end

--- Typst's list of references, where it belongs: in `::: {#refs}`, else at the end.
local function typst_bibliography(doc, nocite, ctx)
  local lines = pandoc.List{}
  local full = nocite:includes '*'
  for _, key in ipairs(nocite) do
    if key ~= '*' then lines:insert(('#cite(label(%s), form: none)'):format(raw.quoted(key))) end
  end
  local files = ctx:option 'bibliography'
  local names = pandoc.List(type(files) == 'table' and files or {files}):map(raw.quoted)
  local options = ('style: %s%s'):format(raw.quoted(native.style(ctx)), full and ', full: true' or '')
  if ctx:option 'suppress-bibliography' == true or ctx:option 'citation-location' == 'margin' then lines:insert '#show bibliography: none' end
  local placed = false
  local function list(title)
    lines:insert(('#set bibliography(title: %s, %s)'):format(title, options))
    lines:insert(('#bibliography((%s))'):format(table.concat(names, ', ') .. (#names == 1 and '' or ',')))
    return raw.typst(table.concat(lines, '\n'))
  end
  doc = doc:walk{Div = function(div)
    if div.identifier ~= 'refs' then return nil end
    placed = true
    return list 'none'
  end}
  local title = ctx:option 'reference-section-title' or ctx:option 'biblio-title' or ctx:word('section-title-references', 'References')
  if not placed then doc.blocks:insert(list('[' .. ctx:write{pandoc.Plain(reader.inlines(title, ctx))} .. ']')) end
  return doc
end

local function has_refs(doc)
  local found = false
  doc:walk{Div = function(div) found = found or div.identifier == 'refs' end}
  return found
end

--- Resolve the citations of the document and make its list of references.
function citations.document(doc, ctx)
  ctx.references_placed = has_refs(doc)
  if ctx:option 'citeproc' == false and not ctx:native_citations() then return doc end
  local nocite = ctx.request.nocite and reader.blocks(ctx.request.nocite, ctx) or pandoc.Blocks{}
  local keys, meta = cited(doc.blocks), metadata(ctx)
  local unprinted = cited(nocite)
  -- What the other chapters of a book cite, this page lists; what is missing there is told there.
  local elsewhere = pandoc.List(ctx:option 'o:cited' or {})
  if #keys == 0 and #unprinted == 0 and #elsewhere == 0 then return doc end
  keys:extend(unprinted)
  local found = entries(meta, ctx)
  local missing = unknown(keys, found, meta, ctx)
  if ctx:native_citations() then return typst_bibliography(native.left(doc, missing, ctx), unprinted, ctx) end
  if not meta.bibliography and not meta.references then return doc end
  elsewhere = elsewhere:filter(function(key) return not keys:includes(key) and found:find_if(function(entry) return entry.id == key end) end)
  for _, key in ipairs(elsewhere) do nocite:insert(pandoc.Plain{pandoc.Cite({}, {pandoc.Citation(key, 'AuthorInText')})}) end
  keys:extend(elsewhere)
  unprinted:extend(elsewhere)
  local all = keys:includes '*'
  local listed = pandoc.List(found):filter(function(reference) return all or keys:includes(reference.id) end)
  if ctx:option 'google-scholar' then ctx.cited = listed:map(as_data) end
  if not all then
    -- citeproc gets the entries that are cited instead of files to read once more.
    meta.references, meta.bibliography = listed, nil
  end
  if #unprinted > 0 then meta.nocite = pandoc.MetaInlines(pandoc.utils.blocks_to_inlines(nocite)) end
  doc.meta = meta
  doc = cited_by_style(doc, ctx)
  doc.meta = pandoc.Meta{}
  return doc
end

--- Resolve the citations of a field of the title block, which has no list of references of its own.
function citations.part(doc, ctx)
  local keys, meta, by_typst = cited(doc.blocks), metadata(ctx), ctx:native_citations()
  if #keys == 0 or (ctx:option 'citeproc' == false and not by_typst) then return doc end
  local missing = unknown(keys, entries(meta, ctx), meta, ctx)
  if by_typst then return native.left(doc, missing, ctx) end
  if not meta.bibliography and not meta.references then return pandoc.Pandoc(doc.blocks) end
  meta['suppress-bibliography'] = true
  doc.meta = meta
  return pandoc.Pandoc(cited_by_style(doc, ctx).blocks)
end

--- One reference as the document's style prints it: inlines, or nil if the style is none. `entry` is CSL data.
function citations.entry(entry, ctx)
  local meta = metadata(ctx)
  meta.bibliography, meta['suppress-bibliography'] = nil, nil
  meta.references = pandoc.MetaList{as_meta(entry, ctx)}
  meta.nocite = unprinted_of(entry.id)
  local refs = cited_by_style(pandoc.Pandoc({}, meta), ctx).blocks[1]
  return refs and refs.content[1] and refs.content[1].content
end

return citations
