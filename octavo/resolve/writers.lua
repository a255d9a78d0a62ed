-- The last step: an AST that holds only what the target's writer knows, written.
local raw = require 'lib.raw'
local reader = require 'lib.reader'

local writers = {}

local LOCATION = {document = 'end-of-document', section = 'end-of-section', block = 'end-of-block'}

local function reference_location(ctx)
  return LOCATION[ctx:option 'reference-location' or 'document'] or 'end-of-document'
end

--- Takes the list of references off the document when citeproc appended it; one that the author placed stays.
local function take_references(doc, ctx)
  if ctx.references_placed then return nil end
  local last = doc.blocks[#doc.blocks]
  if last and last.t == 'Div' and last.identifier == 'refs' then
    doc.blocks:remove(#doc.blocks)
    return last
  end
end

--- What stands above the list of references.
local function references_title(ctx)
  return ctx:option 'reference-section-title' or ctx:word('section-title-references', 'References')
end

local function headings(doc)
  local out = {}
  doc:walk{
    Header = function(header)
      out[#out + 1] = {
        id = header.identifier, level = header.level, number = header.attributes['data-number'],
        unlisted = header.classes:includes 'unlisted' or nil,
        html = pandoc.write(pandoc.Pandoc{pandoc.Plain(header.content)}:walk{
          Note = function() return {} end, Link = function(l) return l.content end,
        }, 'html5'),
      }
    end,
  }
  return out
end

--- pandoc loses a note within a note: its words follow in brackets.
local function flat_notes(doc)
  local function words(note)
    local out = pandoc.Inlines{pandoc.Space(), pandoc.Str '('}
    out:extend(pandoc.utils.blocks_to_inlines(note.content, {pandoc.Space()}))
    out:insert(pandoc.Str ')')
    return out
  end
  return doc:walk{
    traverse = 'topdown',
    Note = function(note)
      note.content = note.content:walk{Note = words}
      return note, false
    end,
  }
end

function writers.html(doc, ctx)
  doc = flat_notes(doc)
  local references = take_references(doc, ctx)
  local options = {section_divs = ctx:option 'section-divs' ~= false, email_obfuscation = ctx:option 'email-obfuscation' or 'none', wrap_text = 'none', reference_location = reference_location(ctx), html_q_tags = ctx:option 'html-q-tags' or false}
  local toc = headings(doc)
  local body = pandoc.write(pandoc.Pandoc(doc.blocks), 'html5', options)
  -- Quarto's anchors on headings within sections.
  local anchored = ctx:option 'anchor-sections' ~= false
  body = not anchored and body or body:gsub('(<section id="([^"]+)" class="level%d[^"]*"[^>]*>%s*<h%d)([^>]*)>', function(open, id, attributes)
    local class = attributes:match 'class="([^"]*)"'
    attributes = attributes:gsub('%s*class="[^"]*"', '')
    return ('%s%s class="%s" data-anchor-id="%s">'):format(open, attributes, 'anchored' .. (class and ' ' .. class or ''), id)
  end)
  -- The sum of the columns' widths, which pandoc gives a grid table, would make narrow columns narrower.
  body = body:gsub('(<table[^>]-) style="width:[%d.]+%%;"', '%1')
  body = body:gsub('<blockquote>', '<blockquote class="blockquote">')
  return {body = body, headings = toc, references = references and pandoc.write(pandoc.Pandoc{references}, 'html5', options)}
end

--- A table without a caption is no figure; one in a figure needs no second one around it.
local function without_figures(body)
  return (body:gsub('#figure%(%s*align%(center%)%[(#table%b())%]%s*, kind: table%s*%)', '%1'))
end

--- Whether a block stands where the whole line says: a displayed formula, what is aligned.
local function needs_line(block)
  if block.t == 'RawBlock' then return block.text:match '^#align%(' ~= nil or block.text:match '^#set align%(' ~= nil end
  if block.t ~= 'Para' and block.t ~= 'Plain' then return false end
  return block.content:find_if(function(inline)
    return inline.t == 'RawInline' and inline.text:match '^#math%.equation%(block: true' ~= nil
  end) ~= nil
end

--- A block of Typst is as wide as what it holds: in one, such a thing would stand on the left.
local function over_the_line(doc)
  return doc:walk{Div = function(div)
    if not div.content:find_if(needs_line) then return nil end
    div.content = raw.wrap(raw.typst '#block(width: 100%)[', div.content, raw.typst ']')
    return div
  end}
end

function writers.typst(doc, ctx)
  local references = take_references(doc, ctx)
  if references then
    local title = ctx:write{pandoc.Plain(reader.inlines(references_title(ctx), ctx))}
    local place = ctx:option 'o:book' and ', place: [chapter]' or ''
    doc.blocks:insert(pandoc.RawBlock('typst', '#references(title: [' .. title .. ']' .. place .. ')['))
    doc.blocks:extend(references.content)
    doc.blocks:insert(pandoc.RawBlock('typst', ']'))
  end
  return {
    body = without_figures(pandoc.write(over_the_line(pandoc.Pandoc(doc.blocks)), ctx:writer(), {wrap_text = 'none', dpi = ctx:dpi()})),
    beside = ctx.beside, -- whether the page must leave room for it
  }
end

--- A list's item that begins with a table would have no number in Word: a line in front of it bears one.
local function numbered_items(doc)
  local function begins(blocks)
    local first = blocks[1]
    if first and first.t == 'Div' and not first.attributes['custom-style'] then return begins(first.content) end
    return first and (first.t == 'Table' or first.t == 'RawBlock') or false
  end
  local function each(list)
    list.content = list.content:map(function(item)
      if begins(item) then item:insert(1, pandoc.Para{pandoc.RawInline('openxml', '<w:r/>')}) end
      return item
    end)
    return list
  end
  return doc:walk{BulletList = each, OrderedList = each}
end

--- Headings that the table of contents leaves out bear a mark, which write/docx_contents.py takes away.
local function marked_unlisted(doc)
  return doc:walk{Header = function(header)
    if not (header.classes:includes 'unlisted' and header.classes:includes 'unnumbered') then return nil end
    header.content:insert(pandoc.RawInline('openxml', '<w:r><w:rPr><w:rStyle w:val="OctavoUnlisted"/></w:rPr></w:r>'))
    return header
  end}
end

function writers.docx(doc, ctx)
  if ctx:option 'toc' == true then doc = marked_unlisted(doc) end
  doc = numbered_items(flat_notes(doc))
  local references = take_references(doc, ctx)
  if references then
    doc.blocks:insert(pandoc.Header(1, reader.inlines(references_title(ctx), ctx), pandoc.Attr('references', {'unnumbered'})))
    doc.blocks:insert(references)
  end
  local written = pandoc.write(pandoc.Pandoc(doc.blocks, doc.meta), 'docx', {
    dpi = ctx:dpi(),
    reference_doc = ctx.request.reference_doc,
    table_of_contents = ctx:option 'toc' == true,
    toc_depth = tonumber(ctx:option 'toc-depth') or 3,
  })
  local file <close> = assert(io.open(ctx.request.output, 'wb'))
  file:write(written)
  return {}
end

function writers.ipynb(doc, ctx)
  doc = flat_notes(doc)
  local references = take_references(doc, ctx)
  if references then doc.blocks:extend{pandoc.Header(2, reader.inlines(references_title(ctx), ctx)), references} end
  -- Plain divs and spans say nothing in a notebook; the places of its cells are marked for the Python side.
  doc = doc:walk{
    Div = function(div)
      local index = div.attributes['cell-index']
      return index and pandoc.Plain{pandoc.RawInline('markdown', '%%octavo-cell-' .. index .. '%%')} or div.content
    end,
    Span = function(span) return span.content end,
  }
  local form = 'markdown-fenced_divs-bracketed_spans-raw_attribute-header_attributes-link_attributes-fenced_code_attributes-inline_code_attributes-smart-grid_tables-multiline_tables-simple_tables-citations-table_attributes'
  return {body = pandoc.write(doc, form, {wrap_text = 'none'})}
end

return writers
