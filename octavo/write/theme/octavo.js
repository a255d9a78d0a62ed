// What a script adds to a page that works without one. No dependencies, no inline handlers.
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  // Where the parts below look: in the page, or in what the preview has just brought in.
  let scope = [document], renewed = new AbortController();
  const $$ = (selector, within) => (within ? [within] : scope).flatMap((root) =>
    [...(!within && root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)]);
  const remembered = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* a private window */ } },
  };

  // A section that has moved is looked for at its old address.
  const moved = (document.body.dataset.moved || "").split(" ");
  const follow = () => {
    const at = location.hash ? moved.indexOf(decodeURIComponent(location.hash.slice(1))) : -1;
    if (at >= 0 && at % 2 === 0) location.replace(moved[at + 1]);
  };
  if (moved.length > 1) { follow(); addEventListener("hashchange", follow); }

  // Measures only when the browser has laid out the page anyway, now and after every change of its size.
  function whenLaidOut(measure) {
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    renewed.signal.addEventListener("abort", () => observer.disconnect());
  }

  function schemeToggle() {
    for (const button of $$(".quarto-color-scheme-toggle")) {
      const show = () => button.setAttribute("aria-pressed", document.documentElement.dataset.bsTheme === "dark");
      button.addEventListener("click", () => { window.octavoScheme.toggle(); show(); });
      show();
    }
  }

  function readerMode() {
    const root = document.documentElement;
    for (const button of $$(".quarto-reader-toggle")) {
      const set = (on) => {
        root.classList.toggle("reader-mode", on);
        button.setAttribute("aria-pressed", on);
        remembered.set("octavo-reader-mode", on ? "yes" : "");
      };
      button.addEventListener("click", () => set(!root.classList.contains("reader-mode")));
      if (remembered.get("octavo-reader-mode")) set(true);
    }
  }

  function announcement() {
    const box = $("#quarto-announcement");
    if (!box) return;
    const key = `octavo-${box.dataset.announcementId}`;
    if (remembered.get(key)) box.remove();
    $("button", box)?.addEventListener("click", () => { remembered.set(key, "seen"); box.remove(); });
  }

  // Menus close when the reader turns elsewhere.
  function menus() {
    const close = (except) => $$("details.nav-menu[open]").forEach((menu) => menu !== except && (menu.open = false));
    addEventListener("click", (event) => close(event.target.closest("details.nav-menu")));
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      const menu = document.activeElement.closest("details.nav-menu[open]");
      close();
      if (menu) $("summary", menu).focus();
    });
    // A link to a place on this page closes the panel that it stands in.
    for (const panel of $$("[popover]")) {
      panel.addEventListener("click", (event) => {
        if (event.target.closest("a[href^='#']") && panel.matches(":popover-open")) panel.hidePopover();
      });
    }
  }

  function currentInView() {
    const active = $("#quarto-sidebar .sidebar-link.active");
    const bar = $("#quarto-sidebar");
    if (active) new ResizeObserver((_, observer) => {
      observer.disconnect();
      if (bar.scrollHeight > bar.clientHeight) bar.scrollTop = active.offsetTop - bar.clientHeight / 3;
    }).observe(bar);
  }

  // The table of contents follows: the last heading above the upper third of the window is where the reader is.
  function scrollSpy() {
    const links = $$("#TOC a.nav-link");
    const targets = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    if (!links.length) return;
    let current;
    const update = () => {
      const line = innerHeight / 3;
      let index = targets.findLastIndex((target) => target && target.getBoundingClientRect().top < line);
      if (scrollY + innerHeight >= document.documentElement.scrollHeight - 2 && scrollY > 0) index = links.length - 1;
      const link = links[Math.max(index, 0)];
      if (link === current) return;
      current = link;
      for (const other of links) {
        other.classList.toggle("active", other === link);
        if (other === link) other.setAttribute("aria-current", "location");
        else other.removeAttribute("aria-current");
      }
      const open = [...new Set([link.nextElementSibling, ...ancestors(link, "ul.collapse")])];
      for (const list of $$("#TOC ul.collapse")) list.classList.toggle("show", open.includes(list));
    };
    let waiting = false;
    addEventListener("scroll", () => {
      if (!waiting) requestAnimationFrame(() => { waiting = false; update(); });
      waiting = true;
    }, { passive: true, signal: renewed.signal });
    whenLaidOut(update);
  }

  function ancestors(element, selector) {
    const found = [];
    for (let node = element.closest(selector); node; node = node.parentElement.closest(selector)) found.push(node);
    return found;
  }

  function copyButtons() {
    const lines = (code) => {
      const copy = code.cloneNode(true);
      $$(".code-annotation-anchor, .code-annotation-gutter", copy).forEach((node) => node.remove());
      return copy.textContent.replace(/\n$/, "");
    };
    for (const button of $$(".code-copy-button")) {
      const pre = $("pre", button.parentElement);
      button.type = "button";
      button.setAttribute("aria-label", button.title);
      button.addEventListener("click", async () => {
        try { await navigator.clipboard.writeText(lines($("code", pre) || pre)); } catch { return select(pre); }
        button.classList.add("code-copy-button-checked");
        setTimeout(() => button.classList.remove("code-copy-button-checked"), 1500);
      });
    }
  }

  // Where the clipboard is closed to us (a page opened from a file), the code is marked for copying by hand.
  function select(node) {
    getSelection().selectAllChildren(node);
  }

  // Paper has no folds.
  function printing() {
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = $$("main details:not([open])");
      for (const fold of folded) fold.open = true;
    });
    addEventListener("afterprint", () => { for (const fold of folded) fold.open = false; });
  }

  function tabsets() {
    for (const set of $$(".panel-tabset")) {
      const tabs = $$("[role='tab']", set).filter((tab) => tab.closest(".panel-tabset") === set);
      const pane = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
      const show = (tab, focus) => {
        for (const other of tabs) {
          const on = other === tab;
          other.classList.toggle("active", on);
          other.setAttribute("aria-selected", on);
          other.tabIndex = on ? 0 : -1;
          pane(other)?.classList.toggle("active", on);
        }
        if (focus) tab.focus();
      };
      const group = set.dataset.group;
      const choose = (tab, focus) => {
        show(tab, focus);
        if (!group) return;
        remembered.set(`octavo-tab-${group}`, tab.textContent.trim());
        dispatchEvent(new CustomEvent("octavo:tab", { detail: { group, text: tab.textContent.trim() } }));
      };
      for (const [index, tab] of tabs.entries()) {
        tab.addEventListener("click", (event) => { event.preventDefault(); choose(tab); });
        tab.addEventListener("keydown", (event) => {
          const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          const next = step ? (index + step + tabs.length) % tabs.length : { Home: 0, End: tabs.length - 1 }[event.key];
          if (next === undefined) return;
          event.preventDefault();
          choose(tabs[next], true);
        });
        pane(tab)?.addEventListener("octavo:reveal", () => show(tab));
      }
      const named = (text) => tabs.find((tab) => tab.textContent.trim() === text);
      addEventListener("octavo:tab", ({ detail }) => {
        if (detail.group === group && named(detail.text)) show(named(detail.text));
      });
      const start = (group && named(remembered.get(`octavo-tab-${group}`))) || tabs.find((t) => t.matches(".active")) || tabs[0];
      if (start) show(start);
    }
  }

  // A link into something folded unfolds it.
  function reveal() {
    const open = () => {
      const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!target) return;
      for (let node = target; node; node = node.parentElement) {
        if (node.matches("details")) node.open = true;
        if (node.matches(".tab-pane")) node.dispatchEvent(new CustomEvent("octavo:reveal"));
      }
      target.scrollIntoView();
    };
    addEventListener("hashchange", open);
    if (location.hash) open();
  }

  function annotations() {
    for (const anchor of $$("[data-target-cell][data-target-annotation]")) {
      const cell = anchor.dataset.targetCell;
      const term = $(`dl dt[data-target-cell="${cell}"][data-target-annotation="${anchor.dataset.targetAnnotation}"]`) || anchor;
      const numbers = $("[data-code-lines]", term.nextElementSibling || term)?.dataset.codeLines || "";
      const spans = numbers.split(",").flatMap((range) => {
        const [from, to = from] = range.split("-").map(Number);
        return Array.from({ length: to - from + 1 || 0 }, (_, n) => document.getElementById(`${cell}-${from + n}`));
      });
      const mark = (on) => spans.forEach((span) => span?.classList.toggle("code-annotation-active", on));
      for (const node of new Set([anchor, term])) {
        for (const type of ["mouseenter", "focus"]) node.addEventListener(type, () => mark(true));
        for (const type of ["mouseleave", "blur"]) node.addEventListener(type, () => mark(false));
      }
    }
  }

  // Notes that a page hides (`hover`, `select`) appear at their mark: while it is pointed at, or until it is clicked again.
  function annotationTips() {
    for (const term of $$("dl.code-annotation-container-hidden > dt")) {
      term.parentElement.hidden = true;
      const { targetCell: cell, targetAnnotation: number } = term.dataset;
      for (const anchor of $$(`.code-annotation-anchor[data-target-cell="${cell}"][data-target-annotation="${number}"]`, document)) {
        const frame = anchor.closest(".code-copy-outer-scaffold") || anchor.closest("div.sourceCode");
        const tip = document.createElement("div");
        tip.className = "code-annotation-tip";
        tip.setAttribute("role", "note");
        tip.hidden = true;
        tip.append(...term.nextElementSibling.cloneNode(true).childNodes);
        frame.append(tip);
        anchor.tabIndex = 0;
        anchor.setAttribute("role", "button");
        let pinned = false;
        const show = (on) => {
          tip.hidden = !(on || pinned);
          tip.style.top = `${anchor.getBoundingClientRect().bottom - frame.getBoundingClientRect().top + 4}px`;
        };
        for (const type of ["mouseenter", "focus"]) anchor.addEventListener(type, () => show(true));
        for (const type of ["mouseleave", "blur"]) anchor.addEventListener(type, () => show(false));
        anchor.addEventListener("click", () => show((pinned = !pinned)));
        anchor.addEventListener("keydown", (event) => event.key === "Enter" && anchor.click());
      }
    }
  }

  function codeTools() {
    const button = $("#quarto-code-tools-toggle");
    button?.addEventListener("click", () => {
      const folds = $$("details.code-fold");
      const open = folds.some((fold) => !fold.open);
      for (const fold of folds) fold.open = open;
      $("span", button).textContent = open ? button.dataset.hide : button.dataset.show;
    });
  }

  function anchors() {
    for (const heading of $$("main :is(h2, h3, h4, h5, h6).anchored")) {
      const id = heading.dataset.anchorId || heading.id || heading.closest("section")?.id;
      if (!id) continue;
      const link = document.createElement("a");
      link.className = "anchorjs-link";
      link.href = `#${id}`;
      link.textContent = "#";
      link.setAttribute("aria-label", `# ${heading.textContent.trim()}`);
      heading.append(link);
    }
  }

  // Only what really scrolls is a stop on the way of the Tab key.
  function scrollers() {
    const all = $$("main :is(pre, table, .math.display, math[display='block'], .cell-output, div:has(> table))");
    const formulas = $$("main .math.inline");
    const check = () => {
      // A formula in the text is not broken over lines; one that is wider than its line scrolls.
      for (const node of formulas) {
        node.classList.remove("wide");
        const line = node.closest("p, li, td, dd, div");
        const wide = line && node.firstElementChild?.getBoundingClientRect().width > line.clientWidth;
        node.classList.toggle("wide", wide);
        if (wide) node.tabIndex = 0;
        else node.removeAttribute("tabindex");
      }
      for (const node of all) {
        if (node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).overflowX === "auto") node.tabIndex = 0;
        else if (node.tabIndex === 0) node.removeAttribute("tabindex");
      }
    };
    whenLaidOut(check);
    addEventListener("toggle", check, { capture: true, signal: renewed.signal });
  }

  // A header that is not pinned leaves while the reader goes down, and is back on the way up.
  function headroom() {
    const header = $("#quarto-header.headroom");
    let last = scrollY;
    if (header) addEventListener("scroll", () => {
      if (Math.abs(scrollY - last) < 5) return;
      const away = scrollY > last && scrollY > header.offsetHeight && !$(":popover-open");
      header.classList.toggle("headroom--unpinned", away);
      header.classList.toggle("headroom--pinned", !away);
      last = scrollY;
    }, { passive: true });
  }

  function backToTop() {
    const link = $("#quarto-back-to-top");
    if (!link) return;
    let last = scrollY;
    addEventListener("scroll", () => { link.hidden = scrollY > last || scrollY < innerHeight; last = scrollY; }, { passive: true });
  }

  // The next page is on its way when the pointer rests on its link.
  function prefetch() {
    if (navigator.connection?.saveData || !location.protocol.startsWith("http")) return;
    const seen = new Set([location.pathname]);
    addEventListener("mouseover", (event) => {
      const link = event.target.closest?.("a[href]");
      if (!link || link.origin !== location.origin || seen.has(link.pathname) || !/\.html$|\/$/.test(link.pathname)) return;
      seen.add(link.pathname);
      const hint = document.createElement("link");
      hint.rel = "prefetch";
      hint.href = link.pathname;
      document.head.append(hint);
    });
  }

  // Search is fetched when it is first wanted.
  function search() {
    const button = $(".quarto-search-button");
    if (!button) return;
    let loading;
    const open = (query) => {
      loading ||= new Promise((resolve) => {
        const script = document.createElement("script");
        script.src = button.dataset.search;
        script.onload = resolve;
        const styles = document.createElement("link");
        styles.rel = "stylesheet";
        styles.href = button.dataset.styles;
        document.head.append(styles, script);
      });
      loading.then(() => window.octavoSearch(button, query));
    };
    $$(".quarto-search-button").forEach((one) => one.addEventListener("click", () => open()));
    // The address of a search, as its button copies it.
    const given = new URLSearchParams(location.search);
    if (given.get("q") && given.get("show-results")) open(given.get("q"));
    const keys = button.dataset.keys.split(" ");
    addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, textarea, select, [contenteditable]");
      const chord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
      const plain = !typing && !event.ctrlKey && !event.metaKey && !event.altKey && keys.includes(event.key);
      if (!chord && !plain) return;
      event.preventDefault();
      open();
    });
  }

  for (const part of [schemeToggle, readerMode, announcement, menus, currentInView, anchors, scrollSpy, copyButtons, printing, tabsets,
    annotations, annotationTips, codeTools, reveal, scrollers, headroom, backToTop, prefetch, search]) part();

  // The preview puts new elements in the place of old ones and says which.
  document.addEventListener("octavo:content", ({ detail }) => {
    renewed.abort();
    renewed = new AbortController();
    for (const part of [scrollSpy, scrollers]) part();
    scope = detail;
    for (const part of [anchors, copyButtons, tabsets, annotations, annotationTips]) part();
    const tools = $$("#quarto-code-tools-toggle").length;
    scope = [document];
    if (tools) codeTools();
  });
})();
