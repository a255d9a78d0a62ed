--- The gathered document of another format, with the pictures of this one and without the ids that it does not have.
return function(doc, changes)
  if not changes then return doc end
  local gone = pandoc.List(changes.ids)
  return doc:walk{
    Div = #gone > 0 and function(div)
      if not gone:includes(div.identifier) then return nil end
      div.identifier = ''
      return div
    end or nil,
    Image = function(image)
      local change = changes.images[image.src]
      if not change then return nil end
      image.src = change.src
      if change.size then image.attributes.width, image.attributes.height = change.size.width, change.size.height end
      return image
    end,
  }
end
