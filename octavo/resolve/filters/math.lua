-- Mathematics: checked once where it is read, then written as MathML, Typst, or TeX that pandoc's DOCX writer takes.
local math = require 'lib.math'
local raw = require 'lib.raw'

local filter = {elements = {}}

--- Every formula is checked where it is read, and converted once for all formats of the page.
function filter.parse(doc, ctx)
  local seen = {}
  return doc:walk{
    Math = function(m)
      local display = m.mathtype == 'DisplayMath'
      local message, fault = math.check(m.text, display)
      if not message and not seen[m.mathtype .. m.text] then
        seen[m.mathtype .. m.text] = true
        table.insert(ctx.formulas, math.converted(m.text, display))
      end
      if message and not (fault and ctx.endless[fault.word]) then -- such a macro has been told where it is defined
        local where = fault and {at = fault.at, word = fault.word, among = fault.among} or {at = 0}
        ctx:report('OCT-tex-unsupported', 'this TeX cannot be converted: ' .. message, m.text, nil, 'error', where)
      end
    end,
  }
end

local function marked(m) return {pandoc.Strong{pandoc.Str '?'}, pandoc.Code(m.text)} end

local function broken(m, display)
  return math.check(m.text, display) ~= nil
end

local function html(m)
  local display = m.mathtype == 'DisplayMath'
  local class = 'math ' .. (display and 'display' or 'inline')
  if broken(m, display) then
    return raw.html_inline(('<code class="%s octavo-broken">%s</code>'):format(class, raw.escape(m.text)))
  end
  return raw.html_inline(('<span class="%s">%s</span>'):format(class, math.html(m.text, display)))
end

local function is_inline(inline) return inline and inline.t == 'Math' and inline.mathtype == 'InlineMath' end

--- What of a word stays beside the formula before it: all of a short one ("-th", "s"), else its leading marks.
local function tail(inline)
  if not inline or inline.t ~= 'Str' then return '' end
  return #inline.text <= 8 and inline.text or inline.text:match '^[%p\x80-\xff]*'
end

--- Browsers break a line between a formula and the comma behind it, or the bracket before it: these go into one span.
local function joined(inlines)
  local out, i = pandoc.Inlines{}, 1
  while i <= #inlines do
    local inline, before = inlines[i], out[#out]
    if is_inline(inline) then
      local after = tail(inlines[i + 1])
      local bracket = before and before.t == 'Str' and before.text:match '^%p+$'
      local together = pandoc.Inlines{html(inline)}
      if bracket then together:insert(1, out:remove()) end
      if after ~= '' then
        together:insert(pandoc.Str(after))
        inlines[i + 1].text = inlines[i + 1].text:sub(#after + 1)
        if inlines[i + 1].text == '' then i = i + 1 end
      end
      out:insert(#together > 1 and pandoc.Span(together, {class = 'math-joined'}) or together[1])
    else
      out:insert(inline.t == 'Math' and html(inline) or inline)
    end
    i = i + 1
  end
  return out
end

--- Only where there is a formula: most lists of inlines have none.
function filter.elements.html(doc)
  return doc:walk{
    Inlines = function(inlines)
      if inlines:find_if(function(inline) return inline.t == 'Math' end) then return joined(inlines) end
    end,
  }
end

function filter.elements.typst(doc)
  return doc:walk{
    Math = function(m)
      local display = m.mathtype == 'DisplayMath'
      if broken(m, display) then return marked(m) end
      return raw.typst_inline(math.typst(m.text, display, {}))
    end,
  }
end

function filter.elements.docx(doc)
  return doc:walk{
    Math = function(m)
      local display = m.mathtype == 'DisplayMath'
      if broken(m, display) then return marked(m) end
      m.text = math.docx(m.text, display)
      return m
    end,
  }
end

return filter
