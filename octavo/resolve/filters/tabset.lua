-- `.panel-tabset`: each heading of its first one's level starts a tab; `group` keeps tabsets of a site in step. What
-- stands before the first heading belongs to no tab and stays before them.
-- Print formats show the tabs one after the other, each under its heading.
local node = require 'lib.node'
local raw = require 'lib.raw'

local tabset = {node = 'tabset', needs = {'panel%-tabset'}}

local function level_of(blocks)
  for _, block in ipairs(blocks) do
    if block.t == 'Header' then return block.level end
  end
end

function tabset.parse(doc)
  return doc:walk{
    Div = function(div)
      if not div.classes:includes 'panel-tabset' then return nil end
      local level = level_of(div.content)
      if not level then return nil end
      local slots, before = {}, pandoc.Blocks{}
      for _, block in ipairs(div.content) do
        if block.t == 'Header' and block.level == level then
          local active = block.classes:includes 'active'
          slots[#slots + 1] = {'title', {pandoc.Plain(block.content)}}
          slots[#slots + 1] = {active and 'active' or 'content', {}}
        elseif #slots > 0 then
          local content = slots[#slots][2]
          content[#content + 1] = block
        else
          before:insert(block)
        end
      end
      before:insert(node.make('tabset', node.attr(div), {level = level}, slots))
      return before
    end,
  }
end

--- The tabs as a list of {title inlines, content blocks, active}.
local function tabs(n)
  local out, any = {}, false
  for i = 1, #n.content, 2 do
    local content = n.content[i + 1]
    local active = content.attributes['o:slot'] == 'active'
    any = any or active
    out[#out + 1] = {title = pandoc.utils.blocks_to_inlines(n.content[i].content), content = content.content, active = active}
  end
  if not any and out[1] then out[1].active = true end
  return out
end

function tabset.html(n, ctx)
  ctx.tabsets = (ctx.tabsets or 0) + 1
  local group = n.attributes.group
  local attr = node.attr(n)
  attr.attributes.group = nil
  if group then attr.attributes['data-group'] = group end
  local look = 'nav-tabs'
  for _, class in ipairs(attr.classes) do
    if class == 'nav-pills' or class == 'nav-underline' then look = class end
  end
  local head, panes = pandoc.Inlines{raw.html_inline('<ul class="nav ' .. look .. '" role="tablist">')}, pandoc.Blocks{}
  for i, tab in ipairs(tabs(n)) do
    local id = ('tabset-%d-%d'):format(ctx.tabsets, i)
    local active = tab.active and ' active' or ''
    head:insert(raw.html_inline(('<li class="nav-item" role="presentation"><a class="nav-link%s" id="%s-tab" data-bs-toggle="tab" data-bs-target="#%s" role="tab" aria-controls="%s" aria-selected="%s" href="#%s">')
      :format(active, id, id, id, tostring(tab.active), id)))
    head:extend(tab.title)
    head:insert(raw.html_inline '</a></li>')
    -- A div of pandoc's own, so that a section which a heading opens in it ends in it.
    local classes = tab.active and {'tab-pane', 'active'} or {'tab-pane'}
    panes:insert(pandoc.Div(tab.content, pandoc.Attr(id, classes, {{'role', 'tabpanel'}, {'aria-labelledby', id .. '-tab'}})))
  end
  head:insert(raw.html_inline '</ul>')
  local content = pandoc.Div(panes, pandoc.Attr('', {'tab-content'}, group and {['data-group'] = group} or {}))
  return pandoc.Div({pandoc.Plain(head), content}, attr)
end

function tabset.typst(n, ctx)
  local out = pandoc.Blocks{}
  for _, tab in ipairs(tabs(n)) do
    out:insert(raw.typst('#panel(title: [' .. ctx:write{pandoc.Plain(tab.title)} .. '])['))
    out:extend(tab.content)
    out:insert(raw.typst ']')
  end
  return out
end

--- One after the other, each under its title in bold.
function tabset.default(n)
  local out = pandoc.Blocks{}
  for _, tab in ipairs(tabs(n)) do
    out:insert(pandoc.Para{pandoc.Strong(tab.title)})
    out:extend(tab.content)
  end
  return out
end

return tabset
