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

--- Rows of cells (each a list of blocks) without rules, for layouts and equations. `widths` are shares of the line.
function docx.grid(style, rows, widths, identifier)
  local out = {}
  for _, row in ipairs(rows) do
    local cells = {}
    for i = 1, #widths do cells[i] = pandoc.Cell(row[i] or {}, pandoc.AlignCenter) end
    out[#out + 1] = pandoc.Row(cells)
  end
  local columns = {}
  for i, width in ipairs(widths) do columns[i] = {pandoc.AlignCenter, width} end
  local body = {attr = pandoc.Attr(), body = out, head = {}, row_head_columns = 0}
  local attr = pandoc.Attr(identifier or '', {}, {['custom-style'] = style})
  return pandoc.Table({long = {}}, columns, pandoc.TableHead(), {body}, pandoc.TableFoot(), attr)
end

--- Blocks whose paragraphs take a paragraph style.
function docx.styled(style, blocks, identifier)
  return pandoc.Div(blocks, pandoc.Attr(identifier or '', {}, {['custom-style'] = style}))
end

--- Inlines in a character style.
function docx.run(style, inlines) return pandoc.Span(inlines, pandoc.Attr('', {}, {['custom-style'] = style})) end

--- The end of a section whose pages stand upright ("portrait") or across ("landscape"); write/docx_sections.py fills it.
function docx.section_end(orientation)
  return pandoc.RawBlock('openxml', ('<w:p><w:pPr><w:sectPr><w:pgSz w:orient="%s"/></w:sectPr></w:pPr></w:p>'):format(orientation))
end

return docx
