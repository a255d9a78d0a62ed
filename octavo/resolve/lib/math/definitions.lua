-- Definitions of macros (`\newcommand` and its like): where they stand, what they say, and which of them never end.
local reader = require 'lib.math.reader'

local definitions = {}

local DEFINES = {}
for name in ('newcommand renewcommand providecommand DeclareMathOperator def let'):gmatch '%a+' do DEFINES[name] = true end
-- These leave alone what is defined already.
local YIELDS = {newcommand = true, providecommand = true}

local function optional(r)
  local inside = reader.option(r)
  return inside and '[' .. inside .. ']' or ''
end

-- The definition behind the command `name`, in a form that may replace an earlier one; nil if it is none.
local function definition(r, name)
  local star = reader.take(r, '^%*') or ''
  local macro = reader.argument(r):match '\\%a+'
  if not macro then return nil end
  local text, body
  if name == 'DeclareMathOperator' then
    body = reader.argument(r)
    text = ('\\DeclareMathOperator%s{%s}{%s}'):format(star, macro, body)
  elseif name == 'let' then
    reader.take(r, '^%s*=')
    body = reader.argument(r)
    text = ('\\let%s=%s'):format(macro, body)
  elseif name == 'def' then
    local _, count = (reader.take(r, '^[^{]*') or ''):gsub('#%d', '')
    body = reader.argument(r)
    text = ('\\renewcommand{%s}[%d]{%s}'):format(macro, count, body)
  else
    local parameters = optional(r) .. optional(r)
    body = reader.argument(r)
    text = ('\\renewcommand{%s}%s{%s}'):format(macro, parameters, body)
  end
  return {by = name, macro = macro, text = text, body = body}
end

--- The definitions in a text, in their order, each with its first and last byte (`from`, `to`); and the text without them.
function definitions.split(tex)
  local found, out, kept = {}, {}, 1
  local r = reader.new(tex)
  while true do
    local from = tex:find('\\', r.at, true)
    if not from then break end
    r.at = from
    local name = reader.take(r, '^\\(%a+)')
    local one = DEFINES[name] and definition(r, name)
    if one then
      one.from, one.to = from, r.at - 1
      found[#found + 1] = one
      out[#out + 1], kept = tex:sub(kept, from - 1), r.at
    elseif not name then
      r.at = from + 2
    end
  end
  out[#out + 1] = tex:sub(kept)
  return found, table.concat(out)
end

local function leads(known, from, to, seen)
  for macro in (known[from] or ''):gmatch '\\%a+' do
    if macro == to then return true end
    if not seen[macro] then
      seen[macro] = true
      if leads(known, macro, to, seen) then return true end
    end
  end
  return false
end

--- Takes a definition into `known` (bodies by macro). True if it leads back to its own macro, so that replacing the macro
--- by what it says never ends: then it is left out.
function definitions.endless(known, one, may_replace)
  if known[one.macro] and YIELDS[one.by] and not may_replace then return false end
  local before = known[one.macro]
  known[one.macro] = one.body
  if one.by == 'let' then known[one.macro] = known[one.body] or '' end -- what the other means now, whatever becomes of it
  if leads(known, one.macro, one.macro, {}) then
    known[one.macro] = before
    return true
  end
  return false
end

--- Whether a text may hold a definition that never ends. It is read without regard to what is code in it.
function definitions.suspicious(text)
  if not text:find('\\%a*command%f[%A]') and not text:find('\\def%f[%A]') and not text:find('\\let%f[%A]')
    and not text:find('\\DeclareMathOperator', 1, true) then return false end
  local known = {}
  for _, one in ipairs((definitions.split(text))) do
    if definitions.endless(known, one, true) then return true end
  end
  return false
end

--- Tells the author of it: the definition begins at the byte `from` of `source`.
function definitions.report(ctx, one, source, from)
  ctx.endless[one.macro] = true
  local message = ('the macro `%s` is defined by itself, so it never ends'):format(one.macro)
  local hint = ('define it by something else, or keep the old meaning first: `\\let\\old%s%s`'):format(one.macro:sub(2), one.macro)
  local before = utf8.len(source, 1, from - 1, true) or from - 1
  ctx:report('OCT-tex-unsupported', message, source, hint, 'error', {at = before})
end

--- Tells the author of a macro over which pandoc has given up.
function definitions.report_loop(ctx, macro)
  local message = ('replacing the macro `%s` by what it says does not end'):format(macro)
  ctx:report('OCT-tex-unsupported', message, macro, 'define it by fewer other macros, and not by itself', 'error', {at = 0})
end

return definitions
