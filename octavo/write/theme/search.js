// The search dialog over Pagefind's index: page, section, excerpt; all by keyboard.
(() => {
  const el = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };
  let dialog, input, list, status, pagefind, words, marked = -1, asked = 0;

  const script = (address) => new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject }));
  });

  async function load() {
    const address = new URL(words.pagefind, document.baseURI);
    const root = new URL("..", address);
    if (location.protocol === "file:") {
      // A page that was opened from a file may not fetch; scripts it may load.
      await Promise.all([script(words.offline), script(new URL("offline-index.js", address).href)]);
      return window.octavoOffline(root);
    }
    const loaded = await import(address.href);
    // Results count from the folder that the index lies in, wherever the site is put.
    await loaded.options({ baseUrl: root.pathname, excerptLength: 24 });
    await loaded.init();
    return loaded;
  }

  // Asked for by the dialog and by the first letters, loaded once.
  const index = () => (pagefind ||= load().catch((problem) => { pagefind = undefined; throw problem; }));

  function build() {
    input = el("input", { type: "search", placeholder: words.placeholder, autocomplete: "off", spellcheck: false });
    input.setAttribute("aria-label", words.placeholder);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", "quarto-search-results");
    list = el("ul", { id: "quarto-search-results", className: "search-results" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.found);
    status = el("p", { className: "search-status" });
    status.setAttribute("role", "status");
    const close = el("button", { type: "button", textContent: words.cancel });
    close.addEventListener("click", () => dialog.close());
    const form = el("form", {}, input);
    if (words.copy) {
      const copy = el("button", { type: "button", textContent: "⧉", title: words.copy });
      copy.setAttribute("aria-label", words.copy);
      copy.addEventListener("click", async () => {
        const address = new URL(location.href);
        address.search = new URLSearchParams({ q: input.value.trim(), "show-results": 1 });
        await navigator.clipboard.writeText(address.href);
        copy.textContent = "✓";
        setTimeout(() => { copy.textContent = "⧉"; }, 1500);
      });
      form.append(copy);
    }
    form.append(close);
    form.setAttribute("role", "search");
    form.addEventListener("submit", (event) => { event.preventDefault(); follow(); });
    dialog = el("dialog", { className: "quarto-search-dialog" }, form, list, status);
    dialog.setAttribute("aria-label", words.placeholder);
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    input.addEventListener("input", () => find(input.value.trim()));
    input.addEventListener("keydown", (event) => {
      // A search field would only empty itself at the first Escape.
      if (event.key === "Escape") dialog.close();
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      mark(marked + step);
    });
    document.body.append(dialog);
  }

  function mark(position) {
    const rows = [...list.children];
    if (!rows.length) return;
    marked = (position + rows.length) % rows.length;
    rows.forEach((row, n) => row.setAttribute("aria-selected", n === marked));
    rows[marked].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", rows[marked].id);
  }

  function follow() {
    const link = list.children[Math.max(marked, 0)]?.querySelector("a");
    if (link) { dialog.close(); link.click(); }
  }

  // Pagefind marks the words it found; nothing else of its excerpts is markup.
  function excerpt(html) {
    const text = new DOMParser().parseFromString(html, "text/html").body;
    const out = document.createElement("span");
    for (const node of text.childNodes) out.append(node.nodeName === "MARK" ? el("mark", { textContent: node.textContent }) : node.textContent);
    return out;
  }

  function row(page, section, number) {
    const whole = !section || section.title === page.meta.title;
    const link = el("a", { href: section?.url || page.url, tabIndex: -1 },
      page.meta.context ? el("small", { className: "search-result-crumbs", textContent: page.meta.context }) : "",
      el("strong", { textContent: whole ? page.meta.title : `${page.meta.title} › ${section.title}` }),
      excerpt(section?.excerpt || page.excerpt));
    link.addEventListener("click", () => dialog.close());
    const item = el("li", { id: `quarto-search-result-${number}` }, link);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    return item;
  }

  async function find(query) {
    const turn = ++asked;
    if (!query) { list.replaceChildren(); status.textContent = ""; return; }
    const result = await (await index()).debouncedSearch(query, {}, 120);
    if (!result || turn !== asked) return;
    const pages = await Promise.all(result.results.slice(0, words.limit).map((one) => one.data()));
    if (turn !== asked) return;
    const rows = pages.flatMap((page) => (page.sub_results?.length ? page.sub_results.slice(0, Math.max(1, words.sections)) : [null]).map((section) => [page, section]));
    list.replaceChildren(...rows.map(([page, section], n) => row(page, section, n)));
    input.setAttribute("aria-expanded", rows.length > 0);
    status.textContent = result.results.length ? `${result.results.length} ${words.found}` : words.none;
    marked = -1;
    if (rows.length) mark(0);
  }

  window.octavoSearch = async (button, query) => {
    words = button.dataset;
    if (!dialog) build();
    if (!dialog.open) dialog.showModal();
    input.focus();
    if (query) input.value = query;
    input.select();
    try { await index(); if (query) await find(query); } catch { status.textContent = words.missing; }
  };
})();
