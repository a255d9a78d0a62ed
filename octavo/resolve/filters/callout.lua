-- Callouts: `::: {.callout-note}`; title by a heading or `title=`, `appearance`, `collapse`, `icon`, numbered if labelled.
-- https://quarto.org/docs/authoring/callouts.html
local take = require 'lib.attributes'.take
local categories = require 'lib.categories'
local docx = require 'lib.docx'
local node = require 'lib.node'
local raw = require 'lib.raw'
local reader = require 'lib.reader'

local KINDS = {note = 'Note', tip = 'Tip', warning = 'Warning', important = 'Important', caution = 'Caution'}
local APPEARANCES = {default = true, simple = true, minimal = true}

local callout = {node = 'callout', KINDS = KINDS}

local function kind_of(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match '^callout%-(%a+)$'
    if kind and KINDS[kind] then return kind, class end
  end
end

--- Takes a leading heading off the content, else the `title` attribute.
local function take_title(div, ctx)
  local first = div.content[1]
  if first and first.t == 'Header' then
    div.content:remove(1)
    return {pandoc.Plain(first.content)}
  end
  local title = div.attributes.title
  div.attributes.title = nil
  return title and title ~= '' and {pandoc.Plain(reader.inlines(title, ctx))} or {}
end

function callout.parse(doc, ctx)
  return doc:walk{
    Div = function(div)
      local kind, class = kind_of(div)
      if not kind then return nil end
      local title = take_title(div, ctx)
      local appearance = take(div, 'appearance') or ctx:option 'callout-appearance' or 'default'
      if not APPEARANCES[appearance] then
        ctx:report('OCT-callout-appearance', ('a callout has no appearance `%s`'):format(appearance), 'appearance="' .. appearance .. '"',
          'default, simple or minimal')
        appearance = 'default'
      end
      local icon = take(div, 'icon')
      if icon == nil then icon = ctx:option 'callout-icon' end
      local hidden = icon == 'false' or icon == false
      -- Quarto's `minimal` is `simple` without an icon; an untitled callout of either has no heading at all.
      if appearance == 'minimal' then hidden, appearance = true, 'simple' end
      local collapse = take(div, 'collapse')
      div.classes = div.classes:filter(function(c) return c ~= class and c ~= 'callout' end)
      local named = appearance == 'default' or #title > 0
      return node.make('callout', node.attr(div), {
        kind = kind, appearance = appearance, icon = hidden and 'false' or 'true', collapse = collapse, named = named and 'true' or nil,
      }, {{'title', title}, {'content', div.content}})
    end,
  }
end

--- The title as printed: "Tip 1: Practice", "Practice", or the kind's name for a callout that shows one.
local function heading(n, ctx)
  local title = node.inlines(n, 'title')
  local name = ctx:word('callout-' .. node.get(n, 'kind') .. '-title', KINDS[node.get(n, 'kind')])
  local number = node.get(n, 'number')
  if number then
    local category = ctx:category(n.identifier)
    local out = categories.numbered(category.name, number, ctx)
    if #title > 0 then out:extend{pandoc.Str ':', pandoc.Space()} end
    out:extend(title)
    return out, false
  end
  if #title > 0 then return title, true end
  return node.get(n, 'named') and pandoc.Inlines{pandoc.Str(name)} or pandoc.Inlines{}, false
end

local function classes(n, titled)
  local out = 'callout callout-style-' .. node.get(n, 'appearance') .. ' callout-' .. node.get(n, 'kind')
  if node.get(n, 'icon') == 'false' then out = out .. ' no-icon' end
  if titled then out = out .. ' callout-titled' end
  for _, class in ipairs(n.classes) do out = out .. ' ' .. class end
  return out
end

local function icon(n)
  return '<div class="callout-icon-container"><i class="callout-icon' .. (node.get(n, 'icon') == 'false' and ' no-icon' or '') .. '"></i></div>'
end

--- A titled callout is a box with a header; a collapsible one holds a <details>, which needs no script.
local function titled_html(n, ctx, title, own)
  local name = ctx:word('callout-' .. node.get(n, 'kind') .. '-title', KINDS[node.get(n, 'kind')])
  local collapse = node.get(n, 'collapse')
  local attr = node.attr(n)
  attr.classes = {}
  local before = '<div' .. raw.attributes(attr) .. ' class="' .. raw.escape(classes(n, true)) .. '">'
  local header = '<div class="callout-header d-flex align-content-center">' .. icon(n) .. '<div class="callout-title-container flex-fill">'
    .. (own and '<span class="screen-reader-only">' .. raw.escape(name) .. '</span>' or '')
  local after_title, body, close = '</div></div>', '<div class="callout-body-container callout-body">', '</div></div>'
  -- Counted as Quarto counts them, so that links and scripts find the same ids.
  ctx.callouts = (ctx.callouts or 0) + 1
  if collapse then
    before = before .. '<details' .. (collapse == 'false' and ' open' or '') .. '><summary>'
    after_title = '</div><div class="callout-btn-toggle"><i class="callout-toggle"></i></div></div></summary>'
    local id = 'callout-' .. ctx.callouts
    body = ('<div id="%s" class="%s-contents callout-collapse collapse%s">'):format(id, id, collapse == 'false' and ' show' or '') .. body
    close = '</div></div></details></div>'
  end
  local head = pandoc.Inlines{raw.html_inline(header)}
  head:extend(title)
  head:insert(raw.html_inline(after_title))
  local out = pandoc.Blocks{raw.html(before), pandoc.Plain(head), raw.html(body)}
  out:extend(node.slot(n, 'content'))
  out:insert(raw.html(close))
  return out
end

function callout.html(n, ctx)
  local title, own = heading(n, ctx)
  if #title > 0 then return titled_html(n, ctx, title, own) end
  local attr = node.attr(n)
  attr.classes = {}
  local open = '<div' .. raw.attributes(attr) .. ' class="' .. raw.escape(classes(n, false)) .. '"><div class="callout-body d-flex">'
    .. icon(n) .. '<div class="callout-body-container">'
  return raw.wrap(raw.html(open), node.slot(n, 'content'), raw.html '</div></div></div>')
end

function callout.typst(n, ctx)
  local title = heading(n, ctx)
  local head = ('#callout(kind: "%s", appearance: "%s", icon: %s, title: '):format(node.get(n, 'kind'), node.get(n, 'appearance'), node.get(n, 'icon'))
  head = head .. (#title > 0 and '[' .. ctx:write{pandoc.Plain(title)} .. ']' or 'none') .. ', body: ['
  local number = node.get(n, 'number')
  if number then head = head:gsub('#callout%(', '#callout(number: ' .. raw.quoted(number) .. ', ', 1) end
  return raw.wrap(raw.typst(head), node.slot(n, 'content'), raw.typst('])' .. raw.label(n.identifier)))
end

--- A table in the style of the kind: edit the style, and all callouts of the kind follow.
function callout.docx(n, ctx)
  local style = 'Callout ' .. KINDS[node.get(n, 'kind')] .. (node.get(n, 'appearance') == 'default' and '' or ' Simple')
  local title = heading(n, ctx)
  local head = #title > 0 and {docx.styled('Callout ' .. KINDS[node.get(n, 'kind')] .. ' Title', {pandoc.Para(title)})} or nil
  return docx.box(style, node.slot(n, 'content'), head, n.identifier)
end

--- A notebook has no callouts: a quotation whose first line is the title.
function callout.ipynb(n, ctx)
  local title = heading(n, ctx)
  if #title == 0 then title = pandoc.Inlines{pandoc.Str(KINDS[node.get(n, 'kind')])} end
  local blocks = pandoc.Blocks{pandoc.Para{pandoc.Strong(title)}}
  blocks:extend(node.slot(n, 'content'))
  return pandoc.BlockQuote(blocks)
end

return callout
