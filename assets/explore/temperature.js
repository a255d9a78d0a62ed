// InfoNCE for one anchor on the circle: what the temperature does to the weights of the negatives.
customElements.define("contrastive-temperature", class extends ExplorableFigure {
  static title = "Temperature in the contrastive loss";
  static width = 560;
  static height = 330;

  setUp() {
    this.power = this.slider("temperature", { min: -1.7, max: 0.3, step: 0.02, value: -0.7, show: (p) => (10 ** p).toFixed(10 ** p < 0.1 ? 3 : 2) });
    this.place = this.slider("angle of the positive", { min: 0, max: 120, step: 1, value: 25, show: (a) => `${a}°` });
    this.negatives = [-160, -125, -95, -70, -48, -30, 40, 62, 85, 110, 140, 170];
  }

  draw() {
    const tau = 10 ** this.power();
    const angles = [this.place(), ...this.negatives];
    const logits = angles.map((a) => Math.cos(a * Math.PI / 180) / tau);
    const top = Math.max(...logits);
    const total = logits.reduce((sum, l) => sum + Math.exp(l - top), 0);
    const weights = logits.map((l) => Math.exp(l - top) / total);
    const loss = -Math.log(weights[0]);
    const [cx, cy, radius] = [165, 170, 105];
    const at = (a, r) => [cx + r * Math.sin(a * Math.PI / 180), cy - r * Math.cos(a * Math.PI / 180)];
    this.add("circle", { cx, cy, r: radius, class: "stroke faint" });
    angles.forEach((a, i) => {
      const [[x1, y1], [x2, y2]] = [at(a, radius), at(a, radius - 8 - 70 * weights[i])];
      this.add("line", { x1, y1, x2, y2, class: `stroke ${i ? "two" : "one"} ${i ? "" : "wide"}` });
      const [x, y] = at(a, radius);
      if (i) this.add("rect", { x: x - 4, y: y - 4, width: 8, height: 8, class: "fill two" });
      else this.add("circle", { cx: x, cy: y, r: 6, class: "fill one" });
    });
    this.add("circle", { cx, cy: cy - radius, r: 7, class: "fill strong" });
    this.text(cx, cy - radius - 14, "anchor", { class: "strong middle" });
    // The weights from the most similar candidate to the least.
    const order = angles.map((_, i) => i).sort((i, j) => logits[j] - logits[i]);
    order.forEach((i, row) => {
      const y = 44 + 20 * row;
      this.add("rect", { x: 330, y, width: Math.max(1, 190 * weights[i]), height: 13, class: `fill ${i ? "two" : "one"}` });
      if (!i) this.text(324, y + 12, "positive", { class: "end one" });
      else if (row === order.length - 1) this.text(324, y + 12, "negatives", { class: "end two" });
    });
    this.text(330, 30, "softmax weight", { class: "strong" });
    // The gradient of the loss pulls at candidate i with weight p_i / tau.
    const pushes = weights.slice(1);
    const two = [...pushes].sort((a, b) => b - a).slice(0, 2).reduce((a, b) => a + b, 0) / pushes.reduce((a, b) => a + b, 0);
    return `Loss ${loss.toFixed(2)} nats; guessing among ${angles.length} would give ${Math.log(angles.length).toFixed(2)}. The two hardest of ${pushes.length} negatives get ${Math.round(100 * two)} % of the push away from the anchor.`;
  }
});
