-- What a lenient render shows in the place of an image that is not there, in every format.
local broken = {elements = {}}

function broken.elements.default(doc, ctx)
  local images, any = ctx.request.images or {}, false
  for _, target in pairs(images) do any = any or target == false end
  if not any then return doc end
  return doc:walk{
    Image = function(img)
      if images[img.src] ~= false then return nil end
      local mark = pandoc.Inlines{pandoc.Strong{pandoc.Str '?image'}, pandoc.Space(), pandoc.Code(img.src)}
      if #img.caption > 0 then
        mark:extend{pandoc.Space(), pandoc.Str '('}
        mark:extend(img.caption)
        mark:insert(pandoc.Str ')')
      end
      return pandoc.Span(mark, pandoc.Attr(img.identifier, {'octavo-broken'}))
    end,
  }
end

return broken
