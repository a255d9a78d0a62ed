-- `quarto.doc.is_format` and what else asks which format is being written. PDF is made by Typst, and says so.
local format = {}

local HTML = {html = true, html4 = true, html5 = true, ['html:js'] = true}
local OTHERS = {
  'AsciiDoc', 'Ast', 'Beamer', 'Confluence', 'Dashboard', 'Docusaurus', 'Email', 'Epub', 'GithubMarkdown', 'HtmlSlide', 'HugoMarkdown', 'Jats',
  'Latex', 'Markdown', 'MarkdownWithHtml', 'Native', 'Odt', 'PowerPoint', 'Raw', 'RevealJs', 'Rtf',
}

local function snake(name) return (name:gsub('%u', function(letter) return '_' .. letter:lower() end)) end

--- Functions that answer for one document. `to` is pandoc's name of the writer (`FORMAT`).
function format.of(to)
  local known = {Html = to == 'html', Typst = to == 'typst', Docx = to == 'docx', WordProcessor = to == 'docx', Ipynb = to == 'ipynb'}
  for _, name in ipairs(OTHERS) do known[name] = false end
  local answers = {}
  for name, holds in pairs(known) do
    local ask = 'is' .. name .. 'Output'
    answers[ask] = function() return holds end
    answers[snake(ask)] = answers[ask]
  end
  function answers.isFormat(name) return name == to or to == 'html' and HTML[name] == true end
  answers.is_format = answers.isFormat
  function answers.parseFormat(name) return {format = name, variants = ''} end
  return answers
end

return format
