-- Citations that Typst sets itself: made such as it takes them, with what it has no place for.
local raw = require 'lib.raw'

local native = {}

--- A suffix without the braces that only say how far a locator goes: `[@x{pp. iv, vi-xi}]`.
local function without_braces(suffix)
  local first = suffix:find_if(function(inline) return inline.t ~= 'Space' end)
  if not first or first.t ~= 'Str' or not first.text:match '^,?{' then return suffix end
  local open = true
  return suffix:map(function(inline)
    if inline.t ~= 'Str' or not open then return inline end
    local text = inline == first and inline.text:gsub('^,?{', '', 1) or inline.text
    local closed, n = text:gsub('}', '', 1)
    open = n == 0
    return pandoc.Str(closed)
  end)
end

-- Styles of Typst's whose citations stand in brackets, as the one that is taken where none is named.
local BRACKETS = {['apa'] = true, ['ieee'] = true, ['mla'] = true, ['chicago-author-date'] = true}

function native.style(ctx)
  return ctx:option 'csl' or ctx:option 'bibliographystyle' or ctx:option 'biblio-style' or 'chicago-author-date'
end

--- Typst's citations have no words in front, as "see" in `[see @x; also @y]`: these come in by a function of ours, behind
--- the bracket if the style is sure to write one. Each is the beginning of a citation of its own.
local function with_prefixes(cite, ctx)
  local out, group = pandoc.Inlines{}, pandoc.List{}
  local function finish()
    if #group == 0 then return end
    if #out > 0 then out:extend{pandoc.Str ';', pandoc.Space()} end
    local prefix = group[1].prefix
    group[1].prefix = pandoc.Inlines{}
    local written = pandoc.Cite({}, group)
    group = pandoc.List{}
    if #prefix == 0 then
      out:insert(written)
    elseif BRACKETS[native.style(ctx)] then
      out:insert(raw.typst_inline('#after-bracket[' .. ctx:write{pandoc.Plain(prefix)}:gsub('%s+$', '') .. ']['))
      out:extend{written, raw.typst_inline ']'}
    else
      out:extend(prefix)
      out:extend{pandoc.Space(), written}
    end
  end
  for _, citation in ipairs(cite.citations) do
    if #citation.prefix > 0 then finish() end
    group:insert(citation)
  end
  finish()
  return out
end

--- The document for Typst's own citations: what no bibliography holds is marked here, since Typst would stop at it.
function native.left(doc, missing, ctx)
  return doc:walk{
    Cite = function(cite)
      local prefixed = false
      for _, citation in ipairs(cite.citations) do
        if missing[citation.id] then return pandoc.Strong{pandoc.Str('?' .. citation.id)} end
        citation.suffix = without_braces(pandoc.Inlines(citation.suffix))
        prefixed = prefixed or #citation.prefix > 0
      end
      return prefixed and with_prefixes(cite, ctx) or cite
    end,
  }
end

return native
