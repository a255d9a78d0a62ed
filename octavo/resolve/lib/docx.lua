-- What DOCX is made of: tables as boxes, paragraphs and runs with a named style. The styles are in the reference document.
local docx = {}

--- Blocks as a table with one cell (and a head row if `head` is given) in a table style, which draws box and colour.
function docx.box(style, blocks, head, identifier)
  local function row(content) return pandoc.Row{pandoc.Cell(content)} end
  local body = {attr = pandoc.Attr(), body = {row(blocks)}, head = {}, row_head_columns = 0}
  local top = pandoc.TableHead(head and {row(head)} or {})
  local attr = pandoc.Attr(identifier or '', {}, {['custom-style'] = style})
  return pandoc.Table({long = {}}, {{pandoc.AlignDefault, 1.0}}, top, {body}, pandoc.TableFoot(), attr)
end

--- Rows of cells (each a list of blocks) without rules, for layouts and equations. `widths` are shares of the line;
--- `align` of the cells goes to all paragraphs in them, also where a style says otherwise.
function docx.grid(style, rows, widths, identifier, align)
  align = align or pandoc.AlignDefault
  local out = {}
  for _, row in ipairs(rows) do
    local cells = {}
    for i = 1, #widths do cells[i] = pandoc.Cell(row[i] or {}, align) end
    out[#out + 1] = pandoc.Row(cells)
  end
  local columns = {}
  for i, width in ipairs(widths) do columns[i] = {align, width} end
  local body = {attr = pandoc.Attr(), body = out, head = {}, row_head_columns = 0}
  local attr = pandoc.Attr(identifier or '', {}, {['custom-style'] = style})
  return pandoc.Table({long = {}}, columns, pandoc.TableHead(), {body}, pandoc.TableFoot(), attr)
end

--- Blocks whose paragraphs take a paragraph style.
function docx.styled(style, blocks, identifier)
  return pandoc.Div(blocks, pandoc.Attr(identifier or '', {}, {['custom-style'] = style}))
end

local function is_image(inline) return inline.t == 'Image' or (inline.t == 'Link' and #inline.content == 1 and inline.content[1].t == 'Image') end

--- Blocks whose paragraphs of images only take a style. A Plain would not take it within lists and tables.
function docx.pictures(style, blocks)
  return pandoc.Blocks(blocks):map(function(block)
    if block.t == 'Div' and not block.attributes['custom-style'] then
      block.content = docx.pictures(style, block.content)
      return block
    end
    if block.t ~= 'Plain' and block.t ~= 'Para' then return block end
    local other = block.content:find_if(function(i) return not is_image(i) and i.t ~= 'SoftBreak' and i.t ~= 'Space' end)
    return other and block or docx.styled(style, {pandoc.Para(block.content)})
  end)
end

--- Inlines in a character style.
function docx.run(style, inlines) return pandoc.Span(inlines, pandoc.Attr('', {}, {['custom-style'] = style})) end

--- The end of a section whose pages stand upright ("portrait") or across ("landscape"); write/docx_sections.py fills it.
function docx.section_end(orientation)
  return pandoc.RawBlock('openxml', ('<w:p><w:pPr><w:sectPr><w:pgSz w:orient="%s"/></w:sectPr></w:pPr></w:p>'):format(orientation))
end

return docx
