// A picture over the page, with its words; arrows lead on through the gallery that it belongs to.
(() => {
  function shown(link) {
    const picture = document.createElement("img");
    picture.src = link.href;
    picture.alt = link.querySelector("img")?.alt || link.title;
    const words = document.createElement("div");
    words.className = `lightbox-words ${link.dataset.descPosition ?? "bottom"}`;
    if (link.title) words.append(Object.assign(document.createElement("p"), { textContent: link.title, className: "lightbox-title" }));
    const described = /description:\s*(\.[\w-]+)/.exec(link.dataset.glightbox ?? "");
    const text = described && document.querySelector(described[1]);
    if (text) words.append(...text.cloneNode(true).childNodes);
    return words.childNodes.length ? [picture, words] : [picture];
  }

  function open(link) {
    const dialog = document.createElement("dialog");
    const gallery = [...document.querySelectorAll("a.lightbox")].filter((one) => one.dataset.gallery === link.dataset.gallery);
    let at = gallery.indexOf(link);
    const show = () => {
      dialog.replaceChildren(...shown(gallery[at]));
      dialog.setAttribute("aria-label", dialog.querySelector("img").alt || "Picture");
    };
    const turn = (by) => {
      const next = link.dataset.loop === "false" ? Math.min(Math.max(at + by, 0), gallery.length - 1) : (at + by + gallery.length) % gallery.length;
      if (next !== at) { at = next; show(); }
    };
    dialog.className = gallery.length > 1 ? "lightbox-dialog gallery" : "lightbox-dialog";
    dialog.addEventListener("keydown", ({ key }) => turn({ ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0));
    // A click at either side of a gallery turns the page, anywhere else it closes.
    dialog.addEventListener("click", ({ clientX }) => {
      const { left, width } = dialog.getBoundingClientRect();
      const place = (clientX - left) / width;
      if (gallery.length > 1 && clientX && place > 0 && place < 0.2) turn(-1);
      else if (gallery.length > 1 && place > 0.8 && place < 1) turn(1);
      else dialog.close();
    });
    dialog.addEventListener("close", () => { dialog.remove(); gallery[at].focus(); });
    document.body.append(dialog);
    show();
    dialog.showModal();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.lightbox");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
})();
