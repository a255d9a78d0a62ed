-- Markdown in the settings of a site (a menu's text, a footer) as HTML.
local FORMAT = 'markdown-yaml_metadata_block-implicit_figures-latex_macros'
local OPTIONS = pandoc.WriterOptions{wrap_text = 'none', email_obfuscation = 'none', html_math_method = 'mathml'}

-- Quarto's own name for an image's alternative text.
local function alternative(image)
  local text = image.attributes['fig-alt']
  if not text then return nil end
  image.attributes['fig-alt'] = nil
  image.caption = {pandoc.Str(text)}
  return image
end

local function html(blocks) return pandoc.write(pandoc.Pandoc(blocks):walk{Image = alternative}, 'html', OPTIONS) end

--- `{text, inline}` → `{html}`; inline text is no list and no heading, whatever it begins with.
return function(request)
  if not request.inline then
    return {html = html(pandoc.read(request.text, FORMAT).blocks)}
  end
  local inlines = pandoc.utils.blocks_to_inlines(pandoc.read('x ' .. request.text, FORMAT).blocks)
  inlines:remove(1)
  inlines:remove(1)
  return {html = html{pandoc.Plain(inlines)}}
end
