-- The constructs, one a file, in the order in which they are understood.
local order = {
  require 'filters.escaped',
  require 'filters.conditional', -- what this format does not show is gone before anything is counted
  require 'filters.contents',
  require 'filters.page_break',
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

-- What Quarto has understood already when an author's filter runs before its own: these see nodes, all else as pandoc
-- has read it. Each leaves alone what it has understood, so that they can go over the document again after the filter.
local early = {}
for _, name in ipairs{'escaped', 'conditional', 'contents', 'html_table', 'list_table', 'callout', 'theorem', 'proof', 'tabset', 'float'} do
  early[#early + 1] = require('filters.' .. name)
end

local by_node = {}
for _, filter in ipairs(order) do
  if filter.node then by_node[filter.node] = filter end
end

-- Plain words are found far quicker than patterns.
local function finder(pattern)
  local word = pattern:gsub('%%(%p)', '%1')
  if pattern:gsub('%%%p', ''):find '[%^$()%%.%[%]*+?-]' then return function(text) return text:find(pattern) end end
  return function(text) return text:find(word, 1, true) end
end

local finders = {}
for _, filter in ipairs(order) do finders[filter] = filter.needs and pandoc.List(filter.needs):map(finder) end

--- The filters whose constructs a document (its Markdown, or its AST as JSON) can hold, all of them for no text. A walk over a document takes
--- milliseconds, a search for the words that the construct needs takes none.
local function concerned(text)
  return pandoc.List(order):filter(function(filter)
    return not text or not finders[filter] or finders[filter]:find_if(function(find) return find(text) end) ~= nil
  end)
end

return {early = early, by_node = by_node, concerned = concerned}
