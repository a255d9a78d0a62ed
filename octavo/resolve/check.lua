-- Labels that label nothing: attributes that were left as text, a prefix that does not fit, a figure that is empty.
local node = require 'lib.node'

local PRINTED = '^{#([%w_.:-]+)}?'

--- Reports the labels of a numbered document that no reference can mean. `references` are all that it makes, `text` its own.
return function(doc, ctx, labels, references, text)
  local numbered, referred = {}, {}
  for _, label in ipairs(labels) do numbered[label.id] = true end
  for _, id in ipairs(references) do referred[id] = true end
  local function fits(element)
    local id = element.identifier
    local category, prefix = ctx:category(id)
    if not category or numbered[id] or id == prefix .. '-' then return end
    local what = ('`%s` labels no %s, so nothing can refer to it'):format(id, category.name:lower())
    ctx:report('OCT-label-prefix', what, '#' .. id, nil, referred[id] and 'error' or 'warning')
  end
  -- Looking at every word takes long, and rarely is there anything to find.
  local printed = text:find('{#', 1, true) ~= nil
  doc:walk{
    Div = function(div)
      if node.kind(div) == 'float' and div.identifier ~= '' and #node.slot(div, 'content') == 0 then
        local message = ('`%s` has nothing in it: no figure, table or listing follows'):format(div.identifier)
        ctx:report('OCT-label-empty', message, div.identifier, nil, 'warning')
      end
      fits(div)
    end,
    Header = function(header) if not header.classes:includes 'unnumbered' then fits(header) end end,
    Span = fits, CodeBlock = fits, Table = fits, Figure = fits, Image = fits,
    Str = printed and function(str)
      local id = str.text:match(PRINTED)
      if id then
        local message = ('the label `%s` belongs to nothing and is printed as text'):format(id)
        ctx:report('OCT-label-stray', message, '{#' .. id, 'it stands right behind what it labels')
      end
    end or nil,
  }
end
