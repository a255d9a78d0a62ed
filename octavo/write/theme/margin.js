// What stands in the margin gives way to what stands above it there, and to blocks that reach into it.
(() => {
  const NOTES = "main .column-margin, main .margin-aside, main .aside, main figcaption.margin-caption";
  const WIDE = ["page", "page-right", "page-inset", "page-inset-right", "screen", "screen-right", "screen-inset", "screen-inset-right",
    "screen-inset-shaded"].map((name) => `main .column-${name}`).join();
  const GAP = 12, beside = matchMedia("(min-width: 78rem)");
  const own = (selector) => [...document.querySelectorAll(selector)].filter((part) => !part.parentElement.closest(NOTES));
  const box = (part) => {
    const { top, bottom, height } = part.getBoundingClientRect();
    return { part, top: top + scrollY, bottom: bottom + scrollY, height };
  };

  function settle() {
    const notes = own(NOTES);
    for (const note of notes) note.style.translate = "";
    if (!beside.matches) return;
    const wide = own(WIDE).map(box);
    let free = -Infinity;
    for (const note of notes.map(box).filter((note) => note.height).sort((a, b) => a.top - b.top)) {
      let top = Math.max(note.top, free);
      for (const block of wide) {
        if (top < block.bottom + GAP && top + note.height > block.top - GAP) top = block.bottom + GAP;
      }
      if (top > note.top) note.part.style.translate = `0 ${Math.round(top - note.top)}px`;
      free = top + note.height + GAP;
    }
  }

  let asked;
  const soon = () => { cancelAnimationFrame(asked); asked = requestAnimationFrame(settle); };
  beside.addEventListener("change", soon);
  // Pictures and fonts that come late, tabs and boxes that open: the text grows or shrinks.
  new ResizeObserver(soon).observe(document.querySelector("main"));
  document.fonts?.ready.then(soon);
})();
