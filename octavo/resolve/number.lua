-- Numbers in document order, nested blocks and list items included: sections, floats, theorems, callouts, equations.
-- The same numbers go to every format, so that nothing downstream ever counts.
local node = require 'lib.node'

local ROMAN = {{1000, 'm'}, {900, 'cm'}, {500, 'd'}, {400, 'cd'}, {100, 'c'}, {90, 'xc'}, {50, 'l'}, {40, 'xl'}, {10, 'x'}, {9, 'ix'}, {5, 'v'}, {4, 'iv'}, {1, 'i'}}

local function roman(n)
  local out = ''
  for _, pair in ipairs(ROMAN) do
    while n >= pair[1] do
      out, n = out .. pair[2], n - pair[1]
    end
  end
  return out
end

--- The n-th letter from `first` ("a", "A"); beyond the alphabet as in a spreadsheet (aa, ab, …).
local function letter(n, first)
  local out = ''
  while n > 0 do
    out = string.char(first:byte() + (n - 1) % 26) .. out
    n = (n - 1) // 26
  end
  return out
end

--- A count in one of Quarto's styles: `arabic`, `alpha a`, `alpha A`, `roman i`, `roman I`, or the words of a list in turn.
--- The letter after `alpha` is the one to begin with.
local function styled(n, style)
  if type(style) == 'table' then
    local word = style[(n - 1) % math.max(#style, 1) + 1] or n
    return tostring(math.tointeger(word) or word)
  end
  local kind, first = tostring(style or 'arabic'):match '^(%a+)%s*(%a?)$'
  if kind == 'alpha' then
    first = first ~= '' and first or 'a'
    return letter(n + first:lower():byte() - ('a'):byte(), first:match '%u' and 'A' or 'a')
  end
  if kind == 'roman' then return first == 'i' and roman(n) or roman(n):upper() end
  return tostring(n)
end

local function top_level(doc)
  local top = 7
  doc:walk{Header = function(h) if not h.classes:includes 'unnumbered' then top = math.min(top, h.level) end end}
  return top == 7 and 1 or top
end

--- Section counters that know `number-offset` and skip the levels above the document's first.
local function sections(doc, ctx)
  local top, counts = top_level(doc), {0, 0, 0, 0, 0, 0}
  local offset = ctx:option 'number-offset'
  for i, n in ipairs(type(offset) == 'table' and offset or {offset}) do counts[i] = math.tointeger(tonumber(n) or 0) or 0 end
  local chapter = ctx:option 'o:chapter'
  if chapter then top, counts[1] = 1, chapter.number end
  return function(header)
    local level = math.min(header.level, 6) -- pandoc counts on; there are six
    if not (chapter and level == 1) then counts[level] = counts[level] + 1 end
    for deeper = level + 1, 6 do counts[deeper] = 0 end
    return table.concat(counts, '.', math.min(top, level), level), level == top
  end
end

return function(doc, ctx)
  local crossref = type(ctx.meta.crossref) == 'table' and ctx.meta.crossref or {}
  local section = sections(doc, ctx)
  local book = ctx:option 'o:chapter'
  local counts, labels, chapter = {}, {}, book and book.number
  local parent -- the float around the subfloats being visited: {div, id, number, last}

  -- A notebook holds no outputs and takes its labels' numbers from the page.
  local fixed = ctx.request.numbers or {}

  local function count(prefix, id)
    counts[prefix] = (counts[prefix] or 0) + 1
    local number = styled(counts[prefix], crossref[prefix .. '-labels'] or crossref.labels)
    return fixed[id] or (chapter and chapter .. '.' .. number) or number
  end

  local function label(id, prefix, number, category, more)
    local entry = {id = id, kind = prefix, number = number, name = category.name, prefix = category.prefix, space = category.space, order = #labels + 1}
    for key, value in pairs(more or {}) do entry[key] = value end
    labels[#labels + 1] = entry
  end

  local function chapter_word()
    return book and book.appendix and ctx:word('crossref-apx-prefix', 'Appendix') or ctx:word('crossref-ch-prefix', 'Chapter')
  end

  -- The heading that has become the title of the page: the chapter of a book, or a section without a number.
  if ctx.heading then
    label(ctx.heading.id, 'sec', book and book.number or '', ctx.categories.sec, {title = ctx.heading.title, prefix = book and chapter_word()})
  end

  local visit = {traverse = 'topdown'}

  -- A subfloat is counted within its parent: "(a)" in its caption, "4 (a)" in references.
  local function number_subfloat(div, prefix, category)
    parent.last = parent.last + 1
    node.set(parent.div, 'parts', 'true')
    local sub = '(' .. styled(parent.last, crossref['subref-labels'] or 'alpha a') .. ')'
    node.set(div, 'number', parent.number .. ' ' .. sub)
    node.set(div, 'sub', sub)
    node.set(div, 'parent', parent.id)
    if div.identifier ~= '' then
      label(div.identifier, prefix, parent.number .. ' ' .. sub, category, {parent = parent.id})
    end
  end

  local function number_float(div)
    local category, prefix = ctx.categories[node.get(div, 'type')], node.get(div, 'type')
    if parent then
      number_subfloat(div, prefix, category)
      div.content = div.content:walk(visit) -- whatever stands deeper is a part of the same figure
      return div, false
    end
    local number = count(prefix, div.identifier)
    node.set(div, 'number', number)
    label(div.identifier, prefix, number, category, {title = pandoc.utils.stringify(node.inlines(div, 'caption'))})
    parent = {id = div.identifier, number = number, last = 0, div = div}
    div.content = div.content:walk(visit)
    parent = nil
    return div, false
  end

  function visit.Div(div)
    local kind = node.kind(div)
    if kind == 'float' then return number_float(div) end
    if kind == 'figure' and parent then node.set(parent.div, 'parts', 'true') end
    if kind == 'layout' and parent then node.set(div, 'parent', parent.id) end
    if (kind == 'theorem' or kind == 'callout' or kind == 'proof') and div.identifier ~= '' then
      local category, prefix = ctx:category(div.identifier)
      if category and category.group == kind then
        local number = count(prefix, div.identifier)
        node.set(div, 'number', number)
        label(div.identifier, prefix, number, category, {title = pandoc.utils.stringify(node.inlines(div, 'title'))})
      end
    end
    return div
  end

  function visit.Span(span)
    if node.kind(span) == 'equation' and span.identifier ~= '' then
      local number = count('eq', span.identifier)
      node.set(span, 'number', number)
      label(span.identifier, 'eq', number, ctx.categories.eq)
    end
    return span
  end

  function visit.Header(header)
    local title = pandoc.utils.stringify(header.content)
    local referred = header.identifier:match '^sec%-'
    if header.classes:includes 'unnumbered' then
      if referred then label(header.identifier, 'sec', '', ctx.categories.sec, {title = title}) end
      return header
    end
    local number, is_top = section(header)
    header.attributes['o:number'] = number
    if crossref.chapters and is_top and not book then chapter, counts = number, {} end
    if referred then
      local chapter_name = crossref.chapters and is_top and chapter_word()
      label(header.identifier, 'sec', number, ctx.categories.sec, {title = title, prefix = chapter_name or nil})
    end
    return header
  end

  return doc:walk(visit), labels
end
