// Resting on a reference shows what it refers to, from this page or another one.
(() => {
  const off = (document.currentScript.dataset.off || "").split(" ");
  const kind = (link) => (link.matches(".quarto-xref") ? "crossrefs" : link.matches(".footnote-ref") ? "footnotes" : "citations");
  if (!matchMedia("(hover: hover)").matches) return;
  const pages = new Map();
  let box, timer, aimed = null;

  async function target(link) {
    const id = decodeURIComponent(link.hash.slice(1));
    if (!id) return null;
    const here = link.pathname === location.pathname && link.origin === location.origin;
    if (here) return document.getElementById(id)?.cloneNode(true);
    if (link.origin !== location.origin || !location.protocol.startsWith("http")) return null;
    if (!pages.has(link.pathname)) {
      pages.set(link.pathname, fetch(link.pathname).then((r) => (r.ok ? r.text() : "")).then((text) => {
        // This page's policy may forbid style attributes that the other one has: they are set by hand, in `show`.
        const page = new DOMParser().parseFromString(text.replace(/(<[^>]*) style="/g, '$1 data-style="'), "text/html");
        // Addresses count from the page that they were written on.
        for (const node of page.querySelectorAll("[src], [href]")) {
          for (const name of ["src", "href"]) {
            const value = node.getAttribute(name);
            if (value) node.setAttribute(name, new URL(value, link.href).href);
          }
        }
        return page;
      }));
    }
    const found = (await pages.get(link.pathname)).getElementById(id);
    return found && document.importNode(found, true);
  }

  function hide() {
    clearTimeout(timer);
    box?.remove();
    box = null;
  }

  async function show(link) {
    const content = await target(link);
    if (!content || !link.matches(":hover, :focus-visible")) return;
    hide();
    if (content.matches("section")) [...content.children].slice(3).forEach((child) => child.remove());
    for (const node of [content, ...content.querySelectorAll("[id]")]) node.removeAttribute("id");
    content.querySelectorAll(".footnote-back, .anchorjs-link, .code-copy-button").forEach((node) => node.remove());
    box = document.createElement("div");
    box.className = "preview";
    // The reference itself says where it leads; the preview is for the eye.
    box.setAttribute("aria-hidden", "true");
    box.inert = true;
    box.append(content.matches("li") ? Object.assign(document.createElement("div"), { innerHTML: content.innerHTML }) : content);
    for (const node of box.querySelectorAll("[data-style]")) node.style.cssText = node.dataset.style;
    document.body.append(box);
    const at = link.getBoundingClientRect();
    const left = Math.max(16, Math.min(at.left, document.documentElement.clientWidth - box.offsetWidth - 16));
    const below = at.bottom + box.offsetHeight + 12 < innerHeight || at.top < box.offsetHeight + 12;
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${scrollY + (below ? at.bottom + 8 : at.top - box.offsetHeight - 8)}px`;
  }

  // Asked of the page as a whole: references may come later, too (the author's preview brings in new text).
  const REFERENCES = "main :is(a.quarto-xref, a.footnote-ref, a[role='doc-biblioref'], .citation a)";
  function aim(link) {
    if (link === aimed) return;
    aimed = link;
    hide();
    if (link && !off.includes(kind(link))) timer = setTimeout(() => show(link), 180);
  }
  for (const type of ["mouseover", "focusin"]) addEventListener(type, (event) => aim(event.target.closest?.(REFERENCES) || null));
  for (const type of ["mouseout", "focusout"]) addEventListener(type, (event) => event.relatedTarget || aim(null));
  addEventListener("keydown", (event) => event.key === "Escape" && hide());
})();
