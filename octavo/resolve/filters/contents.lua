-- `{{< contents id >}}`: the div, span or cell with that id, taken from where it stands to where it is asked for.
-- https://quarto.org/docs/authoring/contents.html
local contents = {needs = {'o%-contents'}}

local MARK = 'o-contents'

--- The id that a mark left by the shortcode asks for.
local function asked(element)
  return element.classes:includes(MARK) and element.attributes.of or nil
end

--- A cell with the label `a-cell` has the id `cell-a-cell` in HTML; in a notebook its mark names it.
local function name_of(element, wanted)
  local id = element.attributes['cell-label'] or element.identifier
  if id == '' then return nil end
  return wanted[id] and id or wanted[id:gsub('^cell%-', '')] and (id:gsub('^cell%-', '')) or nil
end

function contents.parse(doc, ctx)
  local wanted, any = {}, false
  local function note(element)
    local id = asked(element)
    if id then wanted[id], any = true, true end
  end
  doc:walk{Div = note, Span = note}
  if not any then return nil end
  local found = {}
  local function take(element)
    local name = not asked(element) and name_of(element, wanted)
    if not name or found[name] then return nil end
    found[name] = element
    return {}
  end
  doc = doc:walk{traverse = 'topdown', Div = take, Span = take}
  local function missing(id)
    ctx:report('OCT-contents-missing', ('there is no div, span or cell with the id `%s`'):format(id), 'contents ' .. id,
      'the id stands in braces, as in `::: {#' .. id .. '}`')
  end
  return doc:walk{
    Div = function(mark)
      local id = asked(mark)
      if not id then return nil end
      local element = found[id]
      if not element then missing(id) return {} end
      return element.t == 'Span' and pandoc.Para{element} or element
    end,
    Span = function(mark)
      local id = asked(mark)
      if not id then return nil end
      local element = found[id]
      if not element then missing(id) return {} end
      if element.t == 'Span' then return element end
      -- A block cannot stand in a paragraph: its words can.
      return pandoc.Span(pandoc.utils.blocks_to_inlines(element.content, {pandoc.Space()}), element.attr)
    end,
  }
end

return contents
