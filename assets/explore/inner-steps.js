// Gradient steps on five points of a new sinusoid, from two starting points: one meta-learned, one pre-trained.
// The weights come from the page (attribute `weights`): for each start the layers 1-16-16-1 of a tanh network, in a row.
customElements.define("inner-steps", class extends ExplorableFigure {
  static title = "Inner steps on a sinusoid";
  static width = 560;
  static height = 340;

  setUp() {
    this.start = this.choice("starting point", ["meta-learned (MAML)", "pre-trained on all tasks"]);
    this.steps = this.slider("gradient steps", { min: 0, max: 10, step: 1, value: 1 });
    this.amplitude = this.slider("amplitude of the task", { min: 0.5, max: 5, step: 0.1, value: 3, show: (a) => a.toFixed(1) });
    this.phase = this.slider("phase of the task", { min: 0, max: 3.1, step: 0.05, value: 1, show: (p) => p.toFixed(2) });
    this.weights = JSON.parse(this.getAttribute("weights"));
    this.rate = Number(this.getAttribute("rate"));
    this.support = [-4.2, -2.4, -0.6, 1.7, 3.9];
  }

  draw() {
    const theta = [...this.weights[this.start().startsWith("meta") ? 0 : 1]];
    const truth = (x) => this.amplitude() * Math.sin(x + this.phase());
    const targets = this.support.map(truth);
    for (let step = 0; step < this.steps(); step++) {
      const gradient = new Array(theta.length).fill(0);
      this.support.forEach((x, i) => backward(theta, x, targets[i], gradient, 2 / this.support.length));
      gradient.forEach((g, i) => { theta[i] -= this.rate * g; });
    }
    const at = (x, y) => [280 + 52 * x, 165 - 27 * y];
    const path = (f) => Array.from({ length: 101 }, (_, i) => -5 + i / 10).map((x, i) => `${i ? "L" : "M"}${at(x, f(x)).map((v) => v.toFixed(1))}`).join("");
    this.add("path", { d: `M${at(-5, 0)}L${at(5, 0)}`, class: "stroke faint" });
    this.add("path", { d: path(truth), class: "stroke two dashed hollow" });
    const start = this.weights[this.start().startsWith("meta") ? 0 : 1];
    this.add("path", { d: path((x) => forward(start, x).y), class: "stroke faint hollow" });
    this.add("path", { d: path((x) => forward(theta, x).y), class: "stroke one wide hollow" });
    this.support.forEach((x, i) => { const [cx, cy] = at(x, targets[i]); this.add("circle", { cx, cy, r: 5, class: "fill strong" }); });
    this.text(12, 20, "thick: after the steps · thin: before · dashed: the task");
    const error = Array.from({ length: 101 }, (_, i) => -5 + i / 10).reduce((sum, x) => sum + (forward(theta, x).y - truth(x)) ** 2, 0) / 101;
    return `After ${this.steps()} step${this.steps() === 1 ? "" : "s"} on five points, the mean squared error over the whole range is ${error.toFixed(2)}.`;

    function forward(t, x) {
      const n = 16;
      const first = Array.from({ length: n }, (_, j) => Math.tanh(t[j] * x + t[n + j]));
      const second = Array.from({ length: n }, (_, k) => {
        let sum = t[2 * n + n * n + k];
        for (let j = 0; j < n; j++) sum += t[2 * n + k * n + j] * first[j];
        return Math.tanh(sum);
      });
      const last = 3 * n + n * n;
      return { first, second, y: second.reduce((sum, h, k) => sum + t[last + k] * h, t[last + n]) };
    }

    // Adds scale · (y − target) · ∂y/∂t, by the chain rule.
    function backward(t, x, target, gradient, scale) {
      const n = 16;
      const { first, second, y } = forward(t, x);
      const last = 3 * n + n * n;
      const error = scale * (y - target);
      gradient[last + n] += error;
      second.forEach((h, k) => {
        gradient[last + k] += error * h;
        const outer = error * t[last + k] * (1 - h * h);
        gradient[2 * n + n * n + k] += outer;
        first.forEach((g, j) => {
          gradient[2 * n + k * n + j] += outer * g;
          const inner = outer * t[2 * n + k * n + j] * (1 - g * g);
          gradient[j] += inner * x;
          gradient[n + j] += inner;
        });
      });
    }
  }
});
