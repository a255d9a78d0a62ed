-- What a layout asks for: the rows of a panel, and the cells that fill them.
local panel = {}

--- One row's numbers as {width = share of the line, gap = true} entries; negative numbers are gaps.
local function shares(row)
  local sum, out = 0, {}
  for _, n in ipairs(row) do sum = sum + math.abs(n) end
  -- Percentages that do not fill the line stay as they are: the rest of the line is empty.
  local total = sum > 0 and sum or 1
  for _, n in ipairs(row) do out[#out + 1] = {width = math.abs(n) / total, gap = n < 0} end
  return out
end

local function equal(n, columns)
  local row = {}
  for i = 1, columns or n do row[i] = {width = 1 / (columns or n), gap = false} end
  return row
end

--- The rows that the author asks for, for `count` cells: lists of shares. Nil if the layout is not readable.
function panel.rows(attributes, count)
  if attributes.layout then
    local ok, spec = pcall(pandoc.json.decode, attributes.layout, false)
    if not ok or type(spec) ~= 'table' or #spec == 0 then return nil end
    if type(spec[1]) ~= 'table' then spec = {spec} end
    local rows = {}
    for i, row in ipairs(spec) do
      for _, n in ipairs(row) do
        if type(n) ~= 'number' then return nil end
      end
      rows[i] = shares(row)
    end
    return rows
  end
  local columns = tonumber(attributes['layout-ncol'])
  local wanted = tonumber(attributes['layout-nrow'])
  if not columns and wanted and wanted > 0 then columns = math.ceil(count / wanted) end
  if not columns or columns < 1 then return nil end
  local rows = {}
  for _ = 1, math.ceil(count / columns) do rows[#rows + 1] = equal(columns) end
  return rows
end

--- The blocks to lay out: images that share a paragraph are cells of their own, headings stay with the next block.
function panel.cells(blocks)
  local cells = pandoc.List{}
  local heading
  for _, block in ipairs(blocks) do
    local images = block.t == 'Para' and block.content:filter(function(i) return i.t ~= 'SoftBreak' and i.t ~= 'Space' end)
    local only_images = images and #images > 1 and not images:find_if(function(i) return i.t ~= 'Image' and not (i.t == 'Link' and #i.content == 1) end)
    if block.t == 'Header' then
      heading = block
    elseif only_images then
      for _, image in ipairs(images) do cells:insert(pandoc.Blocks{pandoc.Plain{image}}) end
    elseif block.t ~= 'RawBlock' or not block.text:match '^%s*$' then
      cells:insert(heading and pandoc.Blocks{heading, block} or pandoc.Blocks{block})
      heading = nil
    end
  end
  return cells
end

return panel
