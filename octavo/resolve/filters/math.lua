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

function filter.elements.html(doc)
  return doc:walk{
    Math = function(m)
      local display = m.mathtype == 'DisplayMath'
      local class = 'math ' .. (display and 'display' or 'inline')
      if broken(m, display) then
        return raw.html_inline(('<code class="%s octavo-broken">%s</code>'):format(class, raw.escape(m.text)))
      end
      return raw.html_inline(('<span class="%s">%s</span>'):format(class, math.html(m.text, display)))
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
