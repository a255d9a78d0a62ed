// Search in a site that is opened from files, where Pagefind's index cannot be fetched: over the text of all pages,
// which `offline-index.js` holds as [address, title, [[anchor, heading, text], …], where it is]. Answers in Pagefind's shape.
(() => {
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
  const escaped = (text) => text.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`);
  const ids = (section) => (section[0] ? `#${section[0]}` : "");

  function excerpt(text, words) {
    const at = Math.max(0, Math.min(...words.map((word) => plain(text).indexOf(word)).filter((n) => n >= 0)));
    const start = at > 60 ? text.indexOf(" ", at - 60) + 1 : 0;
    const shown = escaped(text.slice(start, start + 180));
    const found = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
    return (start ? "… " : "") + shown.replace(new RegExp(`(${found})`, "gi"), "<mark>$1</mark>") + " …";
  }

  function search(query, root) {
    const words = plain(query).split(/\s+/).filter(Boolean);
    const rows = [];
    for (const [address, title, sections, context] of window.octavoPages || []) {
      const whole = plain([title, ...sections.map((section) => `${section[1]} ${section[2]}`)].join(" "));
      if (!words.every((word) => whole.includes(word))) continue;
      const hits = sections
        .map((section) => {
          const [heading, text] = [plain(section[1]), plain(section[2])];
          const score = words.reduce((sum, word) => sum + 8 * heading.includes(word) + Math.min(text.split(word).length - 1, 5), 0);
          return { section, score };
        })
        .filter((hit) => hit.score)
        .sort((a, b) => b.score - a.score);
      const bonus = words.filter((word) => plain(title).includes(word)).length * 20;
      const url = new URL(address, root).href;
      const page = {
        url, meta: { title, context }, excerpt: hits.length ? excerpt(hits[0].section[2], words) : "",
        sub_results: hits.slice(0, 3).map(({ section }) => ({ title: section[1] || title, url: url + ids(section), excerpt: excerpt(section[2], words) })),
      };
      rows.push({ score: bonus + (hits[0]?.score || 0), data: async () => page });
    }
    return { results: rows.sort((a, b) => b.score - a.score) };
  }

  window.octavoOffline = (root) => ({ debouncedSearch: async (query) => search(query, root) });
})();
