-- Code annotations: `# <1>` at line ends, explained by the numbered list that follows the code.
-- https://quarto.org/docs/authoring/code-annotation.html
local marks = require 'lib.marks'
local node = require 'lib.node'
local raw = require 'lib.raw'

local annotation = {node = 'annotations', needs = {'<%d+>'}}

--- Marks the block with its annotations ("1=3,4 2=7") and the name under which notes and lines find each other: its
--- own, or one by its number among all blocks of code, as in Quarto.
local function annotate(block, ctx)
  if block.attributes['o:annotations'] then return block.attributes['o:annotations'] end
  local own = block.identifier ~= '' and block.identifier
  if not own then ctx.code_count = (ctx.code_count or 0) + 1 end
  local code, found = marks.read(block)
  if not code then return nil end
  block.text = code
  if ctx:option 'code-annotations' == 'none' then return '' end -- then it is code like any other
  local pairs_ = {}
  for number, lines in pairs(found) do pairs_[#pairs_ + 1] = number .. '=' .. table.concat(lines, ',') end
  table.sort(pairs_, function(a, b) return tonumber(a:match '^%d+') < tonumber(b:match '^%d+') end)
  block.attributes['o:cell'] = own or 'annotated-cell-' .. ctx.code_count
  block.attributes['o:annotations'] = table.concat(pairs_, ' ')
  return block.attributes['o:annotations']
end

--- The annotated code in a block: itself, or what a cell shows; its marks, its name and the block.
local function annotate_any(block, ctx)
  if block.t == 'CodeBlock' then
    if block.classes:includes 'cell-code' then return nil end -- met before, in its cell
    local marks = annotate(block, ctx)
    return marks, block.attributes['o:cell'], block
  end
  if block.t ~= 'Div' or not block.classes:includes 'cell' then return nil end
  local marks, name
  block.content = block.content:map(function(child)
    if not marks and child.t == 'CodeBlock' and child.classes:includes 'cell-code' then
      marks = annotate(child, ctx)
      name = child.attributes['o:cell']
    end
    return child
  end)
  return marks, name, block
end

--- The list goes below its code: in a cell, above what the code puts out.
local function placed(block, notes_)
  if block.t ~= 'Div' or not block.classes:includes 'cell' then return {block, notes_} end
  for i, child in ipairs(block.content) do
    if child.t == 'CodeBlock' then
      block.content:insert(i + 1, pandoc.Div({notes_}, pandoc.Attr('', {'cell-annotation'})))
      break
    end
  end
  return {block}
end

--- A number in the list that marks no line explains nothing.
local function check(list, marks, ctx)
  for i, item in ipairs(list.content) do
    local number = tostring(list.start + i - 1)
    if not (' ' .. marks):find(' ' .. number .. '=', 1, true) then
      local text = pandoc.utils.stringify(item)
      ctx:report('OCT-annotation-unused', ('no line of the code is marked `<%s>`'):format(number), text,
        ('write `# <%s>` at the end of the line'):format(number), 'warning')
    end
  end
end

function annotation.parse(doc, ctx)
  local style = ctx:option 'code-annotations'
  if style == false then return doc end
  return doc:walk{
    traverse = 'topdown',
    Blocks = function(blocks)
      local out, i = pandoc.Blocks{}, 1
      while i <= #blocks do
        local marks, name, block = annotate_any(blocks[i], ctx)
        local list = marks and blocks[i + 1] and blocks[i + 1].t == 'OrderedList' and blocks[i + 1]
        if list and style ~= 'none' then
          check(list, marks, ctx)
          local data = {start = list.start, lines = marks, cell = name}
          out:extend(placed(block, node.make('annotations', pandoc.Attr(), data, {{'list', {list}}})))
        else
          out:insert(marks and block or blocks[i])
        end
        i = i + (list and 2 or 1)
      end
      return out
    end,
  }
end

--- "Lines 4-7" in the document's language.
local function term(note, ctx)
  local lines, several = marks.spoken(note.lines)
  return (several and ctx:word('code-lines', 'Lines') or ctx:word('code-line', 'Line')) .. ' ' .. lines
end

--- The explained lines: {number, lines, blocks}, in the list's order.
local function notes(n)
  local lines = {}
  for number, list in node.get(n, 'lines'):gmatch '(%d+)=([%d,]+)' do lines[number] = list end
  local out, start = {}, tonumber(node.get(n, 'start')) or 1
  for i, blocks in ipairs(node.slot(n, 'list')[1].content) do
    local number = tostring(start + i - 1)
    if lines[number] then out[#out + 1] = {number = number, lines = lines[number], blocks = blocks} end
  end
  return out
end

function annotation.html(n, ctx)
  local style = ctx:option 'code-annotations'
  local id = node.get(n, 'cell')
  local container = (style == 'hover' or style == 'select') and 'code-annotation-container-hidden' or 'code-annotation-container-grid'
  local list = pandoc.Blocks{raw.html('<dl class="' .. container .. '">')}
  for _, note in ipairs(notes(n)) do
    list:insert(raw.html(('<dt data-target-cell="%s" data-target-annotation="%s">%s</dt><dd>'):format(id, note.number, note.number)))
    local span = ('<span data-code-cell="%s" data-code-lines="%s" data-code-annotation="%s">'):format(id, note.lines, note.number)
    for _, block in ipairs(note.blocks) do
      if block.t == 'Plain' or block.t == 'Para' then
        local inlines = pandoc.Inlines{raw.html_inline(span)}
        inlines:extend(block.content)
        inlines:insert(raw.html_inline '</span>')
        list:insert(pandoc.Plain(inlines))
      else
        list:insert(block)
      end
    end
    list:insert(raw.html '</dd>')
  end
  list:insert(raw.html '</dl>')
  return list
end

function annotation.typst(n, ctx)
  local entries = {}
  for _, note in ipairs(notes(n)) do
    entries[#entries + 1] = ('(%s, [%s])'):format(raw.quoted(term(note, ctx)), ctx:write(note.blocks))
  end
  return raw.typst('#code-annotations((' .. table.concat(entries, ', ') .. ',))')
end

--- "Line 3: what it does"
function annotation.default(n, ctx)
  local out = pandoc.Blocks{}
  for _, note in ipairs(notes(n)) do
    local inlines = pandoc.Inlines{pandoc.Strong{pandoc.Str(term(note, ctx))}, pandoc.Str ':', pandoc.Space()}
    inlines:extend(pandoc.utils.blocks_to_inlines(note.blocks))
    out:insert(pandoc.Div({pandoc.Para(inlines)}, pandoc.Attr('', {}, {['custom-style'] = 'Code Annotation'})))
  end
  return out
end

return annotation
