-- A block of code as HTML: highlighted, its lines numbered or marked, with a copy button, under a file name, folded.
-- https://quarto.org/docs/output-formats/html-code.html
local kept = require 'lib.kept'
local raw = require 'lib.raw'

local highlighting = {}

local CONSUMED = {'code-line-numbers', 'code-overflow', 'code-copy', 'o:annotations', 'o:cell', 'o:number'}
-- What only a cell's code understands; on any other block they stay, as in Quarto.
local CONSUMED_BY_CELLS = {'code-fold', 'code-summary', 'filename'}
local COPY = '<button title="%s" class="code-copy-button"><i class="bi"></i></button>'

local function truth(value) return value == true or value == 'true' or value == 'show' end

--- A block's own wish (an attribute) before the document's option.
local function wish(block, ctx, key)
  local own = block.attributes[key]
  if own ~= nil then return own end
  return ctx:option(key)
end

--- Whether code keeps its one colour: `highlight-style: none`, or `syntax-highlighting: none`.
function highlighting.colourless(ctx)
  local style = ctx:option 'highlight-style'
  if style == nil then style = ctx:option 'syntax-highlighting' end
  return style == 'none'
end

--- pandoc takes long to find that it does not know a language: such classes are not shown to it, but kept aside.
function highlighting.known_language(block, ctx)
  local unknown, languages = pandoc.List{}, highlighting.colourless(ctx) and {} or ctx.languages
  local known = block.classes:filter(function(class)
    local shown = languages[class] or class:match '%-' or class == 'numberLines'
    if not shown then unknown:insert(class) end
    return shown
  end)
  return known, unknown
end

--- Written HTML whose first `tag` has further classes.
function highlighting.with_classes(html, tag, classes)
  if #classes == 0 then return html end
  local more = raw.escape(table.concat(classes, ' '))
  local open, found = html:gsub('(<' .. tag .. '[^>]-class=")', function(before) return before .. more .. ' ' end, 1)
  if found == 1 then return open end
  return (html:gsub('<' .. tag, function(before) return before .. ' class="' .. more .. '"' end, 1))
end

--- Marks on the annotated lines: an anchor in front of each, by which notes and lines find each other.
local function mark_lines(html, id, spec)
  for number, lines in spec:gmatch '(%d+)=([%d,]+)' do
    for line in lines:gmatch '%d+' do
      local anchor = ('<a class="code-annotation-anchor" data-target-cell="%s" data-target-annotation="%s">%s</a>'):format(id, number, number)
      html = html:gsub('<span id="' .. id:gsub('%-', '%%-') .. '%-' .. line .. '">', function()
        return anchor .. ('<span id="%s-%s" class="code-annotation-target">'):format(id, line)
      end, 1)
    end
  end
  return html
end

--- Pandoc gives each line a name and a link to itself. Where lines are neither numbered nor annotated nobody uses them, and
--- they weigh more than the code's colours.
local function without_lines(html)
  return (html:gsub('<span id="[^"]*%-%d+"><a href="#[^"]*" [^>]*></a>([^\n]*)</span>', '%1'))
end

--- Whether the lines are to be numbered: as the block says itself, or as the document wants it for code that is shown.
function highlighting.numbered(block, ctx)
  local numbers = wish(block, ctx, 'code-line-numbers')
  return block.classes:includes 'numberLines' or block.classes:includes 'number-lines' or numbers ~= nil and numbers ~= false and numbers ~= 'false'
end

local function wraps(block, ctx)
  local own = block.classes:find_if(function(class) return class:match '^code%-overflow%-' end)
  return not own and wish(block, ctx, 'code-overflow') == 'wrap'
end

local written = kept(function(block) return pandoc.write(pandoc.Pandoc{block}, 'html5') end,
  function(block) return pandoc.write(pandoc.Pandoc{block}, 'json') end)

local function highlighted(block, ctx)
  local annotations = block.attributes['o:annotations']
  local id = 'cb' .. (block.attributes['o:number'] or 0)
  local styled = annotations and ctx:option 'code-annotations' ~= 'none'
  if styled then id = block.attributes['o:cell'] end
  local plain = block:clone()
  for _, key in ipairs(CONSUMED) do plain.attributes[key] = nil end
  if block.classes:includes 'cell-code' then
    for _, key in ipairs(CONSUMED_BY_CELLS) do plain.attributes[key] = nil end
  end
  local unknown
  plain.classes, unknown = highlighting.known_language(block, ctx)
  if highlighting.numbered(block, ctx) and not plain.classes:includes 'number-lines' then plain.classes:insert 'number-lines' end
  if wraps(block, ctx) then plain.classes:insert 'code-overflow-wrap' end
  if styled then plain.classes:insert 'code-annotation-code' end
  local html = highlighting.with_classes(written(plain), 'pre', unknown)
  -- As in Quarto, that it is a cell's code is said by the block around it.
  html = html:gsub('^(<div class="sourceCode)(.-<pre[^>]-) cell%-code', '%1 cell-code%2', 1)
  if id ~= 'cb1' then html = html:gsub('id="cb1', 'id="' .. id):gsub('href="#cb1', 'href="#' .. id) end
  if not styled and not highlighting.numbered(block, ctx) then html = without_lines(html) end
  if styled then html = mark_lines(html, id, annotations):gsub('(<pre%s+class="[^"]*)"', '%1 code-annotated"', 1) end
  return html
end

--- `code-block-border-left` and `code-block-bg`: true or a colour.
local function framed(html, ctx)
  local border, ground, style = ctx:option 'code-block-border-left', ctx:option 'code-block-bg', ''
  if border then style = ('border-left: 3px solid %s;'):format(border == true and 'var(--line)' or border) end
  if type(ground) == 'string' then style = style .. ('background-color: %s;'):format(ground) end
  if ground == false then style = style .. 'background: none;' end
  if style == '' then return html end
  return (html:gsub('^(<div class="sourceCode[^>]*)>', function(open) return open .. ' style="' .. raw.escape(style) .. '">' end, 1))
end

local function with_copy(html, block, ctx)
  if not html:match '^<div class="sourceCode' or tostring(wish(block, ctx, 'code-copy')) == 'false' then return html end
  html = html:gsub('<pre%s+class="([^"]*)"', '<pre class="%1 code-with-copy"', 1)
  local title = raw.escape(ctx:word('copy-button-tooltip', 'Copy to Clipboard'))
  return '<div class="code-copy-outer-scaffold">' .. html .. COPY:format(title) .. '</div>'
end

local function with_filename(html, block)
  local filename = block.attributes.filename
  if not filename then return html end
  return ('<div class="code-with-filename"><div class="code-with-filename-file"><pre><strong>%s</strong></pre></div>%s</div>')
    :format(raw.escape(filename), html)
end

--- Only a cell's code folds, as in Quarto.
local function folded(html, block, ctx)
  local fold = wish(block, ctx, 'code-fold')
  local wanted = block.classes:includes 'cell-code' and (truth(fold))
  if not wanted then return html end
  local summary = wish(block, ctx, 'code-summary') or ctx:word('code-summary', 'Code')
  return ('<details class="code-fold"%s><summary>%s</summary>%s</details>'):format(fold == 'show' and ' open' or '', raw.escape(summary), html)
end

--- The block with all that the author asks for around it.
function highlighting.html(block, ctx)
  local html = with_copy(framed(highlighted(block, ctx), ctx), block, ctx)
  return folded(with_filename(html, block), block, ctx)
end

return highlighting
