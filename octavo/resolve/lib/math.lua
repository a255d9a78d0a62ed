-- All TeX math of a document goes through here: one rewriting, one reading by pandoc, one repaired MathML tree,
-- and from it the page, Typst and plain text. Word takes the rewritten TeX. Each formula is converted once a process.

local environments = require 'lib.math.environments'
local faults = require 'lib.math.faults'
local html = require 'lib.math.tree'
local mathml = require 'lib.math.mathml'
local tex = require 'lib.math.tex'
local text = require 'lib.math.text'
local typst = require 'lib.math.typst'

-- Of pandoc's writers that write MathML the one for DocBook is the quickest by far: 0.15 ms a formula, HTML 1.3 ms.
local MATHML = pandoc.WriterOptions { html_math_method = 'mathml', wrap_text = 'none' }

local memories = {}

local function memoise(convert)
  local known = { [true] = {}, [false] = {} }
  memories[#memories + 1] = known
  return function(source, display)
    local results = known[display and true or false]
    local result = results[source]
    if result == nil then
      result = convert(source, display and true or false)
      results[source] = result
    end
    return result
  end, known
end

local function pandoc_mathml(source, display)
  local element = pandoc.Math(display and 'DisplayMath' or 'InlineMath', source)
  local log, written = pandoc.log.silence(function()
    return pandoc.write(pandoc.Pandoc { pandoc.Plain { element } }, 'docbook5', MATHML)
  end)
  return written:match('<mml:math.*</mml:math>'), log[1] and tostring(log[1].message or log[1])
end

-- 'unknown command \foo', or where pandoc's reader stopped.
local function short(warning)
  local marked = '\\text{' .. tex.MARK .. '[^}]*}'
  local command = warning:match('unexpected control sequence (\\%S+)')
  if command then return 'unknown command ' .. command end
  if warning:match "unexpected '&'" then return '`&` stands outside of an environment such as `aligned`' end
  local near = warning:match('rendering as TeX:\n([^\n]*)'):gsub(marked, ''):gsub('^%s+', '')
  local what = warning:match('\n(unexpected [^\n]*)') or 'cannot be read'
  return ('%s near "%s"'):format(what, near)
end

local unknown = memoise(function(command)
  local rewritten, message = tex.rewrite(command .. '{a}{b}', false, true)
  if message then return false end
  local _, warning = pandoc_mathml(rewritten, false)
  return warning and warning:find('unexpected control sequence ' .. command, 1, true) and true or false
end)

-- { tree = <repaired MathML> } or { message = why there is none, fault = where }.
local read, read_known = memoise(function(source, display)
  local fault = faults.unbalanced(source) or faults.dollar(source)
  if fault then return { message = fault.message, fault = fault } end
  local rewritten, message = tex.rewrite(source, display, true)
  local xml, warning
  if not message then
    xml, warning = pandoc_mathml(rewritten, display)
    if xml and not warning then return { tree = mathml.tree(xml, display) } end
  end
  local bare = warning and warning:match 'unexpected control sequence (\\%a+)'
  if bare and not unknown(bare) then message = ('`%s` wants an argument'):format(bare) end
  fault = faults.environment(source, environments.known) or faults.command(source, unknown)
  return { message = fault and fault.message or message or short(warning or ''), fault = fault }
end)

local function tree(source, display)
  local result = read(source, display)
  return result.tree or error('math cannot be converted: ' .. result.message .. ' in ' .. source)
end

local math = {}

-- Why the formula cannot be converted, or nil, and where as far as that is known (see `faults`). The other functions
-- raise an error for a formula that this refuses.
function math.check(source, display)
  local result = read(source, display)
  return result.message, result.fault
end

-- '<math display="block">…</math>'. The TeX is not repeated in an <annotation>: no reader sees it, and the search
-- of the site would find formulas by it.
local html_known, text_known, typst_known, docx_known
math.html, html_known = memoise(function(source, display)
  return html.serialise(tree(source, display))
end)

-- Linear notation in Unicode, for alt texts, tooltips and search: '∇_θ L(θ) = ∑_(i = 1)^n L_i'.
math.text, text_known = memoise(function(source)
  return text.write(tree(source, true))
end)

local typst_body
typst_body, typst_known = memoise(function(source, display)
  return typst.write(tree(source, display))
end)

-- An equation in Typst markup. opts.number ('3') is printed at its right, opts.alt is the author's text for those who do not see it, opts.label is what a reference aims at.
function math.typst(source, display, opts)
  opts = opts or {}
  local alt = opts.alt or math.text(source)
  -- PDF/UA wants an alternative text of a formula that shows nothing, too
  local arguments = { ('alt: "%s"'):format(alt == '' and ' ' or typst.string(alt)) }
  if display then table.insert(arguments, 1, 'block: true') end
  if opts.number then arguments[#arguments + 1] = ('numbering: (..) => "(%s)"'):format(typst.string(opts.number)) end
  local space = display and ' ' or ''
  local body = space .. typst_body(source, display) .. space
  local equation = ('#math.equation(%s, $%s$)'):format(table.concat(arguments, ', '), body)
  return opts.label and equation .. (' <%s>'):format(opts.label) or equation
end

-- TeX that pandoc's Word writer takes without a warning.
math.docx, docx_known = memoise(function(source, display)
  return (tex.rewrite(source, display, false))
end)

-- A worker lives for a whole site: it forgets what it has learned before that is too much.
local LIMIT, learned = 3000, 0

local function forget()
  for _, known in ipairs(memories) do known[true], known[false] = {}, {} end
  learned = 0
end

-- All that a formula becomes, for another process to learn.
function math.converted(source, display)
  learned = learned + 1
  return {
    source = source, display = display, html = math.html(source, display), text = math.text(source),
    typst = typst_body(source, display), docx = math.docx(source, display),
  }
end

-- Take over what another process has converted.
function math.learn(formulas)
  learned = learned + #(formulas or {})
  if learned > LIMIT then forget() end
  for _, f in ipairs(formulas or {}) do
    read_known[f.display][f.source] = read_known[f.display][f.source] or {}
    html_known[f.display][f.source], typst_known[f.display][f.source] = f.html, f.typst
    docx_known[f.display][f.source], text_known[false][f.source] = f.docx, f.text
  end
end

return math
