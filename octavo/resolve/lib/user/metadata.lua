-- A document's options as pandoc's metadata, and what a filter has changed in them as options again.
local metadata = {}

-- What these hold is put around the document as it is.
local AROUND = {['header-includes'] = 'in-header', ['include-before'] = 'before-body', ['include-after'] = 'after-body'}

--- The options as a filter sees them: text is Markdown, read by pandoc.
function metadata.of(options)
  local shown = {}
  for key, value in pairs(options) do
    if key:sub(1, 2) ~= 'o:' then shown[key] = value end
  end
  if next(shown) == nil then return pandoc.Meta{} end
  local ok, doc = pcall(pandoc.read, '---\nmeta: ' .. pandoc.json.encode(shown) .. '\n---\n', 'markdown-latex_macros')
  return ok and doc.meta.meta and pandoc.Meta(doc.meta.meta) or pandoc.Meta{}
end

local function is_list(value)
  return pandoc.utils.type(value) == 'List' or type(value) == 'table' and #value > 0
end

--- Whether two values of the metadata say the same. Pandoc takes no two tables for equal.
local function same(a, b)
  local kind = pandoc.utils.type(a)
  if kind ~= pandoc.utils.type(b) then return false end
  if kind ~= 'table' and kind ~= 'List' then return pandoc.utils.equals(pandoc.MetaList{a}, pandoc.MetaList{b}) end
  for key, value in pairs(a) do
    if not same(value, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

--- A value of the metadata as an option: Markdown for text, a list or a table of such.
local function plain(value)
  local kind = pandoc.utils.type(value)
  if kind == 'Inlines' then value = pandoc.Blocks{pandoc.Plain(value)} end
  if kind == 'Inline' then value = pandoc.Blocks{pandoc.Plain{value}} end
  if kind == 'Block' then value = pandoc.Blocks{value} end
  if kind:match '^Block' or kind:match '^Inline' then
    local text = pandoc.write(pandoc.Pandoc(value), 'markdown-smart', {wrap_text = 'none'}):gsub('%s+$', '')
    return text
  end
  if type(value) ~= 'table' then return value end
  local out = {}
  if is_list(value) then
    for i, item in ipairs(value) do out[i] = plain(item) end
  else
    for key, item in pairs(value) do out[key] = plain(item) end
  end
  return out
end

--- What stands raw for the format in a value of `header-includes`, and what else it holds written for it.
local function around(value, ctx)
  local kind = pandoc.utils.type(value)
  if kind == 'string' then return value end
  if kind == 'Inlines' or kind == 'Inline' then value = pandoc.Plain(value) end
  return ctx:write(pandoc.Blocks(value))
end

--- The options that differ between two metadata, and the texts put around the document: {location, text}.
function metadata.changed(before, after, ctx)
  local changed, texts = {}, {}
  for key, value in pairs(after) do
    local old = before[key]
    if AROUND[key] then
      local known = is_list(old) and #old or 0
      for i, item in ipairs(is_list(value) and value or {value}) do
        if i > known and not (old and not is_list(old) and pandoc.utils.equals(old, item)) then
          texts[#texts + 1] = {type = 'text', location = AROUND[key], text = around(item, ctx)}
        end
      end
    elseif old == nil or not same(old, value) then
      changed[key] = plain(value)
    end
  end
  for key in pairs(before) do
    if after[key] == nil then changed[key] = false end
  end
  return changed, texts
end

--- The value under a dotted key, nil if there is none.
function metadata.get(meta, key)
  if meta[key] ~= nil then return meta[key] end
  local value = meta
  for part in key:gmatch '[^.]+' do
    if type(value) ~= 'table' and pandoc.utils.type(value) ~= 'Meta' then return nil end
    value = value[part] ~= nil and value[part] or value[tonumber(part) or {}]
    if value == nil then return nil end
  end
  return value
end

return metadata
