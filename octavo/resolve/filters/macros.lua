-- Macros that a formula defines (`$$\newcommand{\E}{\mathbb E}$$`) hold for it and all formulas that follow, as they do
-- in a browser. pandoc itself only knows those that are defined outside of formulas, so it is given them there.
local definitions = require 'lib.math.definitions'

local function mentions(tex, names)
  for macro in tex:gmatch '\\%a+' do
    if names[macro] then return true end
  end
  return false
end

local function no_blank_lines(tex) return (tex:gsub('\n%s*\n', '\n')) end

--- What pandoc reads: the definitions and, in dollars, the formulas concerned, all in the order of the document.
local function collect(doc, ctx)
  local text, formulas, names, known = {}, {}, {}, {}
  doc:walk{
    Math = function(m)
      local found, rest = definitions.split(m.text)
      for _, each in ipairs(found) do
        names[each.macro] = true
        if definitions.endless(known, each, true) then
          definitions.report(ctx, each, m.text, each.from)
        else
          text[#text + 1] = no_blank_lines(each.text)
        end
      end
      if #found == 0 and not mentions(m.text, names) then return nil end
      formulas[#formulas + 1] = {from = m.text, bare = rest:match '^%s*$' ~= nil}
      text[#text + 1] = ('$$%s$$'):format(rest:match '^%s*$' and '0' or no_blank_lines(rest))
    end,
  }
  return table.concat(text, '\n\n'), formulas, names
end

local function parse(doc, ctx)
  local text, formulas, names = collect(doc, ctx)
  if not next(names) then return nil end
  local ok, read = pcall(pandoc.read, text, 'markdown')
  if not ok then
    definitions.report_loop(ctx, '\\' .. (tostring(read):match 'macro \\?(%S+)' or ''))
    return nil
  end
  local expanded = {}
  read:walk{Math = function(m) expanded[#expanded + 1] = m.text end}
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
