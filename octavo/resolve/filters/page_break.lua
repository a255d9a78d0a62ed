-- A page break: `{{< pagebreak >}}` (or `\newpage` in print formats), a div of its own by the time it is read.
local raw = require 'lib.raw'

local function breaks(block)
  return function(doc)
    return doc:walk{Div = function(div) return div.classes:includes 'page-break' and block or nil end}
  end
end

local function is_break(block) return block.t == 'Div' and block.classes:includes 'page-break' end
local function is_beside(class) return class == 'column-margin' or class == 'aside' end

--- What a style asks for, as a break of its own.
local function asked_by_style(doc)
  return doc:walk{Div = function(div)
    if not (div.attributes.style or ''):match 'page%-break%-after:%s*always' then return nil end
    return {div, pandoc.Div({}, pandoc.Attr('', {'page-break'}))}
  end}
end

--- Typst breaks pages between blocks only; in a list, a box or a column it is the column that breaks, which is the page if
--- there is but one. In the margin nothing breaks. This comes before all that takes a div from around its blocks.
local function between(doc)
  doc = asked_by_style(doc)
  doc.blocks = doc.blocks:map(function(block) return is_break(block) and raw.typst '#pagebreak(weak: true)' or block end)
  doc = doc:walk{Div = function(div)
    if div.classes:find_if(is_beside) then return breaks(pandoc.Blocks{})(div) end
  end}
  return breaks(raw.typst '#colbreak(weak: true)')(doc)
end

return {
  needs = {'page%-break'},
  elements = {
    html = breaks(raw.html '<div style="page-break-after: always;"></div>'),
    typst = between,
    docx = breaks(raw.openxml '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'),
    ipynb = breaks(pandoc.Blocks{}),
  },
}
