/** A curve drawn as a prediction: by mouse or touch, or typed point by point. */
import type { DrawnAxis } from "../widgetPictures";
import { element, fillIn, svg } from "./shared/dom";
import { button, initialize, Shell, type Context } from "./shared/shell";

const width = 640;
const height = 340;
const margin = { left: 62, right: 16, top: 14, bottom: 48 };
const columns = 60;

type Point = [number, number];

/** From axis values to places in the picture and back. */
class Scale {
  constructor(
    readonly axis: DrawnAxis,
    readonly from: number,
    readonly to: number,
  ) {}

  place(value: number): number {
    const share = (value - this.axis.min) / (this.axis.max - this.axis.min);
    return this.from + share * (this.to - this.from);
  }

  value(place: number): number {
    const share = Math.min(1, Math.max(0, (place - this.from) / (this.to - this.from)));
    return this.axis.min + share * (this.axis.max - this.axis.min);
  }
}

function render(context: Context): () => void {
  const { model } = context;
  const shell = new Shell(context);
  const x = new Scale(model.get("x") as DrawnAxis, margin.left, width - margin.right);
  const y = new Scale(model.get("y") as DrawnAxis, height - margin.bottom, margin.top);
  const points = new Map<number, number>(); // column of x → y
  const plot = frame(x, y);
  const path = svg("path", { class: "drawn" });
  plot.append(path);
  const redraw = (): void => {
    const drawn = sorted(points, x.axis);
    path.setAttribute(
      "d",
      drawn.map(([a, b], i) => `${i ? "L" : "M"}${x.place(a)} ${y.place(b)}`).join(""),
    );
    field.value = drawn.map(([a, b]) => `${short(a)} ${short(b)}`).join("; ");
  };
  const field = element("input", {
    type: "text",
    "aria-label": "The curve as points: x y; x y; …",
    placeholder: "0 1; 5 2.5; …",
  });
  field.style.flex = "1 1 260px";
  field.addEventListener("change", () => {
    if (typed(field.value, points, x.axis, y.axis)) return redraw();
    shell.say('Please type points as "x y; x y" inside the axes.');
  });
  drawing(plot, x, y, points, redraw);
  const give = (): void => {
    if (points.size < 2)
      return shell.say("Please draw a line across the picture, or type two points.");
    shell.answer(sorted(points, x.axis));
  };
  const clear = button("Clear", "", () => {
    points.clear();
    redraw();
  });
  const commit = button("Commit", "", give);
  commit.classList.add("rlhf-main");
  const row = element("div", { class: "rlhf-field" });
  row.append(fillIn(element("span", { class: "rlhf-hint" }), "or type:"), field, clear, commit);
  shell.body.append(plot, row);
  return shell.start(() => "Draw a curve, or type its points.");
}

function sorted(points: Map<number, number>, axis: DrawnAxis): Point[] {
  const step = (axis.max - axis.min) / columns;
  return [...points].sort(([a], [b]) => a - b).map(([column, b]) => [axis.min + column * step, b]);
}

/** Follows the pointer; between two of its places the curve is straight. */
function drawing(
  plot: SVGElement,
  x: Scale,
  y: Scale,
  points: Map<number, number>,
  redraw: () => void,
): void {
  let last: Point | undefined;
  const at = (event: PointerEvent): Point => {
    const box = plot.getBoundingClientRect();
    const left = ((event.clientX - box.left) / box.width) * width;
    const top = ((event.clientY - box.top) / box.height) * height;
    const share = (x.value(left) - x.axis.min) / (x.axis.max - x.axis.min);
    return [Math.round(share * columns), y.value(top)];
  };
  const put = (event: PointerEvent): void => {
    const [column, value] = at(event);
    const [from, start] = last ?? [column, value];
    const steps = Math.max(1, Math.abs(column - from));
    for (let k = 1; k <= steps; k++) {
      points.set(
        Math.round(from + ((column - from) * k) / steps),
        start + ((value - start) * k) / steps,
      );
    }
    if (steps === 1 && column === from) points.set(column, value);
    last = [column, value];
    redraw();
  };
  plot.addEventListener("pointerdown", (event) => {
    last = undefined;
    plot.setPointerCapture(event.pointerId);
    put(event);
  });
  plot.addEventListener("pointermove", (event) => {
    if (event.buttons === 1) put(event);
  });
}

/** Reads "x y; x y"; false when it is not that. */
function typed(text: string, points: Map<number, number>, x: DrawnAxis, y: DrawnAxis): boolean {
  const read = text.split(";").map((pair) => pair.trim().split(/\s+/).map(Number));
  const good = read.every(
    ([a, b, ...rest]) =>
      a !== undefined && b !== undefined && rest.length === 0 &&
      a >= x.min && a <= x.max && b >= y.min && b <= y.max, // prettier-ignore
  );
  if (!good) return false;
  points.clear();
  for (const [a, b] of read as Point[]) {
    points.set(((a - x.min) / (x.max - x.min)) * columns, b);
  }
  return true;
}

function frame(x: Scale, y: Scale): SVGElement {
  const label = `Axes: ${title(x.axis)} from ${x.axis.min} to ${x.axis.max}; ${title(y.axis)} from ${y.axis.min} to ${y.axis.max}`;
  const plot = svg("svg", {
    class: "rlhf-plot",
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-label": label,
  });
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    const a = x.axis.min + share * (x.axis.max - x.axis.min);
    const b = y.axis.min + share * (y.axis.max - y.axis.min);
    plot.append(
      svg("line", { class: "grid", x1: x.place(a), x2: x.place(a), y1: y.from, y2: y.to }),
    );
    plot.append(
      svg("line", { class: "grid", x1: x.from, x2: x.to, y1: y.place(b), y2: y.place(b) }),
    );
    plot.append(
      words(short(a), x.place(a), y.from + 18, "middle"),
      words(short(b), x.from - 8, y.place(b) + 4, "end"),
    );
  }
  const below = words(title(x.axis), (x.from + x.to) / 2, height - 8, "middle", "title");
  const beside = words(title(y.axis), 0, 0, "middle", "title");
  beside.setAttribute("transform", `translate(14 ${(y.from + y.to) / 2}) rotate(-90)`);
  plot.append(below, beside);
  return plot;
}

function words(text: string, x: number, y: number, anchor: string, name = ""): SVGElement {
  const made = svg("text", { x, y, "text-anchor": anchor, class: name });
  made.textContent = text;
  return made;
}

function title({ title: name, unit }: DrawnAxis): string {
  return unit === undefined ? name : `${name} (${unit})`;
}

function short(x: number): string {
  return String(Number(x.toPrecision(4)));
}

export default { initialize, render };
