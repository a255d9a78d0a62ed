-- What can be referred to, by the prefix of its label: Quarto's kinds, and those a project adds (`crossref: custom`).
local reader = require 'lib.reader'

local categories = {}

local FLOATS = {
  fig = {name = 'Figure', caption = 'bottom'},
  tbl = {name = 'Table', caption = 'top'},
  lst = {name = 'Listing', caption = 'top'},
}
local THEOREMS = {
  thm = {name = 'Theorem', class = 'theorem'},
  lem = {name = 'Lemma', class = 'lemma'},
  cor = {name = 'Corollary', class = 'corollary'},
  prp = {name = 'Proposition', class = 'proposition'},
  cnj = {name = 'Conjecture', class = 'conjecture'},
  def = {name = 'Definition', class = 'definition'},
  exm = {name = 'Example', class = 'example'},
  exr = {name = 'Exercise', class = 'exercise'},
  alg = {name = 'Algorithm', class = 'algorithm'},
}
local PROOFS = {
  proof = {name = 'Proof', class = 'proof'},
  rem = {name = 'Remark', class = 'remark'},
  sol = {name = 'Solution', class = 'solution'},
}
local CALLOUTS = {
  nte = {name = 'Note', class = 'note'},
  tip = {name = 'Tip', class = 'tip'},
  wrn = {name = 'Warning', class = 'warning'},
  imp = {name = 'Important', class = 'important'},
  cau = {name = 'Caution', class = 'caution'},
}
local OTHERS = {eq = {name = 'Equation'}, sec = {name = 'Section'}}

local GROUPS = {float = FLOATS, theorem = THEOREMS, proof = PROOFS, callout = CALLOUTS, other = OTHERS}

-- Keys of the language table: `crossref-fig-title` names the kind in captions, `crossref-fig-prefix` in references;
-- proofs and remarks are named by `environment-…-title`.
local ENVIRONMENT = {proof = 'proof', rem = 'remark', sol = 'solution'}

--- A prefix may be given as a list, of which the first form is the one for a single thing.
local function single(value) return type(value) == 'table' and value[1] or value end

--- All kinds of a document by prefix: {group, name, prefix, class, caption}, in the document's language and with the
--- project's own words (`crossref: {fig-title: …, fig-prefix: …, custom: […]}`).
function categories.of(meta, strings)
  local crossref = type(meta.crossref) == 'table' and meta.crossref or {}
  local all = {}
  for group, kinds in pairs(GROUPS) do
    for prefix, kind in pairs(kinds) do
      local environment = ENVIRONMENT[prefix] and strings['environment-' .. ENVIRONMENT[prefix] .. '-title']
      local callout = group == 'callout' and strings['callout-' .. kind.class .. '-title']
      local usual = strings['crossref-' .. prefix .. '-title'] or environment or callout or kind.name
      local name = crossref[prefix .. '-title'] or usual
      -- A title of one's own is for captions only.
      local reference = single(crossref[prefix .. '-prefix']) or strings['crossref-' .. prefix .. '-prefix'] or usual
      all[prefix] = {group = group, name = name, prefix = reference, class = kind.class, caption = kind.caption}
    end
  end
  for _, custom in ipairs(crossref.custom or {}) do
    if custom.key then
      all[custom.key] = {
        group = 'float',
        name = custom['caption-prefix'] or custom['reference-prefix'] or custom.key,
        prefix = custom['reference-prefix'] or custom['caption-prefix'] or custom.key,
        space = custom['space-before-numbering'] ~= false,
        caption = custom['caption-location'] or 'bottom',
      }
    end
  end
  return all
end

--- A kind's name as inlines: an author may have given it in Markdown ("**Fig.**").
function categories.words(name, ctx)
  if not name:find '[*_`$\\<%[~^]' then return name ~= '' and pandoc.Inlines{pandoc.Str(name)} or pandoc.Inlines{} end
  return reader.inlines(name, ctx)
end

--- "Figure 1": a kind's name and the number of one of its things; `space` is false where none stands between.
function categories.numbered(name, number, ctx, space)
  local out = categories.words(name, ctx)
  out:insert(pandoc.Str((space ~= false and #out > 0 and '\u{a0}' or '') .. number))
  return out
end

--- The prefix of a label ("fig" of "fig-sine"), its case ignored in the first letter (`@Fig-sine`).
function categories.prefix(label)
  local prefix = label:match '^([%a]+)%-.'
  return prefix and (prefix:sub(1, 1):lower() .. prefix:sub(2)) or nil
end

return categories
