-- Panels: `layout-ncol`, `layout-nrow` or `layout="[[1,2],[1]]"` on a div, a float or a cell arrange its blocks in rows.
-- https://quarto.org/docs/authoring/figures.html#complex-layouts
local cells_lib = require 'lib.cell'
local docx = require 'lib.docx'
local node = require 'lib.node'
local panel = require 'lib.panel'
local raw = require 'lib.raw'

local layout = {node = 'layout', needs = {'layout'}}

--- Cells' outputs sit in divs of their own; each is one cell of the panel.
local function arrange(attributes, blocks, ctx)
  local cells = panel.cells(blocks)
  local rows = panel.rows(attributes, #cells)
  if not rows then
    local key = attributes.layout and 'layout' or attributes['layout-ncol'] and 'layout-ncol' or 'layout-nrow'
    local text = key .. '=' .. (key == 'layout' and '"' or '') .. attributes[key]
    ctx:report('OCT-layout-value', 'this layout cannot be read', text, 'for example layout-ncol=2 or layout="[[1,1],[1]]"', nil, {word = key})
    return blocks
  end
  local out, next_cell = pandoc.Blocks{}, 1
  for i = 1, math.huge do
    local row = rows[i] or (next_cell <= #cells and rows[#rows])
    if not row or next_cell > #cells then break end
    local slots = {}
    for _, share in ipairs(row) do
      local content = not share.gap and cells[next_cell] or nil
      if content then next_cell = next_cell + 1 end
      slots[#slots + 1] = {(share.gap and 'gap:' or 'cell:') .. share.width, content or {}}
    end
    out:insert(node.make('layout', pandoc.Attr('', {}, {}), {valign = attributes['layout-valign'], align = attributes['layout-align']}, slots))
  end
  return out
end

local function wants(attributes) return attributes['layout-ncol'] or attributes['layout-nrow'] or attributes.layout end

function layout.parse(doc, ctx)
  return doc:walk{
    Div = function(div)
      local attributes = div.attributes
      if not wants(attributes) then return nil end
      local kind = node.kind(div)
      if kind == 'float' then
        node.set_slot(div, 'content', arrange(attributes, node.slot(div, 'content'), ctx))
        node.set(div, 'panel', 'true')
        return div
      elseif kind then
        return nil
      end
      local sources, rest = cells_lib.split(div.content)
      local laid = pandoc.Div(arrange(attributes, rest, ctx), div.attr)
      for _, key in ipairs{'layout-ncol', 'layout-nrow', 'layout-valign', 'layout-align'} do laid.attributes[key] = nil end
      laid.classes:insert 'quarto-layout-panel'
      if #sources == 0 then return laid end
      laid.classes = laid.classes:filter(function(c) return c ~= 'cell' end)
      sources:insert(laid)
      return pandoc.Div(sources, pandoc.Attr('', {'cell'}))
    end,
  }
end

local function cells(n)
  local out = pandoc.List{}
  for _, slot in ipairs(n.content) do
    local kind, width = slot.attributes['o:slot']:match '^(%a+):(.+)$'
    out:insert{gap = kind == 'gap', width = tonumber(width), content = slot.content}
  end
  return out
end

local JUSTIFY = {left = 'flex-start', center = 'center', right = 'flex-end', default = 'flex-start'}

--- Tables in a panel stand in the middle of their cells, their columns at the left as ever.
local function left_columns(content)
  return pandoc.Blocks(content):walk{Table = function(tbl)
    tbl.colspecs = tbl.colspecs:map(function(spec) return {spec[1] == 'AlignDefault' and 'AlignLeft' or spec[1], spec[2]} end)
    return tbl
  end}
end

--- What a cell holds, as far as its looks depend on it: a subfloat, a table.
local function holds(content)
  local float, table_ = false, false
  content:walk{
    Div = function(div) float = float or div.classes:includes 'quarto-float' end,
    Table = function() table_ = true end,
  }
  return float, table_
end

function layout.html(n)
  local row = pandoc.Div({}, pandoc.Attr('', {'quarto-layout-row'}))
  if node.get(n, 'valign') then row.classes:insert('quarto-layout-valign-' .. node.get(n, 'valign')) end
  for _, cell in ipairs(cells(n)) do
    local is_float, is_table = holds(cell.content)
    local parent = is_float and node.get(n, 'parent')
    local justify = JUSTIFY[node.get(n, 'align') or (is_table and 'center' or 'left')] or 'flex-start'
    local attr = pandoc.Attr('', cell.gap and {'quarto-figure-spacer'} or {})
    if is_table then cell.content = left_columns(cell.content) end
    -- A cell's output and its place in the panel are one block.
    local only = #cell.content == 1 and cell.content[1]
    if only and only.t == 'Div' and only.classes:includes 'cell-output' then attr, cell.content = only.attr:clone(), only.content end
    attr.classes:extend(parent and {'quarto-layout-cell-subref', 'quarto-layout-cell'} or {'quarto-layout-cell'})
    if parent then attr.attributes['data-ref-parent'] = parent end
    attr.attributes.style = ('flex-basis: %.1f%%;justify-content: %s;'):format(cell.width * 100, justify)
    row.content:insert(pandoc.Div(cell.content, attr))
  end
  return row
end

local TYPST_ALIGN = {top = 'top', center = 'horizon', bottom = 'bottom'}

function layout.typst(n)
  local widths, valign = {}, TYPST_ALIGN[node.get(n, 'valign')]
  local all = cells(n)
  local equal_widths = not all:find_if(function(cell) return math.abs(cell.width - all[1].width) > 1e-6 end)
  for _, cell in ipairs(all) do widths[#widths + 1] = equal_widths and '1fr' or ('%.4gfr'):format(cell.width * 100) end
  local align = valign and ', align: ' .. valign or ''
  local open = node.get(n, 'parent') and '#grid(columns: (%s), gutter: 2em%s,' or '#grid(\ncolumns: (%s), gutter: 1em, rows: 1%s,'
  local out = pandoc.Blocks{raw.typst(open:format(table.concat(widths, ', '), align))}
  local side = node.get(n, 'align')
  local aligned = (side == 'left' or side == 'right') and raw.typst('#aligned(' .. side .. ')[')
  for _, cell in ipairs(cells(n)) do
    out:insert(raw.typst '[')
    out:extend(aligned and not cell.gap and raw.wrap(aligned, cell.content, raw.typst ']') or cell.content)
    out:insert(raw.typst '],')
  end
  out:insert(raw.typst ')')
  return out
end

-- Word aligns cells one by one: write/docx_layout.py does, by what the table is called.
local DOCX_STYLE = {center = 'Layout Center', bottom = 'Layout Bottom'}
local DOCX_ALIGN = {left = pandoc.AlignLeft, center = pandoc.AlignCenter, right = pandoc.AlignRight}

function layout.docx(n)
  local row, widths = {}, {}
  for _, cell in ipairs(cells(n)) do
    row[#row + 1] = docx.pictures('Figure', cell.content)
    widths[#widths + 1] = cell.width
  end
  return docx.grid(DOCX_STYLE[node.get(n, 'valign')] or 'Layout', {row}, widths, nil, DOCX_ALIGN[node.get(n, 'align')])
end

function layout.default(n)
  local out = pandoc.Blocks{}
  for _, cell in ipairs(cells(n)) do out:extend(cell.content) end
  return out
end

return layout
