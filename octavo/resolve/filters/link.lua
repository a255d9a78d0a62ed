-- Links between pages: to `x.qmd` in the source, to the rendered page in each format.
local link = {elements = {}}

function link.elements.default(doc, ctx)
  local links = ctx.request.links or {}
  return doc:walk{
    Link = function(l)
      local target = links[l.target]
      if target == false then
        -- Lenient rendering of a dead link: its text stays, marked.
        local mark = ctx.target ~= 'html' and pandoc.Inlines{pandoc.Strong{pandoc.Str '?'}} or pandoc.Inlines{}
        mark:extend(l.content)
        return pandoc.Span(mark, pandoc.Attr('', {'octavo-broken-link'}))
      end
      -- A draft is there for nobody yet.
      if target == '' then return l.content end
      if target then l.target = target end
      if ctx.target == 'typst' and l.target == '' then return pandoc.Span(l.content) end
      return l
    end,
    RawInline = function(inline)
      if ctx.target ~= 'html' or inline.format ~= 'html' then return nil end
      inline.text = inline.text:gsub('(<a[^>]-%shref=")([^"]+)(")', function(a, href, b)
        if links[href] == false then return '<a class="octavo-broken-link" data-target="' .. href .. b end
        if links[href] == '' then return '<a data-target="' .. href .. b end
        return a .. (links[href] or href) .. b
      end)
      return inline
    end,
  }
end

return link
