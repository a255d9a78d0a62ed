// For lost readers: the pages whose names are most like the address that was asked for.
const words = (text) => text.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
const alike = (a, b) => a === b ? 2 : a.slice(0, 4) === b.slice(0, 4) ? 1 : 0;

const asked = words(decodeURIComponent(location.pathname.split("/").pop().replace(/\.\w+$/, "")));
const pages = [...document.querySelectorAll("a.sidebar-link[href]")].map((link) => {
  const named = words(`${link.pathname.split("/").pop()} ${link.textContent}`);
  const likeness = asked.reduce((sum, word) => sum + Math.max(0, ...named.map((other) => alike(word, other))), 0);
  return { link, likeness };
});
const likely = pages.filter((page) => page.likeness > 0).sort((a, b) => b.likeness - a.likeness).slice(0, 3);
if (likely.length) {
  const list = document.createElement("ul");
  for (const { link } of likely) {
    const found = document.createElement("a");
    found.href = link.href;
    found.textContent = link.textContent.trim();
    list.appendChild(document.createElement("li")).append(found);
  }
  const line = document.createElement("p");
  line.textContent = "Perhaps you were looking for:";
  document.getElementById("suggestions").append(line, list);
}
