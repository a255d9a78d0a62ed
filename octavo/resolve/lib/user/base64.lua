-- Base64, which authors' Lua code may use and which carries pandoc's AST through Markdown.
local base64 = {}

local LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

--- Bytes as Base64 text.
function base64.encode(bytes)
  return (bytes:gsub('..?.?', function(part)
    local a, b, c = part:byte(1, 3)
    local n = a << 16 | (b or 0) << 8 | (c or 0)
    local out = ''
    for shift = 18, 0, -6 do
      local place = (n >> shift & 63) + 1
      out = out .. LETTERS:sub(place, place)
    end
    return out:sub(1, #part + 1) .. ('='):rep(3 - #part)
  end))
end

local VALUES = {}
for i = 1, #LETTERS do VALUES[LETTERS:byte(i)] = i - 1 end

--- The bytes that Base64 text stands for; what is no letter of it is passed over.
function base64.decode(text)
  text = text:gsub('[^%w+/]', '')
  return (text:gsub('..?.?.?', function(part)
    local n = 0
    for i = 1, 4 do n = n << 6 | (VALUES[part:byte(i)] or 0) end
    return string.char(n >> 16 & 255, n >> 8 & 255, n & 255):sub(1, #part - 1)
  end))
end

return base64
