// Runs before anything is painted: the reader's choice of light or dark, else the page's, else the system's.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const first = root.dataset.bsTheme;
  const fixed = document.querySelector("meta[name='color-scheme']").content.includes(" ") ? "" : first;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try { return localStorage.getItem("octavo-scheme"); } catch { return null; }
  };
  const apply = () => {
    const scheme = fixed || stored() || first || (system.matches ? "dark" : "light");
    root.dataset.bsTheme = scheme;
    document.body?.classList.toggle("quarto-dark", scheme === "dark");
    document.body?.classList.toggle("quarto-light", scheme === "light");
  };
  apply();
  // The body's classes are right as soon as there is a body.
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    apply();
    observer.disconnect();
  }).observe(root, { childList: true });
  system.addEventListener("change", apply);
  // The faces are fetched ahead; a page opened from a file may not do that.
  const fonts = location.protocol.startsWith("http") ? document.currentScript.dataset.fonts : "";
  for (const href of fonts.split(" ").filter(Boolean)) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "", href }));
  }
  window.octavoScheme = {
    toggle() {
      const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
      try { localStorage.setItem("octavo-scheme", next); } catch { /* a private window: for this page only */ }
      root.dataset.bsTheme = next;
      document.body.classList.toggle("quarto-dark", next === "dark");
      document.body.classList.toggle("quarto-light", next === "light");
      return next;
    },
  };
})();
