// A feature of one number, a direction in the plane: good for the labels of the source, and bad at telling the domains.
customElements.define("adversarial-boundary", class extends ExplorableFigure {
  static title = "A domain-adversarial boundary";
  static width = 560;
  static height = 360;

  setUp() {
    this.strength = this.slider("strength of the adversary", { min: 0, max: 2, step: 0.02, value: 0, show: (s) => s.toFixed(2) });
    this.shift = this.slider("shift between the domains", { min: 0, max: 3, step: 0.1, value: 2, show: (s) => s.toFixed(1) });
    const normal = normals(3);
    // Classes differ in both coordinates; the domains will differ in the first one only.
    this.points = Array.from({ length: 120 }, (_, i) => ({ label: i % 2, domain: i < 60 ? 0 : 1, noise: [0.45 * normal(), 0.55 * normal()] }));
  }

  draw() {
    const shift = this.shift();
    const points = this.points.map(({ label, domain, noise }) => ({
      label, domain, x: [(label ? 1 : -1) * 0.9 + noise[0] + domain * shift, (label ? 1 : -1) * 0.8 + noise[1]],
    }));
    const source = points.filter((p) => !p.domain);
    const feature = (angle) => (p) => p.x[0] * Math.cos(angle) + p.x[1] * Math.sin(angle);
    const strength = this.strength();
    let best = null;
    for (let degrees = 0; degrees < 180; degrees += 2) {
      const angle = degrees * Math.PI / 180;
      const h = feature(angle);
      const labels = fit(source.map(h), source.map((p) => p.label));
      const domains = fit(points.map(h), points.map((p) => p.domain));
      const value = labels.loss - strength * domains.loss;
      if (!best || value < best.value) best = { value, angle, labels, domains, h };
    }
    const right = (set) => set.filter((p) => (best.labels.slope * best.h(p) + best.labels.offset > 0) === Boolean(p.label)).length / set.length;
    const told = points.filter((p) => (best.domains.slope * best.h(p) + best.domains.offset > 0) === Boolean(p.domain)).length / points.length;
    const at = ([x, y]) => [190 + 62 * x, 180 - 62 * y];
    // The boundary of the label classifier: all points with this value of the feature.
    const cut = -best.labels.offset / best.labels.slope;
    const [c, s] = [Math.cos(best.angle), Math.sin(best.angle)];
    const [a, b] = [at([cut * c - 9 * s, cut * s + 9 * c]), at([cut * c + 9 * s, cut * s - 9 * c])];
    this.add("line", { x1: a[0], y1: a[1], x2: b[0], y2: b[1], class: "stroke strong dashed" });
    this.arrow([470, 300], [470 + 55 * c, 300 - 55 * s], "strong");
    this.text(470, 328, "feature", { class: "middle" });
    for (const p of points) {
      const [x, y] = at(p.x);
      const kind = p.label ? "one" : "two";
      if (p.domain) this.add("circle", { cx: x, cy: y, r: 4, class: `stroke hollow ${kind}` });
      else this.add("rect", { x: x - 3.5, y: y - 3.5, width: 7, height: 7, class: `fill ${kind}` });
    }
    const percent = (value) => `${Math.round(100 * value)} %`;
    return `Source accuracy ${percent(right(source))}, target accuracy ${percent(right(points.filter((p) => p.domain)))}; from the feature, the domain is guessed right in ${percent(told)} of cases. Squares are the source, rings the target (its labels are not used).`;

    // Logistic regression on one number, by Newton's method with a little ridge.
    function fit(values, targets) {
      let [slope, offset] = [0, 0];
      const n = values.length;
      for (let step = 0; step < 12; step++) {
        let [gs, go, ss, so, oo] = [1e-2 * slope, 0, 1e-2, 0, 1e-4];
        values.forEach((v, i) => {
          const p = 1 / (1 + Math.exp(-slope * v - offset));
          const [e, w] = [(p - targets[i]) / n, (p * (1 - p)) / n];
          gs += e * v; go += e; ss += w * v * v; so += w * v; oo += w;
        });
        const det = ss * oo - so * so;
        slope -= (oo * gs - so * go) / det;
        offset -= (ss * go - so * gs) / det;
      }
      const loss = values.reduce((sum, v, i) => sum + Math.log1p(Math.exp(-(2 * targets[i] - 1) * (slope * v + offset))), 0) / n;
      return { slope, offset, loss };
    }
  }
});
