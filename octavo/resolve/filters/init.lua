-- The constructs, one a file, in the order in which they are understood.
local order = {
  require 'filters.escaped',
  require 'filters.conditional', -- what this format does not show is gone before anything is counted
  require 'filters.contents',
  require 'filters.latex',
  require 'filters.html_table',
  require 'filters.list_table',
  require 'filters.macros',
  require 'filters.equation',
  require 'filters.annotation',
  require 'filters.callout',
  require 'filters.theorem',
  require 'filters.proof',
  require 'filters.tabset',
  require 'filters.float',
  require 'filters.figure',
  require 'filters.layout',
  require 'filters.margin',
  require 'filters.columns',
  require 'filters.page_break',
  require 'filters.output',
  require 'filters.code',
  require 'filters.table',
  require 'filters.broken',
  require 'filters.image',
  require 'filters.link',
  require 'filters.math',
  require 'filters.span',
  require 'filters.style',
  require 'filters.section',
}

local by_node = {}
for _, filter in ipairs(order) do
  if filter.node then by_node[filter.node] = filter end
end

--- Whether a document (its Markdown, or its AST as JSON) can hold what a filter is for. A walk over a document takes
--- milliseconds, a search for the words that the construct needs takes none.
local function concerns(filter, text)
  if not filter.needs then return true end
  for _, pattern in ipairs(filter.needs) do
    if text:find(pattern) then return true end
  end
  return false
end

return {order = order, by_node = by_node, concerns = concerns}
