-- `quarto.doc`: what is being rendered, and what a filter adds around it.
local doc = {}

local LOCATIONS = {['in-header'] = true, ['before-body'] = true, ['after-body'] = true}
local LISTS = {'scripts', 'stylesheets', 'resources', 'serviceworkers'}
local SOMETHING = {'meta', 'links', 'scripts', 'stylesheets', 'resources', 'head', 'serviceworkers'}

--- Files of a dependency as {name, path, …}; a plain string names a file beside the script.
local function files(list, what, resolve)
  if list == nil then return nil end
  if type(list) ~= 'table' or #list == 0 and next(list) then error(('an HTML dependency wants a list of %s'):format(what), 3) end
  local out = {}
  for i, file in ipairs(list) do
    local given = type(file) == 'table' and file or {path = file}
    if type(given.path) ~= 'string' then error(('an entry of an HTML dependency\'s %s has no path'):format(what), 3) end
    local path = given.path:gsub('%s+$', '')
    out[i] = {name = given.name or pandoc.path.filename(path), path = resolve(path), attribs = given.attribs, afterBody = given.afterBody}
  end
  return out
end

--- The functions for one document. `user` holds {added, format, ctx, request, resolve(path)}.
function doc.of(user)
  local ctx, request, added, asked = user.ctx, user.request, user.added, {}
  local resolve = user.resolve

  function asked.add_html_dependency(given)
    if type(given) ~= 'table' or given.name == nil then error('an HTML dependency wants a name', 2) end
    local something = false
    for _, key in ipairs(SOMETHING) do something = something or given[key] ~= nil end
    if not something then error(('the HTML dependency `%s` adds nothing'):format(given.name), 2) end
    local dependency = {
      type = 'html', name = tostring(given.name), version = given.version and tostring(given.version) or '', meta = given.meta, links = given.links,
      head = given.head and tostring(given.head),
    }
    for _, key in ipairs(LISTS) do dependency[key] = files(given[key], key, resolve) end
    added[#added + 1] = dependency
  end

  function asked.attach_to_dependency(name, file)
    added[#added + 1] = {type = 'html', name = tostring(name), attached = true, resources = files({file}, 'resources', resolve)}
  end

  local function place(location)
    if not LOCATIONS[location] then error(('`%s` is no place for an include: in-header, before-body or after-body'):format(tostring(location)), 3) end
    return location
  end

  function asked.include_text(location, text)
    added[#added + 1] = {type = 'text', location = place(location), text = tostring(text)}
  end

  function asked.include_file(location, file)
    local path = resolve(file)
    local content <close> = assert(io.open(path, 'r'))
    user.read[path] = true
    added[#added + 1] = {type = 'text', location = place(location), text = content:read 'a'}
  end

  function asked.add_resource(path) added[#added + 1] = {type = 'resource', path = resolve(path)} end
  function asked.add_format_resource(path) added[#added + 1] = {type = 'format-resource', path = resolve(path)} end
  asked.add_supporting = asked.add_resource
  function asked.use_latex_package() end -- PDF is made without LaTeX

  asked.is_format = user.format.isFormat
  function asked.has_bootstrap() return ctx.format == 'html' and ctx:option 'theme' ~= 'none' and ctx:option 'minimal' ~= true end
  function asked.cite_method()
    local cites = ctx:option 'bibliography' or ctx:option 'references' or ctx:option 'citeproc' == true
    return cites and ctx:option 'citeproc' ~= false and 'citeproc' or nil
  end
  function asked.pdf_engine() return 'typst' end
  function asked.project_output_file() return request.project and request.output or nil end
  function asked.is_filter_active(name)
    for _, filter in ipairs(request.filters) do
      if filter.name == name then return true end
    end
    return false
  end
  asked.input_file, asked.output_file, asked.language = request.input, request.output, ctx.strings
  asked.crossref = {}

  for old, new in pairs{
    addHtmlDependency = 'add_html_dependency', attachToDependency = 'attach_to_dependency', useLatexPackage = 'use_latex_package',
    addFormatResource = 'add_format_resource', includeText = 'include_text', includeFile = 'include_file', isFormat = 'is_format',
    citeMethod = 'cite_method', pdfEngine = 'pdf_engine', hasBootstrap = 'has_bootstrap', addResource = 'add_resource',
    addSupporting = 'add_supporting',
  } do
    asked[old] = asked[new]
  end
  return asked
end

return doc
