// The preview's side in the browser: swaps in what was rendered, keeps the place, shows what is wrong.
(() => {
  const here = () => location.pathname.replace(/^\//, "").replace(/(^|\/)$/, "$1index.html");
  const parts = ["main#quarto-document-content", "#quarto-margin-sidebar", "#quarto-sidebar"];
  let shown; // what is on the screen, as it was before the page's scripts took hold of it
  let busy = Promise.resolve();

  // A page that has to be loaded anew comes back to its place, too.
  function reload() {
    sessionStorage.setItem("octavo-place", JSON.stringify([location.pathname, scrollX, scrollY]));
    location.reload();
  }
  history.scrollRestoration = "manual"; // the browser would bring back the place of the page that said "rendering"
  const [path, left, top] = JSON.parse(sessionStorage.getItem("octavo-place") || "[]");
  sessionStorage.removeItem("octavo-place");
  if (path === location.pathname) scrollTo({ left, top, behavior: "instant" });

  async function swap() {
    const response = await fetch(location.pathname, { cache: "no-store" });
    if (!response.ok) return;
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    const main = document.querySelector("main");
    if (!main || !next.querySelector("main") || hasOther(next)) { reload(); return; }
    const [x, y] = [scrollX, scrollY];
    document.title = next.title;
    const made = [];
    for (const selector of parts) {
      const live = document.querySelector(selector), fresh = next.querySelector(selector);
      if (live && fresh) patch(live, shown?.querySelector(selector), fresh, made);
    }
    shown = next;
    const back = () => scrollTo({ left: x, top: y, behavior: "instant" });
    back();
    requestAnimationFrame(back); // the browser may have moved to what it took for the same place
    document.dispatchEvent(new CustomEvent("octavo:content", { detail: made }));
  }

  // Brings what differs between an old and a fresh element to the live one; all else stays as it is. `made` takes what is new.
  function patch(live, old, fresh, made) {
    if (old?.isEqualNode(fresh)) return;
    if (!old || !live || !holdsElements(live, old, fresh)) {
      const copy = document.importNode(fresh, true);
      live.replaceWith(copy);
      made.push(copy);
      return;
    }
    const [before, after, now] = [old, fresh, live].map((element) => [...element.children]);
    let start = 0, end = 0;
    const shorter = Math.min(before.length, after.length);
    while (start < shorter && before[start].isEqualNode(after[start])) start++;
    while (end < shorter - start && before.at(-1 - end).isEqualNode(after.at(-1 - end))) end++;
    const [gone, come] = [before.length - end, after.length - end];
    if (gone === come) {
      for (let n = start; n < gone; n++) patch(now[n], before[n], after[n], made);
      return;
    }
    const copies = after.slice(start, come).map((element) => document.importNode(element, true));
    for (const element of now.slice(start, gone)) element.remove();
    if (now[gone]) now[gone].before(...copies);
    else live.append(...copies);
    made.push(...copies);
  }

  // Whether the three are the same around elements alone, so that these can be looked at one by one.
  function holdsElements(live, old, fresh) {
    const alone = (element) => [...element.childNodes].every((node) => node.nodeType !== Node.TEXT_NODE || !node.data.trim());
    const same = old.cloneNode(false).isEqualNode(fresh.cloneNode(false)) && live.children.length === old.children.length;
    return same && old.children.length > 0 && alone(old) && alone(fresh);
  }

  // Another style sheet or script wants a page of its own.
  function hasOther(next) {
    const heads = (doc) => [...doc.querySelectorAll("head link[rel=stylesheet], head script[src]")].map((e) => e.outerHTML);
    const known = new Set(heads(document));
    return heads(next).some((element) => !known.has(element));
  }

  function panel() {
    let box = document.getElementById("octavo-diagnostics");
    if (!box) {
      box = document.createElement("aside");
      box.id = "octavo-diagnostics";
      box.setAttribute("role", "status");
      document.body.append(box);
    }
    return box;
  }

  function show(diagnostics) {
    const box = panel();
    box.replaceChildren();
    box.hidden = !diagnostics.length;
    for (const d of diagnostics) {
      const line = document.createElement("p");
      line.className = `octavo-${d.severity}`;
      const place = d.position ? `${d.position.file}:${d.position.line}:${d.position.column} ` : "";
      const where = document.createElement("code");
      where.textContent = place;
      line.append(where, `${d.message} [${d.code}]`, d.hint ? ` — ${d.hint}` : "");
      box.append(line);
    }
  }

  const told = new Map();
  const events = new EventSource("/_octavo/events");
  let connected = false;
  events.onopen = () => { if (connected) reload(); connected = true; };
  events.onmessage = (message) => {
    const event = JSON.parse(message.data);
    if (event.kind === "page" && event.address === here()) {
      busy = busy.then(swap, swap).then(() => document.body.classList.toggle("octavo-running", event.running));
    } else if (event.kind === "diagnostics") {
      for (const page of event.pages) told.set(page, event.diagnostics.filter((d) => !d.position || d.position.file === page || event.pages.length === 1));
      if (!event.pages.length) told.set("", event.diagnostics);
      show([...told.values()].flat());
    }
  };
})();
