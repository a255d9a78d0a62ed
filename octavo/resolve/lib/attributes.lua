-- Attributes of elements.
local attributes = {}

--- An attribute that is used up: its value, or nil. The element has it no more.
function attributes.take(element, key)
  local value = element.attributes[key]
  element.attributes[key] = nil
  return value
end

return attributes
