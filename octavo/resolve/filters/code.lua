-- Code blocks: highlighted, with a copy button, optionally folded, numbered, wrapped, under a file name.
-- https://quarto.org/docs/output-formats/html-code.html
local docx = require 'lib.docx'
local highlighting = require 'lib.highlighting'
local raw = require 'lib.raw'

local code = {elements = {}}

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
      return raw.html(highlighting.html(block, ctx))
    end,
    Code = function(inline)
      -- Inline code is highlighted only in a language that pandoc knows.
      local unknown
      inline.classes, unknown = highlighting.known_language(inline, ctx)
      if #unknown == 0 then return inline end
      return raw.html_inline(highlighting.with_classes(pandoc.write(pandoc.Pandoc{pandoc.Plain{inline}}, 'html5'), 'code', unknown))
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
  local language = not highlighting.colourless(ctx) and block.classes:find_if(function(c) return languages[c] end) or ''
  local ticks = fence(block.text)
  return ('%s%s\n%s\n%s'):format(ticks, language:gsub('[^%w]', ''), block.text, ticks)
end

local function without_language(inline) return pandoc.Code(inline.text, pandoc.Attr(inline.identifier)) end

function code.elements.typst(doc, ctx)
  return doc:walk{
    Code = highlighting.colourless(ctx) and without_language or nil,
    CodeBlock = function(block)
      local text = typst_raw(block, ctx)
      local numbers, filename = highlighting.numbered(block, ctx), block.attributes.filename
      if not numbers and not filename then return raw.typst(text) end
      local start = tonumber(block.attributes.startFrom or block.attributes['start-from']) or 1
      return raw.typst(('#code-block(filename: %s, numbers: %s, start: %d)[\n%s\n]'):format(
        filename and raw.quoted(filename) or 'none', tostring(numbers), start, text))
    end,
  }
end

function code.elements.docx(doc, ctx)
  return doc:walk{
    Code = highlighting.colourless(ctx) and without_language or nil,
    CodeBlock = function(block)
      local filename = block.attributes.filename
      local plain = pandoc.CodeBlock(block.text, pandoc.Attr(block.identifier, (highlighting.known_language(block, ctx))))
      if not filename then return plain end
      return {docx.styled('Code Filename', {pandoc.Para{pandoc.Str(filename)}}), plain}
    end,
  }
end

return code
