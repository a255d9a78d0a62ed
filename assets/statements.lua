-- Fills the div `statements` with an index of what the lectures state (definitions by name, then results by lecture), and
-- the div `glossary` with every word that a definition introduces. It reads the lectures themselves, so it is never behind
-- them.
local RESULTS = {thm = 'Theorem', lem = 'Lemma', prp = 'Proposition', cor = 'Corollary', cnj = 'Conjecture'}
local COUNTED = {def = true, exm = true, exr = true}

local function source(path)
  local file <close> = assert(io.open(path, 'r'))
  return file:read 'a'
end

--- The front matter and the labelled blocks of a Markdown text: the rest says nothing here, and reading it takes time.
local function stated(text)
  text = text:gsub('\n```+{[^\n]*}\n.-\n```+\n', '\n\n') -- what a cell prints is no statement
  local kept, depth = pandoc.List{text:match '^%-%-%-\n.-\n%-%-%-\n'}, 0
  for line in text:gmatch '[^\n]*' do
    local attributes = line:match '^:::+%s*(.*)$'
    local opens = attributes and attributes ~= ''
    if opens and (depth > 0 or attributes:match '#%l%l%l%-') then depth = depth + 1 end
    if depth > 0 then kept:insert(line) end
    if depth > 0 and attributes == '' then
      depth = depth - 1
      kept:insert ''
    end
  end
  return table.concat(kept, '\n')
end

--- Reads what a Markdown file states: its formulas may need the macros.
local function reader(macros)
  return function(path)
    local front, blocks = stated(source(path)):match '^(%-%-%-\n.-\n%-%-%-\n)(.*)$'
    return pandoc.read(front .. '\n' .. macros .. '\n' .. blocks, 'markdown')
  end
end

--- All labelled statements of a page in their order, each with kind, number, label and title.
local function statements(doc)
  local found, counts = pandoc.List{}, {}
  doc.blocks:walk {
    traverse = 'topdown',
    Div = function(div)
      local kind = div.identifier:match '^(%l%l%l)%-'
      if not kind or not (RESULTS[kind] or COUNTED[kind]) then return end
      counts[kind] = (counts[kind] or 0) + 1
      local first = div.content[1]
      local title = first and first.t == 'Header' and first.content or pandoc.Inlines(div.attributes.name or {})
      local body = pandoc.Blocks(div.content)
      if first and first.t == 'Header' then body:remove(1) end
      found:insert {kind = kind, number = counts[kind], id = div.identifier, title = title, body = body}
    end,
  }
  return found
end

-- On paper nothing can be followed, so there the entries name what they are, and the page where it stands if that is bound
-- with this one.
local PRINTED = FORMAT:match 'typst' and 'typst' or FORMAT:match 'latex' and 'latex'
local PAGE = {
  typst = '#h(.6em)#box(width: 1fr)#sym.wj#context if query(<%s>).len() > 0 { counter(page).at(<%s>).first() }',
  latex = '\\hfill\\pageref{%s}',
}

local function on_page(id) return pandoc.RawInline(PRINTED, (PAGE[PRINTED]:gsub('%%s', id))) end

local function reference(id) return pandoc.Cite({pandoc.Str('@' .. id)}, {pandoc.Citation(id, 'AuthorInText')}) end

local function entry(page, statement, name)
  local shown = pandoc.Inlines(statement.title)
  if #shown == 0 then shown = pandoc.Inlines(name .. ' ' .. statement.number) end
  return pandoc.Link(shown, page.address .. '#' .. statement.id, '', {class = 'quarto-xref'})
end

--- The lectures of a folder in their order, with their statements.
local function lectures(folder)
  local read = reader(source(pandoc.path.join{'assets', '_macros.qmd'}))
  local pages = pandoc.List{}
  local names = pandoc.List(pandoc.system.list_directory(folder))
  names:sort()
  for _, name in ipairs(names) do
    if name:match '^%d.*%.qmd$' then
      local doc = read(pandoc.path.join{folder, name})
      pages:insert {address = folder .. '/' .. name, title = doc.meta.title, statements = statements(doc)}
    end
  end
  return pages
end

