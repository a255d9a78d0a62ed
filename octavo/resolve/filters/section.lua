-- Headings: their numbers where sections are numbered, and levels without gaps in PDF, which PDF/UA wants.
local docx = require 'lib.docx'
local raw = require 'lib.raw'
local title = require 'title'

local section = {elements = {}}

--- An offset to count on from asks for numbers, too.
local function are_numbered(ctx)
  local wish = ctx:option 'number-sections'
  return wish == true or wish == nil and ctx:option 'number-offset' ~= nil
end

--- The number that a heading shows: nil unless sections are numbered down to its level.
local function shown_number(header, ctx)
  local number = header.attributes['o:number']
  local depth = tonumber(ctx:option 'number-depth') or 6
  local level = tonumber(header.attributes['o:depth']) or header.level -- below the heading of a part all is lower
  if not number or not are_numbered(ctx) or level > depth then return nil end
  return number
end

function section.elements.html(doc, ctx)
  return doc:walk{
    Header = function(header)
      local number = shown_number(header, ctx)
      header.attributes['o:number'] = nil
      if number then
        header.attributes['data-number'] = number
        local span = pandoc.Span({pandoc.Str(number)}, pandoc.Attr('', {'header-section-number'}))
        header.content:insert(1, pandoc.Space())
        header.content:insert(1, span)
      end
      return header
    end,
  }
end

--- `section-numbering: "1.a"` is a pattern of Typst's own, for the numbers that all formats share.
local function typst_numbering(header, ctx)
  local pattern = ctx:option 'section-numbering'
  if type(pattern) ~= 'string' then
    local number = shown_number(header, ctx)
    return number and '(..) => ' .. raw.quoted(number) or 'none'
  end
  local number = header.attributes['o:number']
  if not number then return 'none' end
  local parts = number:match '^[%d.]+$' and number:gsub('%.', ', ')
  return parts and ('(..) => numbering(%s, %s)'):format(raw.quoted(pattern), parts) or '(..) => ' .. raw.quoted(number)
end

function section.elements.typst(doc, ctx)
  local top, last = 7, 0
  local plain = not are_numbered(ctx) and not ctx:option 'section-numbering'
  doc:walk{Header = function(header) top = math.min(top, header.level) end}
  return doc:walk{
    Header = function(header)
      local level = math.min(header.level - top + 1, last + 1)
      last = level
      local numbering, unlisted = typst_numbering(header, ctx), header.classes:includes 'unlisted'
      -- What begins a part, a chapter or an appendix of a book is drawn as such (book.typ).
      local place = header.attributes['o:place']
      if numbering == 'none' and plain and not place and not unlisted and not header.classes:includes 'unnumbered' then
        return pandoc.Header(level, header.content, pandoc.Attr(header.identifier))
      end
      local more = (place and (', supplement: [%s]'):format(place) or '') .. (unlisted and ', outlined: false' or '')
      local out = pandoc.Inlines{raw.typst_inline(('#heading(level: %d, numbering: %s%s)['):format(level, numbering, more))}
      -- Typst would read a leading "1." or "-" as a list.
      local first = header.content[1]
      if first and first.t == 'Str' and first.text:match '^[%d%-+=/]' then out:insert(raw.typst_inline '#[]') end
      out:extend(header.content)
      out:insert(raw.typst_inline(']' .. raw.label(header.identifier)))
      return pandoc.Plain(out)
    end,
  }
end

function section.elements.docx(doc, ctx)
  return doc:walk{
    Header = function(header)
      local number = shown_number(header, ctx)
      if number and header.attributes['o:place'] == 'appendix' then
        number = title.of_appendix(number, ctx)
      end
      header.attributes['o:number'] = nil
      if number then
        header.content:insert(1, pandoc.RawInline('openxml', '<w:r><w:tab/></w:r>'))
        header.content:insert(1, docx.run('Section Number', {pandoc.Str(number)}))
      end
      return header
    end,
  }
end

function section.elements.ipynb(doc, ctx)
  return doc:walk{
    Header = function(header)
      local number = shown_number(header, ctx)
      header.attributes['o:number'] = nil
      if number then
        header.content:insert(1, pandoc.Space())
        header.content:insert(1, pandoc.Str(number))
      end
      return header
    end,
  }
end

return section
