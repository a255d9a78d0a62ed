-- The captions of labelled divs and cells, their own and those of their parts.
local take = require 'lib.attributes'.take
local node = require 'lib.node'
local reader = require 'lib.reader'

local caption = {}

--- A paragraph of images only is content, not a caption.
local function only_images(para)
  return not para.content:find_if(function(inline) return inline.t ~= 'Image' and inline.t ~= 'SoftBreak' and inline.t ~= 'Space' end)
end

--- The caption given as an attribute, or by the last of several blocks if it is a paragraph; nil if there is none.
function caption.own(div, type_, ctx)
  local given = take(div, type_ .. '-cap') or take(div, 'caption')
  if given and given ~= '' then return {pandoc.Plain(reader.inlines(given, ctx))} end
  local last = div.content[#div.content]
  if last and last.t == 'Para' and #div.content > 1 and not only_images(last) then
    div.content:remove(#div.content)
    return {pandoc.Plain(last.content)}
  end
end

--- The caption of a labelled div: its own, or that of the only table or image in it.
function caption.of_div(div, type_, ctx)
  local own = caption.own(div, type_, ctx)
  if own then return own end
  local only = #div.content == 1 and div.content[1] or nil
  if only and only.t == 'Table' and only.identifier == '' and #only.caption.long > 0 then
    local caption = only.caption.long
    only.caption = {long = {}}
    return caption
  end
  -- A captioned image without a label of its own lends its caption to the div.
  if only and only.t == 'Figure' and only.identifier == '' then
    div.content = only.content
    return only.caption.long
  end
  return {}
end

--- The captions of several parts, one a part.
local function listed(given, key, ctx)
  local ok, list = pcall(pandoc.json.decode, given, false)
  if ok and type(list) == 'table' then return list end
  if given:match '^%s*%[' then
    local hint = ('write it as JSON, such as %s=\'["One", "Two"]\''):format(key)
    ctx:report('OCT-attribute-value', ('the captions in `%s` cannot be read'):format(key), given, hint, 'warning')
  end
end

--- `tbl-cap` on a cell without a label: the captions of its tables, which have no numbers.
function caption.tables(div, ctx)
  local given = take(div, 'tbl-cap')
  if not given then return end
  local texts, count = listed(given, 'tbl-cap', ctx) or {given}, 0
  div.content = div.content:walk{Table = function(table_)
    count = count + 1
    if not texts[count] or #table_.caption.long > 0 then return nil end
    table_.caption = {long = {pandoc.Plain(reader.inlines(texts[count], ctx))}}
    return table_
  end}
end

local SUB = {fig = 'fig-subcap', tbl = 'tbl-subcap'}

--- `fig-subcap: [Left, Right]` on a div or cell: its outputs become subfloats fig-x-1, fig-x-2, …, each made by
--- `make(type, attr, caption, content)`; parts that are floats already get the captions they lack.
function caption.parts(div, type_, make, ctx)
  local given = SUB[type_] and take(div, SUB[type_])
  if not given or given == 'false' then return end
  local captions, count = listed(given, SUB[type_], ctx) or {}, 0
  local function next_caption()
    count = count + 1
    local text = captions[count]
    return type(text) == 'string' and text ~= '' and {pandoc.Plain(reader.inlines(text, ctx))} or {}
  end
  local function part(content)
    local blocks = next_caption()
    return make(type_, pandoc.Attr(('%s-%d'):format(div.identifier, count)), blocks, content), false
  end
  div.content = div.content:walk{
    traverse = 'topdown',
    Div = function(child)
      if node.kind(child) ~= 'float' then return nil end
      local blocks = next_caption()
      if #node.inlines(child, 'caption') == 0 then node.set_slot(child, 'caption', blocks) end
      return child, false
    end,
    Figure = function(figure)
      if type_ == 'fig' then return part(figure.content) end
    end,
    Para = function(para)
      if type_ == 'fig' and #para.content == 1 and para.content[1].t == 'Image' then return part{pandoc.Plain(para.content)} end
    end,
    Table = function(table_)
      if type_ == 'tbl' then return part{table_} end
    end,
  }
end

return caption
