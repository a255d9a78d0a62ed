-- Markdown in the settings of a site (a menu's text, a footer) as HTML.
local FORMAT = 'markdown-yaml_metadata_block-implicit_figures'
local OPTIONS = pandoc.WriterOptions{wrap_text = 'none', email_obfuscation = 'none', html_math_method = 'mathml'}

--- `{text, inline}` → `{html}`; inline text is no list and no heading, whatever it begins with.
return function(request)
  if not request.inline then
    return {html = pandoc.write(pandoc.read(request.text, FORMAT), 'html', OPTIONS)}
  end
  local inlines = pandoc.utils.blocks_to_inlines(pandoc.read('x ' .. request.text, FORMAT).blocks)
  inlines:remove(1)
  inlines:remove(1)
  return {html = pandoc.write(pandoc.Pandoc{pandoc.Plain(inlines)}, 'html', OPTIONS)}
end