local function filled(folder)
  local pages = lectures(folder)
  local terms = pandoc.List{}
  local blocks = pandoc.Blocks{pandoc.Header(2, 'Terms', {id = 'terms'})}
  local results = pandoc.Blocks{pandoc.Header(2, 'Results', {id = 'results'})}
  for _, page in ipairs(pages) do
    local items = pandoc.List{}
    for _, statement in ipairs(page.statements) do
      if statement.kind == 'def' then
        local title = pandoc.utils.stringify(statement.title)
        local line = {entry(page, statement, 'Definition'), pandoc.Str ', ', pandoc.Emph(page.title)}
        if PRINTED then line = pandoc.Inlines(statement.title) .. {pandoc.Str ', ', reference(statement.id), on_page(statement.id)} end
        terms:insert {key = title:lower(), line = pandoc.Plain(line)}
      elseif RESULTS[statement.kind] then
        local name = RESULTS[statement.kind]
        local words = pandoc.Inlines(name .. ' ' .. statement.number)
        if #statement.title > 0 then words:extend {pandoc.Str ':', pandoc.Space(), entry(page, statement, name)} else words = pandoc.Inlines{entry(page, statement, name)} end
        if PRINTED then
          words = pandoc.Inlines{reference(statement.id)}
          if #statement.title > 0 then words:extend {pandoc.Str ':', pandoc.Space()} end
          words = words .. statement.title .. {on_page(statement.id)}
        end
        items:insert {pandoc.Plain(words)}
      end
    end
    if #items > 0 then results:extend {pandoc.Header(3, page.title), pandoc.BulletList(items)} end
  end
  terms:sort(function(a, b) return a.key < b.key end)
  blocks:insert(pandoc.BulletList(terms:map(function(term) return {term.line} end)))
  blocks = blocks .. results
  if PRINTED ~= 'typst' then return blocks end
  blocks:insert(1, pandoc.RawBlock('typst', '#columns(2, gutter: 2em)[#set par(justify: false)\n#set text(size: .92em)'))
  blocks:insert(pandoc.RawBlock('typst', ']'))
  return blocks
end

--- The sentences of a definition, as lists of inlines. Paragraphs follow one another, as a formula may stand amid a
--- sentence; each item of a list is a sentence of its own.
local function sentences(blocks)
  local found, current = pandoc.List{}, pandoc.Inlines{}
  local function finish()
    if #current > 0 then found:insert(current) end
    current = pandoc.Inlines{}
  end
  local function take(inlines)
    for _, inline in ipairs(inlines) do
      local label = inline.t == 'Str' and inline.text:match '^{#'
      local blank = inline.t == 'Space' or inline.t == 'SoftBreak'
      if not label and not (blank and #current == 0) then current:insert(inline) end
      local text = inline.t == 'Math' and inline.mathtype == 'DisplayMath' and inline.text or inline.t == 'Str' and inline.text or ''
      if not label and text:match '[.?!][)%s]*$' then finish() end
    end
    if #current > 0 then current:insert(pandoc.Space()) end
  end
  for _, block in ipairs(blocks) do
    if block.t == 'Para' or block.t == 'Plain' then
      take(block.content)
    elseif block.t == 'BulletList' then
      finish()
      for _, item in ipairs(block.content) do
        take(item[1].content)
        local last = current[#current - 1]
        if last and last.t == 'Str' then last.text = last.text:gsub('[,;]$', '.') end
        finish()
      end
    end
  end
  finish()
  return found
end

--- A sentence that stands elsewhere now: what it refers to on its page becomes a link to there.
local THERE = {eq = 'this equation', fig = 'this figure', tbl = 'this table', sec = 'this section'}
local function moved(sentence, page)
  return sentence:walk {
    Cite = function(cite)
      local id = cite.citations[1].id
      local kind = id:match '^(%l%l%l?)%-'
      local words = kind and (THERE[kind] or COUNTED[kind] and 'this definition' or RESULTS[kind])
      if words then return pandoc.Link(words, page.address .. '#' .. id, '', {class = 'quarto-xref'}) end
    end,
    Link = function(link)
      if link.target:match '^%w[^:]*%.qmd' then link.target = pandoc.path.directory(page.address) .. '/' .. link.target end
      return link
    end,
  }
end

--- Every word that a definition sets in italics, with the sentence that explains it, in alphabetical order.
local function glossary(folder)
  local words, seen = pandoc.List{}, {}
  for _, page in ipairs(lectures(folder)) do
    for _, statement in ipairs(page.statements) do
      for _, sentence in ipairs(statement.kind == 'def' and sentences(statement.body) or {}) do
        sentence:walk {
          Emph = function(emph)
            local key = pandoc.utils.stringify(emph):lower()
            if seen[key] then return end
            seen[key] = true
            local term = pandoc.Link(emph.content, page.address .. '#' .. statement.id, '', {class = 'quarto-xref'})
            words:insert {key = key, entry = {{term}, {{pandoc.Para(moved(sentence, page)), pandoc.Para{pandoc.Link(page.title, page.address)}}}}}
          end,
        }
      end
    end
  end
  words:sort(function(a, b) return a.key < b.key end)
  return pandoc.Blocks{pandoc.DefinitionList(words:map(function(word) return word.entry end))}
end

local FILLED = {statements = filled, glossary = glossary}

function Div(div)
  local fill = FILLED[div.identifier]
  if fill then
    div.content = fill(div.attributes.folder)
    div.attributes.folder = nil
    return div
  end
end
