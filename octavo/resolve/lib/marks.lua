-- The marks of code annotations, which stand in comments at the ends of lines: `# <1>`, `// <2>`, `/* <3> */`.
local marks = {}

-- What starts (and ends) a comment, by language; `#` for all others.
local COMMENTS = {
  ['//'] = 'javascript typescript js ts json c cpp c++ cc java go rust scala swift kotlin php csharp dot d d3 node fsharp groovy ojs sass scss asy',
  ['--'] = 'sql lua haskell ada elm mysql psql plsql vhdl',
  ['%'] = 'matlab latex tex tikz octave prolog',
  ['%%'] = 'mermaid',
  ['*'] = 'stata sas',
  [';'] = 'lisp clojure scheme asm ini',
  ['!'] = 'fortran fortran95',
  ['<!--'] = 'html xml markdown svg',
  ['/*'] = 'css c',
  ['"'] = 'vim',
  ['⍝'] = 'apl',
}
local CLOSERS = {['<!--'] = '-->', ['/*'] = '*/'}
local OPENERS = {}
for comment, languages in pairs(COMMENTS) do
  for language in languages:gmatch '%S+' do OPENERS[language] = pandoc.List(OPENERS[language] or {}) .. {comment} end
end

local function escaped(text) return (text:gsub('%p', '%%%0')) end

--- A line without its mark `# <1>` (or `# <1> <2>`), and the mark's numbers; nil if it has none.
local function unmarked(line, openers)
  for _, opener in ipairs(openers) do
    local pattern = '%s*' .. escaped(opener) .. '%s*([<%d>%s]+)%s*' .. escaped(CLOSERS[opener] or '') .. '%s*;?$'
    local numbers = line:match(pattern)
    if numbers and numbers:match '^<%d+>' and not numbers:gsub('<%d+>', ''):match '%S' then return line:gsub(pattern, ''), numbers end
  end
end

--- The code without its marks, and for each annotation number the lines that carry it. Nil if there is none.
function marks.read(block)
  local openers = OPENERS[block.classes[1] or ''] or {'#'}
  local lines, found, any = {}, {}, false
  for line in (block.text .. '\n'):gmatch '(.-)\n' do
    local plain, numbers = unmarked(line, openers)
    for number in (numbers or ''):gmatch '<(%d+)>' do
      found[number], any = found[number] or {}, true
      table.insert(found[number], tostring(#lines + 1))
    end
    lines[#lines + 1] = plain or line
  end
  if any then return table.concat(lines, '\n'), found end
end

--- "3", "3,5", "4-7": runs of lines as ranges, as Quarto names them; the second value is whether they are several.
function marks.spoken(lines)
  local ranges, first, last = {}, nil, nil
  local function close()
    if first then ranges[#ranges + 1] = first == last and tostring(first) or first .. '-' .. last end
  end
  for line in lines:gmatch '%d+' do
    line = tonumber(line)
    if line ~= (last or 0) + 1 or not first then
      close()
      first = line
    end
    last = line
  end
  close()
  return table.concat(ranges, ','), first ~= nil and (#ranges > 1 or first ~= last)
end

return marks
