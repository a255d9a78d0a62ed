// Two tasks pull at the shared parameters; their weights say where the sum goes, and whether both are served.
customElements.define("shared-gradient", class extends ExplorableFigure {
  static title = "Task weights and the shared gradient";
  static width = 560;
  static height = 330;

  setUp() {
    this.weight = this.slider("weight of task 1", { min: 0, max: 1, step: 0.01, value: 0.5, show: (w) => w.toFixed(2) });
    this.angle = this.slider("angle between the gradients", { min: 0, max: 180, step: 1, value: 120, show: (a) => `${a}°` });
    this.ratio = this.slider("length of gradient 2", { min: 0.2, max: 2, step: 0.05, value: 0.6, show: (r) => `${r.toFixed(2)} × gradient 1` });
  }

  draw() {
    const [w, angle, ratio] = [this.weight(), this.angle() * Math.PI / 180, this.ratio()];
    const turn = Math.PI / 2 - angle / 2; // symmetric about the vertical
    const first = [Math.cos(turn), Math.sin(turn)];
    const second = [ratio * Math.cos(turn + angle), ratio * Math.sin(turn + angle)];
    const sum = [0, 1].map((i) => w * first[i] + (1 - w) * second[i]);
    const origin = [280, 285];
    const scale = 225 / Math.max(1, ratio);
    const at = (v) => [origin[0] + scale * v[0], origin[1] - scale * v[1]];
    // All weights together: the segment between the two arrow heads.
    this.add("line", { x1: at(first)[0], y1: at(first)[1], x2: at(second)[0], y2: at(second)[1], class: "stroke faint dashed" });
    this.arrow(origin, at(first), "one");
    this.arrow(origin, at(second), "two");
    this.arrow(origin, at(sum), "sum");
    this.text(at(first)[0] + 8, at(first)[1] + 18, "∇L₁", { class: "one" });
    this.text(at(second)[0] - 8, at(second)[1] + 18, "∇L₂", { class: "two end" });
    this.text(at(sum)[0], at(sum)[1] - 12, "w∇L₁ + (1−w)∇L₂", { class: "strong middle" });
    this.add("circle", { cx: origin[0], cy: origin[1], r: 5, class: "fill strong" });
    const dot = (u, v) => u[0] * v[0] + u[1] * v[1];
    const gains = [dot(sum, first), dot(sum, second)];
    const small = gains.map((g) => (Math.abs(g) < 5e-3 ? 0 : g));
    const verb = (g) => (g > 0 ? "falls" : g < 0 ? "rises" : "stands still");
    const agree = dot(first, second) < -1e-9 ? "The gradients conflict" : "The gradients do not conflict";
    return `${agree}. After a small step, the loss of task 1 ${verb(small[0])} (rate ${small[0].toFixed(2)}) and the loss of task 2 ${verb(small[1])} (rate ${small[1].toFixed(2)}).`;
  }
});
