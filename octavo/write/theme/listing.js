// Listings: filter by words and categories, sort, and turn pages. Without it every entry is shown in its order.
(() => {
  const decode = (text) => decodeURIComponent(atob(text || ""));
  const all = [...document.querySelectorAll(".quarto-listing")];
  const buttons = [...document.querySelectorAll(".quarto-listing-category .category")];
  let category = "";

  function enhance(listing) {
    const list = listing.querySelector(".list");
    const entries = [...list.children];
    const size = Number(listing.dataset.pageSize) || entries.length;
    const none = listing.querySelector(".listing-no-matching");
    const input = listing.querySelector("input.search");
    const pager = listing.querySelector(".pagination");
    let page = 0;
    let order = entries;

    const value = (entry, field) => {
      const number = entry.getAttribute(`data-listing-${field}-sort`);
      if (number !== null) return Number(number);
      return (entry.querySelector(`.listing-${field}`)?.textContent || "").trim().toLowerCase();
    };
    const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
    // What the words of a filter are looked for in: the whole entry, or the fields that the author names.
    const fields = listing.dataset.filter?.split(" ").map((name) => `.listing-${name}`).join();
    const text = (entry) => (fields ? [...entry.querySelectorAll(fields)] : [entry]).map((part) => part.textContent).join(" ").toLowerCase();
    const sort = (field, direction) => {
      order = [...entries];
      if (field) order.sort((a, b) => compare(value(a, field), value(b, field)) * (direction === "desc" ? -1 : 1));
      list.append(...order);
      draw();
    };
    const draw = () => {
      const words = (input?.value || "").toLowerCase().split(/\s+/).filter(Boolean);
      const shown = order.filter((entry) =>
        (!category || decode(entry.dataset.categories).split(",").includes(category)) &&
        words.every((word) => text(entry).includes(word)));
      const pages = Math.max(1, Math.ceil(shown.length / size));
      page = Math.min(page, pages - 1);
      const here = new Set(shown.slice(page * size, (page + 1) * size));
      for (const entry of entries) entry.hidden = !here.has(entry);
      none?.classList.toggle("d-none", shown.length > 0);
      pager?.replaceChildren(...(pages < 2 ? [] : Array.from({ length: pages }, (_, n) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "page page-link";
        button.textContent = n + 1;
        if (n === page) button.setAttribute("aria-current", "page");
        button.addEventListener("click", () => { page = n; draw(); listing.scrollIntoView(); });
        const item = document.createElement("li");
        item.className = "page-item";
        item.append(button);
        return item;
      })));
    };
    input?.addEventListener("input", () => { page = 0; draw(); });
    listing.querySelector("select")?.addEventListener("change", (event) => sort(...event.target.value.split(" ")));
    for (const head of listing.querySelectorAll("th[data-sort]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const direction = head.getAttribute("aria-sort") === "ascending" ? "desc" : "asc";
        for (const other of listing.querySelectorAll("th")) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", direction === "asc" ? "ascending" : "descending");
        sort(head.dataset.sort, direction);
      });
    }
    for (const tag of listing.querySelectorAll(".listing-category")) {
      tag.addEventListener("click", () => choose(decode(tag.dataset.category)));
    }
    draw();
    return () => { page = 0; draw(); };
  }

  const redraw = all.map(enhance);
  function choose(name, remember = true) {
    category = name;
    for (const button of buttons) {
      const on = decode(button.dataset.category) === name;
      button.classList.toggle("active", on);
      button.setAttribute("aria-pressed", on);
    }
    if (remember) history.replaceState(null, "", name ? `#category=${encodeURIComponent(name)}` : location.pathname + location.search);
    for (const draw of redraw) draw();
  }
  for (const button of buttons) button.addEventListener("click", () => choose(decode(button.dataset.category)));
  const fromAddress = () => {
    const asked = /^#category=(.*)$/.exec(location.hash);
    if (asked) choose(decodeURIComponent(asked[1]), false);
  };
  addEventListener("hashchange", fromAddress);
  fromAddress();
})();
