-- Macros that a formula defines (`$$\newcommand{\E}{\mathbb E}$$`) hold for it and all formulas that follow, as they do
-- in a browser. pandoc itself only knows those that are defined outside of formulas, so it is given them there.
local reader = require 'lib.math.reader'

local DEFINES = {}
for name in ('newcommand renewcommand providecommand DeclareMathOperator def let'):gmatch '%a+' do DEFINES[name] = true end

local function optional(r)
  local inside = reader.option(r)
  return inside and '[' .. inside .. ']' or ''
end

-- The definition behind the command `name`, in a form that may replace an earlier one, and the macro it is of.
local function definition(r, name)
  local star = reader.take(r, '^%*') or ''
  local macro = reader.argument(r):match '\\%a+'
  if not macro then return nil end
  if name == 'DeclareMathOperator' then
    return ('\\DeclareMathOperator%s{%s}{%s}'):format(star, macro, reader.argument(r)), macro
  elseif name == 'let' then
    reader.take(r, '^%s*=')
    return ('\\renewcommand{%s}{%s}'):format(macro, reader.argument(r)), macro
  elseif name == 'def' then
    local _, count = (reader.take(r, '^[^{]*') or ''):gsub('#%d', '')
    return ('\\renewcommand{%s}[%d]{%s}'):format(macro, count, reader.argument(r)), macro
  end
  local parameters = optional(r) .. optional(r)
  return ('\\renewcommand{%s}%s{%s}'):format(macro, parameters, reader.argument(r)), macro
end

-- The formula without its definitions; these are added to `found`, and their names to `names`.
local function split(tex, found, names)
  local r, out = reader.new(tex), {}
  while not reader.done(r) do
    local before = r.at
    local name = reader.take(r, '^\\(%a+)')
    local text, macro
    if DEFINES[name] then text, macro = definition(r, name) end
    if text then
      found[#found + 1], names[macro] = text, true
    else
      if not name then r.at = reader.take(r, '^\\.') and r.at or r.at + 1 end
      out[#out + 1] = tex:sub(before, r.at - 1)
    end
  end
  return table.concat(out)
end

local function mentions(tex, names)
  for macro in tex:gmatch '\\%a+' do
    if names[macro] then return true end
  end
  return false
end

local function no_blank_lines(tex) return (tex:gsub('\n%s*\n', '\n')) end

--- What pandoc reads: the definitions and, in dollars, the formulas concerned, all in the order of the document.
local function collect(doc)
  local text, formulas, names = {}, {}, {}
  doc:walk{
    Math = function(m)
      local found = {}
      local rest = split(m.text, found, names)
      for _, each in ipairs(found) do text[#text + 1] = no_blank_lines(each) end
      if #found == 0 and not mentions(m.text, names) then return nil end
      formulas[#formulas + 1] = {from = m.text, bare = rest:match '^%s*$' ~= nil}
      text[#text + 1] = ('$$%s$$'):format(rest:match '^%s*$' and '0' or no_blank_lines(rest))
    end,
  }
  return table.concat(text, '\n\n'), formulas, names
end

local function parse(doc)
  local text, formulas, names = collect(doc)
  if not next(names) then return nil end
  local expanded = {}
  pandoc.read(text, 'markdown'):walk{Math = function(m) expanded[#expanded + 1] = m.text end}
  if #expanded ~= #formulas then return nil end -- a definition that is none: the formulas tell it themselves
  local next_one, emptied = 1, false
  doc = doc:walk{
    Math = function(m)
      local formula = formulas[next_one]
      if not formula or formula.from ~= m.text then return nil end
      next_one = next_one + 1
      if formula.bare then
        emptied = true
        return {}
      end
      m.text = expanded[next_one - 1]
      return m
    end,
  }
  return emptied and doc:walk{Para = function(para) return not para.content[1] and {} or nil end} or doc
end

return {parse = parse, needs = {'\\newcommand', '\\renewcommand', '\\providecommand', '\\DeclareMathOperator', '\\def', '\\let'}}
