-- Results that a worker keeps: the formats of a page, and a page after most edits, ask for the same again.
local LIMIT = 500

--- `make`, whose results are kept by `key(...)`; all are forgotten when there are very many.
return function(make, key)
  local known, count = {}, 0
  return function(...)
    local name = key(...)
    local result = known[name]
    if result == nil then
      if count >= LIMIT then known, count = {}, 0 end
      result = make(...)
      known[name], count = result, count + 1
    end
    return result
  end
end
