/** Reference lines and curves as Vega-Lite layers. */
import { isCurve, quantitative, type Axis, type Numbers, type Reference } from "./axes";
import { shortNumber, wrap } from "./text";
import type { Json } from "./vega";

/** Characters of a label that stands to the right of the chart; longer ones are broken. */
const longestLine = 20;

const dashes = [
  [6, 4],
  [2, 3],
  [10, 3, 2, 3],
  [12, 4],
];

/**
 * One layer or two for each reference: the dashed line and its label.
 *
 * @param xs all x values of the chart, to put a vertical line's label on the side with room
 */
export function referenceLayers(list: readonly Reference[], x: Axis, y: Axis, xs: Numbers): Json[] {
  return list.flatMap((reference, i) => {
    const dash = dashes[i % dashes.length];
    if (isCurve(reference)) return curve(reference, x, y, dash);
    return "y" in reference
      ? horizontal(reference, y, dash)
      : vertical(reference, x, dash, isOnTheRight(reference.x, xs));
  });
}

/** References in words. */
export function describeReferences(list: readonly Reference[]): string | undefined {
  if (list.length === 0) return undefined;
  const words = list.map((reference) => {
    if (isCurve(reference)) return `${reference.label} (a curve)`;
    return "y" in reference
      ? `${reference.label} at y = ${shortNumber(reference.y)}`
      : `${reference.label} at x = ${shortNumber(reference.x)}`;
  });
  return `For reference: ${words.join("; ")}`;
}

function line(dash: number[]): Json {
  return { strokeDash: dash, strokeWidth: 1.5, opacity: 0.75 };
}

function horizontal(reference: { y: number; label: string }, y: Axis, dash: number[]): Json[] {
  const data = { values: [{ y: reference.y, label: wrap(reference.label, longestLine) }] };
  return [
    { data, mark: { type: "rule", ...line(dash) }, encoding: { y: quantitative("y", y) } },
    {
      data,
      mark: {
        type: "text",
        align: "left",
        baseline: "middle",
        dx: 6,
        fontStyle: "italic",
      },
      encoding: { y: quantitative("y", y), x: { value: "width" }, text: { field: "label" } },
    },
  ];
}

function vertical(
  reference: { x: number; label: string },
  x: Axis,
  dash: number[],
  toTheLeft: boolean,
): Json[] {
  const data = { values: [{ x: reference.x, label: reference.label }] };
  const side = toTheLeft ? { align: "right", dx: -5 } : { align: "left", dx: 5 };
  return [
    { data, mark: { type: "rule", ...line(dash) }, encoding: { x: quantitative("x", x) } },
    {
      data,
      mark: { type: "text", baseline: "top", dy: 2, fontStyle: "italic", ...side },
      encoding: { x: quantitative("x", x), y: { value: 0 }, text: { field: "label" } },
    },
  ];
}

function curve(
  reference: { x: Numbers; y: Numbers; label: string },
  x: Axis,
  y: Axis,
  dash: number[],
): Json[] {
  const values = Array.from(reference.x, (at, i) => ({ x: at, y: reference.y[i] }));
  const last = values.reduce((best, point) => (point.x > best.x ? point : best), values[0]);
  const encoding = { x: quantitative("x", x), y: quantitative("y", y) };
  return [
    { data: { values }, mark: { type: "line", color: "currentColor", ...line(dash) }, encoding },
    {
      data: { values: [{ ...last, label: wrap(reference.label, longestLine) }] },
      mark: { type: "text", align: "left", baseline: "middle", dx: 6, fontStyle: "italic" },
      encoding: { ...encoding, text: { field: "label" } },
    },
  ];
}

function isOnTheRight(at: number, xs: Numbers): boolean {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < xs.length; i++) {
    low = Math.min(low, xs[i]);
    high = Math.max(high, xs[i]);
  }
  return at > low + 0.6 * (high - low);
}
