// Three classes of four supports. Move a support: its prototype follows, and the regions of the nearest prototype with it.
customElements.define("nearest-prototype", class extends ExplorableFigure {
  static title = "Prototypes and the regions of their classes";
  static width = 560;
  static height = 380;

  setUp() {
    this.metric = this.choice("distance", ["squared Euclidean", "cosine, seen from the centre"]);
    this.shown = this.slider("supports per class", { min: 1, max: 4, step: 1, value: 4 });
    const normal = normals(7);
    const centres = [[150, 120], [410, 110], [290, 290]];
    this.supports = centres.map(([x, y]) => Array.from({ length: 4 }, () => [x + 42 * normal(), y + 34 * normal()]));
    this.marks = this.supports.map((points, kind) => points.map((point, i) => {
      const mark = this.add("path", { class: `fill kind-${kind}` });
      this.handle(mark, `support ${i + 1} of class ${"ABC"[kind]}`, () => point, (x, y) => { [point[0], point[1]] = [x, y]; });
      return mark;
    }));
  }

  draw() {
    const count = this.shown();
    const prototypes = this.supports.map((points) => [0, 1].map((i) => points.slice(0, count).reduce((sum, p) => sum + p[i], 0) / count));
    const cosine = this.metric().startsWith("cosine");
    const far = ([x, y], [px, py]) => {
      if (!cosine) return (x - px) ** 2 + (y - py) ** 2;
      const [u, v, p, q] = [x - 280, y - 190, px - 280, py - 190];
      return -(u * p + v * q) / (Math.hypot(u, v) * Math.hypot(p, q) + 1e-9);
    };
    const nearest = (point) => prototypes.map((p, k) => [far(point, p), k]).sort((a, b) => a[0] - b[0])[0][1];
    const regions = ["", "", ""];
    const cell = 4;
    for (let y = 0; y < 380; y += cell) {
      for (let x = 0, start = 0; x < 560; x += cell) {
        const kind = nearest([x + cell / 2, y + cell / 2]);
        const next = x + cell < 560 ? nearest([x + 1.5 * cell, y + cell / 2]) : -1;
        if (next !== kind) { regions[kind] += `M${start} ${y}h${x + cell - start}v${cell}h${start - x - cell}z`; start = x + cell; }
      }
    }
    const back = regions.map((d, kind) => this.add("path", { d, class: `region kind-${kind}` }));
    this.drawing.prepend(...back);
    // One shape a class: colour alone would not tell them apart.
    const shapes = [(x, y, r) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
      (x, y, r) => `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`, (x, y, r) => `M${x} ${y - 1.2 * r}l${1.1 * r} ${2 * r}h${-2.2 * r}z`];
    this.marks.forEach((marks, kind) => marks.forEach((mark, i) => {
      mark.setAttribute("d", shapes[kind](...this.supports[kind][i], 7));
      mark.style.display = i < count ? "" : "none";
    }));
    prototypes.forEach(([x, y], kind) => {
      this.add("path", { d: shapes[kind](x, y, 12), class: `stroke strong hollow` });
      this.text(x + 17, y - 10, "ABC"[kind], { class: "strong" });
    });
    const points = this.supports.flatMap((all, kind) => all.slice(0, count).map((point) => [point, kind]));
    const right = points.filter(([point, kind]) => nearest(point) === kind).length;
    return `${right} of ${points.length} supports lie in the region of their own class (A round, B square, C triangular; the hollow marks are the prototypes).`;
  }
});
