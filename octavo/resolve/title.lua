-- The title block: a document's fields are Markdown too, and a first heading of level one serves as title.
local formula = require 'lib.math'
local reader = require 'lib.reader'

local title = {}

--- What an appendix says of itself in front of its title: "Appendix A —", in the author's words if there are some.
function title.of_appendix(number, ctx)
  local crossref = type(ctx.meta.crossref) == 'table' and ctx.meta.crossref or {}
  local word = crossref['appendix-title'] or ctx:word('crossref-apx-prefix', 'Appendix')
  return ('%s %s%s'):format(word, number, crossref['appendix-delim'] or ' —')
end

--- Without a `title:` the document's first level-one heading becomes it, as on Quarto's pages. What refers to the
--- heading aims at the title. The chapter of a book bears its number there.
function title.promote(doc, ctx)
  local first, text = doc.blocks[1], ctx.meta.title
  if ctx:option 'o:bound' then
    -- In the one document of a book the title is the heading of a chapter. Its attributes may stand behind it.
    if text ~= nil then doc.blocks:insert(1, reader.blocks('# ' .. tostring(text), ctx)[1]) end
    return
  end
  if text == nil and first and first.t == 'Header' and first.level == 1 then
    doc.blocks:remove(1)
    text = pandoc.write(pandoc.Pandoc{pandoc.Plain(first.content)}, 'markdown-smart', {wrap_text = 'none'}):gsub('%s+$', '')
    if first.identifier:match '^sec%-' then
      ctx.heading = {id = first.identifier, title = pandoc.utils.stringify(first.content)}
    end
  end
  local chapter = ctx:option 'o:chapter'
  if text and chapter then
    ctx.in_contents = ('[%s]{.chapter-number}&nbsp; [%s]{.chapter-title}'):format(chapter.number, text)
    text = chapter.appendix and title.of_appendix(chapter.number, ctx) .. ' ' .. text or ctx.in_contents
  end
  if ctx.heading then text = ('[%s]{#%s .quarto-section-identifier}'):format(text, ctx.heading.id) end
  if text ~= ctx.meta.title then
    ctx.meta.title = text
    ctx.found_meta = {title = text}
  end
end

--- `shift-heading-level-by: 1` makes every heading one lower; what would rise above the first level is a paragraph.
function title.shift_headings(doc, ctx)
  local by = math.tointeger(tonumber(ctx:option 'shift-heading-level-by') or 0) or 0
  if by == 0 then return doc end
  return doc:walk{
    Header = function(header)
      header.level = header.level + by
      return header.level < 1 and pandoc.Para(header.content) or header
    end,
  }
end

--- The title as plain text, and as HTML without links or notes, for navigation. `resolve` says what it refers to.
function title.plain(ctx, resolve)
  if ctx.meta.title == nil then return nil end
  local inlines = reader.inlines(ctx.in_contents or ctx.meta.title, ctx)
  if resolve then inlines = resolve(pandoc.Pandoc{pandoc.Plain(inlines)}, ctx).blocks[1].content end
  local shown = pandoc.Pandoc{pandoc.Plain(inlines)}:walk{
    Math = function(m)
      if formula.check(m.text, false) then return pandoc.Code(m.text) end
      return pandoc.RawInline('html', formula.html(m.text, false))
    end,
    Note = function() return {} end,
    Link = function(l) return l.content end,
    Span = function(span)
      span.identifier = ''
      return span
    end,
  }
  return {text = pandoc.utils.stringify(inlines), html = pandoc.write(shown, 'html5', {wrap_text = 'none'})}
end

--- The fields that are Markdown as one document, for the passes that look at what is written.
function title.block(ctx)
  local blocks = pandoc.Blocks{}
  for _, name in ipairs{'title', 'subtitle', 'abstract', 'description', 'thanks', 'abstract-title'} do
    local text = ctx.meta[name]
    if type(text) == 'string' then blocks:extend(reader.blocks(text, ctx)) end
  end
  return pandoc.Pandoc(blocks)
end

--- What pandoc's DOCX writer sets as title block: Markdown fields as inlines, authors and date as printed.
function title.docx_meta(ctx, render)
  local meta = pandoc.Meta{}
  for _, name in ipairs{'title', 'subtitle', 'abstract'} do
    local text = (ctx.request.fields or {})[name]
    if text then
      local blocks = render(pandoc.Pandoc(reader.blocks(text, ctx))).blocks
      meta[name] = name == 'abstract' and pandoc.MetaBlocks(blocks) or pandoc.MetaInlines(pandoc.utils.blocks_to_inlines(blocks))
    end
  end
  local block = ctx.request.title_block or {}
  local names = pandoc.List(block.authors or {}):map(function(name) return pandoc.MetaInlines{pandoc.Str(name)} end)
  if #names > 0 then meta.author = pandoc.MetaList(names) end
  meta.dir = ctx:option 'dir' and pandoc.MetaString(ctx:option 'dir') or nil
  if block.date then meta.date = pandoc.MetaInlines{pandoc.Str(block.date)} end
  meta['toc-title'] = pandoc.MetaInlines(reader.inlines(ctx:option 'toc-title' or ctx:word('toc-title-document', 'Table of contents'), ctx))
  meta['abstract-title'] = pandoc.MetaInlines(reader.inlines(ctx:option 'abstract-title' or ctx:word('section-title-abstract', 'Abstract'), ctx))
  return meta
end

--- Every Markdown field of the request, rendered for the target: inline fields without a paragraph around them.
function title.fields(ctx, render)
  local out = {}
  for name, text in pairs(ctx.request.fields or {}) do
    local blocks = reader.blocks(text, ctx)
    if #blocks == 1 and blocks[1].t == 'Para' then blocks[1] = pandoc.Plain(blocks[1].content) end
    local part = render(pandoc.Pandoc(blocks))
    out[name] = ctx:write(part.blocks)
  end
  return out
end

return title
