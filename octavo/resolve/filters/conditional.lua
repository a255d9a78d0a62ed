-- `.content-visible` and `.content-hidden`, with when-/unless- format, meta and profile.
-- https://quarto.org/docs/authoring/conditional.html

-- The names by which each format answers to `when-format`, besides its own.
local ALIASES = {
  html = {html = true, html4 = true, html5 = true},
  pdf = {pdf = true, latex = true},
  typst = {typst = true},
  docx = {docx = true},
  ipynb = {ipynb = true},
}
local HTML_ONLY = {js = true}

local function is_format(name, ctx)
  local base, feature = name:match '^([%w]+):?(%a*)$'
  return ctx:of_format(function(format)
    if feature ~= '' and HTML_ONLY[feature] then return format == 'html' end
    return base ~= nil and (ALIASES[format] or {[format] = true})[base] == true
  end)
end

--- Whether the metadata under a dotted key are set and not false.
local function is_meta(key, ctx)
  local value = ctx.meta
  for part in key:gmatch '[^.]+' do
    if type(value) ~= 'table' then return false end
    value = value[part]
  end
  return value ~= nil and value ~= false
end

local function is_profile(name, ctx)
  for _, profile in ipairs(ctx.request.profiles or {}) do
    if profile == name then return true end
  end
  return false
end

local TESTS = {format = is_format, meta = is_meta, profile = is_profile}

--- All `when-` conditions hold and no `unless-` condition does.
local function holds(element, ctx)
  for what, test in pairs(TESTS) do
    local when, unless = element.attributes['when-' .. what], element.attributes['unless-' .. what]
    if when and not test(when, ctx) or unless and test(unless, ctx) then return false end
  end
  return true
end

local function strip(element)
  for what in pairs(TESTS) do
    element.attributes['when-' .. what], element.attributes['unless-' .. what] = nil, nil
  end
  element.classes = element.classes:filter(function(c) return c ~= 'content-visible' and c ~= 'content-hidden' end)
  return element
end

--- Macros for LaTeX are commonly defined `when-format="latex"`. pandoc has read them, and no format shows them.
local function only_defines(element)
  return element.t == 'Div' and not element.content:find_if(function(block)
    return not (block.t == 'RawBlock' and block.format == 'tex' and block.text:match '^%s*\\%a*newcommand')
  end)
end

local function decide(element, ctx)
  local visible, hidden = element.classes:includes 'content-visible', element.classes:includes 'content-hidden'
  if not visible and not hidden then return nil end
  if only_defines(element) then return {} end
  if holds(element, ctx) == hidden then return {} end
  element = strip(element)
  local bare = element.identifier == '' and #element.classes == 0 and #element.attributes == 0
  return bare and element.content or element
end

--- What is `.hidden` in a page by its class is not printed either.
local function without_hidden(doc)
  local function keep(element) return element.classes:includes 'hidden' and {} or nil end
  return doc:walk{Div = keep, Span = keep, CodeBlock = keep}
end

return {
  needs = {'content%-visible', 'hidden'},
  elements = {typst = without_hidden, docx = without_hidden, ipynb = without_hidden},
  parse = function(doc, ctx)
    local function each(element) return decide(element, ctx) end
    return doc:walk{traverse = 'topdown', Div = each, Span = each, CodeBlock = function(code)
      local visible, hidden = code.classes:includes 'content-visible', code.classes:includes 'content-hidden'
      if not visible and not hidden then return nil end
      return holds(code, ctx) == hidden and {} or strip(code)
    end}
  end,
}
