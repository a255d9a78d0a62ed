-- Code blocks: highlighted, with a copy button, optionally folded, numbered, wrapped, under a file name.
-- https://quarto.org/docs/output-formats/html-code.html
local docx = require 'lib.docx'
local kept = require 'lib.kept'
local raw = require 'lib.raw'

local code = {elements = {}}

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
local function colourless(ctx)
  local style = ctx:option 'highlight-style'
  if style == nil then style = ctx:option 'syntax-highlighting' end
  return style == 'none'
end

--- pandoc takes long to find that it does not know a language: such classes are not shown to it, but kept aside.
local function known_language(block, ctx)
  local unknown, languages = pandoc.List{}, colourless(ctx) and {} or ctx.languages
  local known = block.classes:filter(function(class)
    local shown = languages[class] or class:match '%-' or class == 'numberLines'
    if not shown then unknown:insert(class) end
    return shown
  end)
  return known, unknown
end

--- Written HTML whose first `tag` has further classes.
local function with_classes(html, tag, classes)
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
local function numbered(block, ctx)
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
  plain.classes, unknown = known_language(block, ctx)
  if numbered(block, ctx) and not plain.classes:includes 'number-lines' then plain.classes:insert 'number-lines' end
  if wraps(block, ctx) then plain.classes:insert 'code-overflow-wrap' end
  if styled then plain.classes:insert 'code-annotation-code' end
  local html = with_classes(written(plain), 'pre', unknown)
  -- As in Quarto, that it is a cell's code is said by the block around it.
  html = html:gsub('^(<div class="sourceCode)(.-<pre[^>]-) cell%-code', '%1 cell-code%2', 1)
  if id ~= 'cb1' then html = html:gsub('id="cb1', 'id="' .. id):gsub('href="#cb1', 'href="#' .. id) end
  if not styled and not numbered(block, ctx) then html = without_lines(html) end
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

--- Fences that are shown, not run, are written with doubled braces: ```{{python}}, `{{python}} x`.
local function unescape(text)
  return (('\n' .. text):gsub('(\n%s*[`~]+)(%b{})', function(fence, braces)
    return fence .. (braces:match '^{(%b{})}$' or braces)
  end):sub(2))
end

--- Blocks are counted in the order of the text, whatever they are, unless they have a name: so does pandoc, in Quarto.
local function count(doc)
  local number = 0
  return doc:walk{CodeBlock = function(block)
    if block.identifier ~= '' or block.attributes['o:cell'] then return nil end
    number = number + 1
    block.attributes['o:number'] = tostring(number)
    return block
  end}
end

local function is_page(format) return format ~= 'ipynb' end

function code.parse(doc, ctx)
  if ctx:of_format(is_page) then doc = count(doc) end
  -- A filter of the author's may have made any of these.
  local function may_hold(word) return ctx.request.user or ctx.request.markdown:find(word, 1, true) end
  local named, doubled = may_hold 'filename', may_hold '{{'
  return doc:walk{
    -- A cell's file name is that of the code it shows.
    Div = named and function(div)
      local filename = div.classes:includes 'cell' and div.attributes.filename
      if not filename then return nil end
      div.attributes.filename = nil
      return div:walk{CodeBlock = function(block)
        if block.classes:includes 'cell-code' then block.attributes.filename = filename end
        return block
      end}
    end or nil,
    CodeBlock = doubled and function(block)
      block.text = unescape(block.text)
      return block
    end or nil,
    Code = doubled and function(inline)
      inline.text = inline.text:gsub('^{({%a+})}', '%1')
      return inline
    end or nil,
  }
end

function code.elements.html(doc, ctx)
  return doc:walk{
    CodeBlock = function(block)
      local html = with_copy(framed(highlighted(block, ctx), ctx), block, ctx)
      return raw.html(folded(with_filename(html, block), block, ctx))
    end,
    Code = function(inline)
      -- Inline code is highlighted only in a language that pandoc knows.
      local unknown
      inline.classes, unknown = known_language(inline, ctx)
      if #unknown == 0 then return inline end
      return raw.html_inline(with_classes(pandoc.write(pandoc.Pandoc{pandoc.Plain{inline}}, 'html5'), 'code', unknown))
    end,
  }
end

local function fence(text)
  local longest = 2
  for ticks in text:gmatch '`+' do longest = math.max(longest, #ticks) end
  return ('`'):rep(longest + 1)
end

--- A Typst raw block: fenced, since highlighting by language comes with it.
local function typst_raw(block, ctx)
  local languages = ctx.languages
  local language = not colourless(ctx) and block.classes:find_if(function(c) return languages[c] end) or ''
  local ticks = fence(block.text)
  return ('%s%s\n%s\n%s'):format(ticks, language:gsub('[^%w]', ''), block.text, ticks)
end

local function without_language(inline) return pandoc.Code(inline.text, pandoc.Attr(inline.identifier)) end

function code.elements.typst(doc, ctx)
  return doc:walk{
    Code = colourless(ctx) and without_language or nil,
    CodeBlock = function(block)
      local text = typst_raw(block, ctx)
      local numbers, filename = numbered(block, ctx), block.attributes.filename
      if not numbers and not filename then return raw.typst(text) end
      local start = tonumber(block.attributes.startFrom or block.attributes['start-from']) or 1
      return raw.typst(('#code-block(filename: %s, numbers: %s, start: %d)[\n%s\n]'):format(
        filename and raw.quoted(filename) or 'none', tostring(numbers), start, text))
    end,
  }
end

function code.elements.docx(doc, ctx)
  return doc:walk{
    Code = colourless(ctx) and without_language or nil,
    CodeBlock = function(block)
      local filename = block.attributes.filename
      local plain = pandoc.CodeBlock(block.text, pandoc.Attr(block.identifier, (known_language(block, ctx))))
      if not filename then return plain end
      return {docx.styled('Code Filename', {pandoc.Para{pandoc.Str(filename)}}), plain}
    end,
  }
end

return code
