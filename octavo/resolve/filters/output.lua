-- What a cell printed: ANSI colours become spans in HTML and go elsewhere; a box of its own in print.
local docx = require 'lib.docx'
local raw = require 'lib.raw'
local ansi = require 'lib.ansi'

local output = {elements = {}, needs = {'cell%-output'}}

local KINDS = {['cell-output-stdout'] = 'stdout', ['cell-output-stderr'] = 'stderr', ['cell-output-error'] = 'error', ['cell-output-display'] = 'display'}

local function kind_of(div)
  if not div.classes:includes 'cell-output' then return nil end
  for _, class in ipairs(div.classes) do
    if KINDS[class] then return KINDS[class] end
  end
end

--- HTML that a cell displays, for a format that is none: its text. (Tables were read before, by html_table.lua.)
local function shows_html(format) return format == 'html' or format == 'ipynb' end

function output.parse(doc, ctx)
  return doc:walk{Div = function(div)
    if kind_of(div) ~= 'display' then return nil end
    return div:walk{RawBlock = function(block)
      if not block.format:match '^html' or ctx:of_format(shows_html) then return nil end
      return pandoc.read(block.text, 'html+tex_math_dollars+tex_math_single_backslash').blocks
    end}
  end}
end

function output.elements.html(doc)
  return doc:walk{
    Div = function(div)
      local kind = kind_of(div)
      if not kind then return nil end
      return div:walk{CodeBlock = function(block)
        if ansi.found(block.text) then
          return pandoc.Div({raw.html('<pre>' .. ansi.html(block.text) .. '</pre>')}, pandoc.Attr('', {'ansi-escaped-output'}))
        end
        if #block.classes > 0 then return nil end
        return raw.html('<pre><code>' .. raw.escape(block.text) .. '</code></pre>')
      end}
    end,
  }
end

local function without_colours(div)
  return div:walk{CodeBlock = function(block)
    block.text = ansi.strip(block.text)
    return block
  end}
end

function output.elements.typst(doc)
  return doc:walk{
    Div = function(div)
      local kind = kind_of(div)
      if not kind then return nil end
      -- What is printed is no code: its lines are not counted.
      div = without_colours(div):walk{CodeBlock = function(block)
        if #block.classes == 0 then block.attributes['code-line-numbers'] = 'false' end
        return block
      end}
      if kind == 'display' and not (div.content[1] and div.content[1].t == 'CodeBlock') then return div end
      return raw.wrap(raw.typst(('#cell-output(kind: "%s")['):format(kind)), div.content, raw.typst ']')
    end,
  }
end

--- A code block would not take a paragraph style: its lines become one styled paragraph.
local function lines(text)
  local inlines = pandoc.Inlines{}
  for line in (text .. '\n'):gmatch '(.-)\n' do
    if #inlines > 0 then inlines:insert(pandoc.LineBreak()) end
    inlines:insert(pandoc.Str(line))
  end
  return pandoc.Para(inlines)
end

function output.elements.docx(doc)
  return doc:walk{
    Div = function(div)
      local kind = kind_of(div)
      if not kind then return nil end
      local style = (kind == 'error' or kind == 'stderr') and 'Cell Error' or 'Cell Output'
      return without_colours(div):walk{CodeBlock = function(block)
        if #block.classes > 0 then return nil end
        return docx.styled(style, {lines(block.text)})
      end}
    end,
  }
end

function output.elements.ipynb(doc)
  return doc:walk{Div = function(div) return kind_of(div) and without_colours(div) or nil end}
end

return output
