-- `quarto.Callout{…}`, `quarto.Tabset{…}` and the other nodes that a filter can make. Each gives the element that goes
-- into the document, and its view.
local callouts = require 'filters.callout'
local conditional = require 'filters.conditional'
local node = require 'lib.node'
local nodes = require 'lib.user.nodes'
local reader = require 'lib.reader'
local utils = require 'lib.user.utils'

local function attr_of(given)
  local attr = given.attr and pandoc.Attr(given.attr) or pandoc.Attr(given.identifier or given.id or '', given.classes or {}, given.attributes or {})
  return attr
end

--- A title may be given as Markdown.
local function titled(value, ctx)
  if value == nil then return pandoc.Blocks{} end
  if type(value) == 'string' then value = reader.inlines(value, ctx) end
  return pandoc.Blocks{pandoc.Plain(utils.as_inlines(value))}
end

--- The prefix of the kind that `Figure`, `Table` … name.
local function float_prefix(given, ctx)
  local category, prefix = ctx:category(given.identifier or '')
  if category and category.group == 'float' then return prefix end
  return ({Figure = 'fig', Table = 'tbl', Listing = 'lst'})[given.type] or 'fig'
end

--- The constructors for one document.
return function(ctx)
  local make = {}

  local function with_view(div) return div, nodes.view(div) end

  function make.Callout(given)
    local div, kind = pandoc.Div(utils.as_blocks(given.content), attr_of(given)), given.type or 'note'
    -- A kind of the author's own looks like a note, and carries its name for style sheets.
    local own = not callouts.KINDS[kind] and kind
    div.classes:insert('callout-' .. (own and 'note' or kind))
    for _, key in ipairs{'appearance', 'icon', 'collapse'} do
      if given[key] ~= nil then div.attributes[key] = tostring(given[key]) end
    end
    local title = titled(given.title, ctx)
    if #title > 0 then div.content:insert(1, pandoc.Header(2, title[1].content)) end
    local made = callouts.parse(pandoc.Pandoc{div}, ctx).blocks[1]
    if own then made.classes:insert('callout-' .. own) end
    return with_view(made)
  end

  function make.Tab(given) return {t = 'Tab', title = titled(given.title, ctx), content = utils.as_blocks(given.content), active = given.active} end

  function make.Tabset(given)
    local div = node.make('tabset', attr_of(given), {level = given.level or 2}, {})
    if not div.classes:includes 'panel-tabset' then div.classes:insert 'panel-tabset' end
    div.content = nodes.tab_slots(given.tabs or {})
    return with_view(div)
  end

  local function environment(kind)
    return function(given)
      local identifier = given.identifier or given.div and given.div.identifier or ''
      local category = ctx:category(identifier) or ctx.categories[kind == 'proof' and 'proof' or 'thm']
      local content = given.div and given.div.content or utils.as_blocks(given.content)
      local attr = pandoc.Attr(identifier, given.div and given.div.classes or {})
      -- A theorem has a number, and only what has a label is counted before the document is written.
      if kind == 'theorem' and (identifier == '' or ctx.request.operation == 'write') then return pandoc.Div(content, attr) end
      return with_view(node.make(kind, attr, {kind = category.class, name = category.name}, {{'title', titled(given.name, ctx)}, {'content', content}}))
    end
  end
  make.Theorem, make.Proof = environment 'theorem', environment 'proof'

  function make.FloatRefTarget(given)
    local slots = {{'content', utils.as_blocks(given.content)}, {'caption', utils.as_blocks(given.caption_long)}}
    -- What is made when all is numbered stands there without a number.
    if ctx.request.operation == 'write' then return node.make('figure', attr_of(given), {}, slots) end
    return with_view(node.make('float', attr_of(given), {type = float_prefix(given, ctx)}, slots))
  end

  function make.ConditionalBlock(given)
    local div = given.node or pandoc.Div(utils.as_blocks(given.content))
    div.classes:insert(given.behavior or 'content-visible')
    for _, condition in ipairs(given.condition or {}) do div.attributes[condition[1]] = condition[2] end
    local shown = conditional.parse(pandoc.Pandoc{div}, ctx).blocks
    return #shown == 1 and shown[1] or pandoc.Div(shown)
  end

  --- A code block under the name of its file.
  function make.DecoratedCodeBlock(given)
    local code = given.code_block
    if given.filename then code.attributes.filename = given.filename end
    return code
  end

  return make
end
