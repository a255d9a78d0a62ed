-- What theorems and proofs share: a div with a title, a first paragraph that carries the heading, a Typst function.
local categories = require 'lib.categories'
local docx = require 'lib.docx'
local node = require 'lib.node'
local raw = require 'lib.raw'
local reader = require 'lib.reader'

local environment = {}

--- A node from a div; its title is a leading heading or the `name` attribute.
function environment.make(kind, div, data, ctx)
  local first, title = div.content[1], {}
  if first and first.t == 'Header' then
    div.content:remove(1)
    title = {pandoc.Plain(first.content)}
  elseif div.attributes.name then
    title = {pandoc.Plain(reader.inlines(div.attributes.name, ctx))}
  end
  div.attributes.name = nil
  return node.make(kind, node.attr(div), data, {{'title', title}, {'content', div.content}})
end

--- The content with inlines in front of its first paragraph (or in a paragraph of their own).
function environment.lead(blocks, inlines)
  blocks = pandoc.Blocks(blocks):clone()
  local first = blocks[1]
  local lead = pandoc.Inlines(inlines)
  if first and (first.t == 'Para' or first.t == 'Plain') then
    lead:extend(first.content)
    blocks[1] = pandoc.Para(lead)
  else
    blocks:insert(1, pandoc.Para(lead))
  end
  return blocks
end

--- A title in plain words is a string, one with markup is content.
local function typst_title(title, ctx)
  if #title == 0 then return 'none' end
  local plain = not title:find_if(function(inline) return not (inline.t == 'Space' or inline.t == 'Str' and inline.text:match '^[%w,.:;()]+$') end)
  return plain and raw.quoted(pandoc.utils.stringify(title)) or '[' .. ctx:write{pandoc.Plain(title)} .. ']'
end

--- `#definition(title: "Task", name: [Definition], number: "1")[ … ] <def-task>`
function environment.typst(n, call, ctx)
  local title, number = node.inlines(n, 'title'), node.get(n, 'number')
  local open = ('#%s(title: %s, name: [%s], number: %s)['):format(
    call,
    typst_title(title, ctx),
    ctx:write{pandoc.Plain(categories.words(node.get(n, 'name'), ctx))},
    number and raw.quoted(number) or 'none'
  )
  return raw.wrap(raw.typst(open), node.slot(n, 'content'), raw.typst(']' .. raw.label(n.identifier)))
end

--- A box in the table style of the kind ("Definition Block").
function environment.docx(n, blocks, kind)
  return docx.box(kind:sub(1, 1):upper() .. kind:sub(2) .. ' Block', blocks, nil, n.identifier)
end

return environment
