// What the explorable figures share. Each is a custom element around a static figure, which stays for print, for readers
// without JavaScript and for other formats; here its picture makes room for a drawing with controls.
const SVG = "http://www.w3.org/2000/svg";

class ExplorableFigure extends HTMLElement {
  connectedCallback() {
    if (this.drawing) return;
    // The figure inside may not be parsed yet.
    if (document.readyState === "loading") return void addEventListener("DOMContentLoaded", () => this.connectedCallback(), { once: true });
    const picture = this.querySelector("img");
    this.box = document.createElement("div");
    this.box.className = "explorable";
    this.box.setAttribute("role", "group");
    this.box.setAttribute("aria-label", this.constructor.title);
    this.drawing = this.add("svg", { viewBox: `0 0 ${this.constructor.width} ${this.constructor.height}`, role: "img" }, this.box);
    this.controls = this.box.appendChild(document.createElement("div"));
    this.controls.className = "explorable-controls";
    this.says = this.box.appendChild(document.createElement("p"));
    this.says.setAttribute("aria-live", "polite");
    if (picture) {
      picture.classList.add("explorable-static");
      picture.before(this.box);
    } else this.append(this.box);
    this.setUp();
    this.redraw();
  }

  // One drawing a frame, however fast the slider moves.
  changed() {
    this.waiting ??= requestAnimationFrame(() => { this.waiting = undefined; this.redraw(); });
  }

  redraw() {
    // What can have the focus is moved, not made again.
    for (const child of [...this.drawing.children]) if (!child.hasAttribute("tabindex")) child.remove();
    const told = this.draw();
    this.says.textContent = told;
    this.drawing.setAttribute("aria-label", told);
  }

  add(name, attributes, parent = this.drawing) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return parent.appendChild(element);
  }

  text(x, y, words, attributes = {}) {
    this.add("text", { x, y, ...attributes }).textContent = words;
  }

  arrow(from, to, kind) {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = Math.hypot(dx, dy) || 1;
    const [ux, uy] = [dx / length, dy / length];
    const head = Math.min(11, length);
    const [bx, by] = [to[0] - head * ux, to[1] - head * uy];
    this.add("line", { x1: from[0], y1: from[1], x2: bx, y2: by, class: `stroke ${kind}` });
    this.add("polygon", { points: `${to} ${bx - head * 0.4 * uy},${by + head * 0.4 * ux} ${bx + head * 0.4 * uy},${by - head * 0.4 * ux}`, class: `fill ${kind}` });
  }

  // A labelled slider; `show` turns its position into words. Gives a function that tells its value.
  slider(label, { min, max, step, value, show = String }) {
    const row = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "range", min, max, step, value });
    const output = document.createElement("output");
    const name = document.createElement("span");
    name.textContent = label;
    const told = () => {
      output.textContent = show(input.valueAsNumber);
      input.setAttribute("aria-valuetext", output.textContent);
    };
    input.addEventListener("input", () => { told(); this.changed(); });
    told();
    row.append(name, input, output);
    this.controls.append(row);
    return () => input.valueAsNumber;
  }

  choice(label, options) {
    const row = document.createElement("label");
    const select = document.createElement("select");
    const name = document.createElement("span");
    name.textContent = label;
    for (const option of options) select.append(new Option(option, option));
    select.addEventListener("change", () => this.changed());
    row.append(name, select);
    this.controls.append(row);
    return () => select.value;
  }

  // A point to be moved by pointer or by arrow keys; `moved(x, y)` gets places in the drawing.
  handle(mark, label, place, moved) {
    mark.setAttribute("tabindex", "0");
    // What holds controls is no mere picture.
    this.drawing.setAttribute("role", "group");
    mark.setAttribute("role", "button");
    mark.setAttribute("aria-label", `${label}: move with the arrow keys`);
    mark.classList.add("handle");
    const go = (x, y) => {
      const { width, height } = this.constructor;
      moved(Math.min(width - 8, Math.max(8, x)), Math.min(height - 8, Math.max(8, y)));
      this.changed();
    };
    mark.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] }[event.key];
      if (!step) return;
      event.preventDefault();
      const [x, y] = place();
      go(x + step[0], y + step[1]);
    });
    mark.addEventListener("pointerdown", (event) => { event.preventDefault(); mark.focus(); mark.setPointerCapture(event.pointerId); });
    mark.addEventListener("pointermove", (event) => {
      if (!mark.hasPointerCapture(event.pointerId)) return;
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.drawing.getScreenCTM().inverse());
      go(at.x, at.y);
    });
  }
}

// Seeded, so that every reader sees the same points.
function normals(seed) {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
