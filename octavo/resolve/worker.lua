-- A long-lived pandoc: reads its settings, then one JSON request a line, writes one JSON answer a line, until its input ends.
-- Starting pandoc costs more than most pages do, so octavo starts a few of these and keeps them busy.
local here = pandoc.path.directory(arg[0])
package.path = pandoc.path.join{here, '?.lua'} .. ';' .. pandoc.path.join{here, '?', 'init.lua'} .. ';' .. package.path

local operations = {
  gather = require 'gather',
  markup = require 'markup',
  shortcodes = require 'shortcodes',
  whole = require 'whole',
  write = require 'write',
}

local settings = require 'lib.settings'
for key, value in pairs(pandoc.json.decode(io.read 'l' or '{}', false)) do settings[key] = value end

for line in io.lines() do
  local request = pandoc.json.decode(line, false)
  local ok, answer = xpcall(operations[request.operation], debug.traceback, request)
  -- A failure here is a bug of octavo's own: the traceback goes to the Python side, which raises it.
  io.write(pandoc.json.encode(ok and answer or {failure = tostring(answer)}), '\n')
  io.flush()
end
