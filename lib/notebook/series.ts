/** Named series of numbers: read, checked, thinned and described. */
import { checkAllFinite, checkNotEmpty, checkSameLength } from "../core/checks";
import { checkOnAxis, type Numbers, type XYOptions } from "./axes";
import { shortNumber } from "./text";
import { palette } from "./theme";
import type { Json } from "./vega";

/** One line: its y values (then x is 0, 1, 2 … or the option `at`), or both. */
export type Series = Numbers | { x: Numbers; y: Numbers };

/** A series as it is drawn. */
export interface Curve {
  name: string;
  x: Numbers;
  y: Numbers;
}

interface ReadOptions extends Pick<XYOptions, "x" | "y"> {
  at?: Numbers;
  gaps?: boolean;
}

/**
 * Reads named series.
 *
 * @throws TypeError when there is none; ShapeError when x and y differ in length; RangeError for a
 *   value that is no number, naming series and index (with `gaps`, NaN leaves a gap in y)
 */
export function readSeries(
  where: string,
  series: Readonly<Record<string, Series>>,
  options: ReadOptions,
): Curve[] {
  return checkNames(where, series).map((name) => {
    const given = series[name];
    const y = isNumbers(given) ? given : given?.y;
    if (!isNumbers(y)) {
      throw new TypeError(`${where}: "${name}" must be numbers, or { x, y } with numbers in both.`);
    }
    const x = isNumbers(given) ? (options.at ?? Array.from(y, (_, i) => i)) : given.x;
    checkNotEmpty(`${where}: "${name}"`, y);
    checkSameLength(`${where}: "${name}"`, { x, y });
    checkAllFinite(`${where}: x of "${name}"`, x);
    if (options.gaps !== true) checkNumbers(`${where}: "${name}"`, y);
    checkOnAxis(`${where}: x of "${name}"`, options.x, x);
    checkOnAxis(`${where}: "${name}"`, options.y, y);
    return { name, x, y };
  });
}

/** The names of the series, at least one. */
export function checkNames(where: string, series: Readonly<Record<string, unknown>>): string[] {
  const names = typeof series === "object" && series !== null ? Object.keys(series) : [];
  if (names.length === 0 || isNumbers(series)) {
    throw new TypeError(`${where} needs named series, as in { PPO: returns, REINFORCE: others }.`);
  }
  return names;
}

function checkNumbers(where: string, values: Numbers): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(
        `${where}[${i}] is ${String(values[i])}. A run that diverged? ` +
          `With { gaps: true } the chart leaves a gap there.`,
      );
    }
  }
}

/** Whether a value is an array of any kind. */
export function isNumbers(value: unknown): value is Numbers {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** Points beyond this many a series are not seen, only stored. */
const mostPoints = 1500;

/**
 * Which points of a long curve to draw: the first, the last, and of each stretch its lowest and its
 * highest, so that every peak stays where it is.
 *
 * @returns indices in rising order; all of them where there are 1,500 or fewer
 */
export function thin(y: Numbers): number[] {
  if (y.length <= mostPoints) return Array.from(y, (_, i) => i);
  const kept = new Set([0, y.length - 1]);
  const stretches = mostPoints / 2;
  for (let k = 0; k < stretches; k++) {
    const from = Math.floor((k * y.length) / stretches);
    const to = Math.floor(((k + 1) * y.length) / stretches);
    let low = from;
    let high = from;
    for (let i = from; i < to; i++) {
      if (y[i] < y[low]) low = i;
      if (y[i] > y[high]) high = i;
    }
    kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a - b);
}

/** A number as it is stored in a notebook: eight significant digits, null for a gap. */
export function stored(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(8)) : null;
}

/** Colour by series in the order given, with a legend where there is more than one. */
export function colourBy(names: readonly string[], field = "series", legend: Json = {}): Json {
  const range = names.map((_, i) => palette[i % palette.length]);
  return {
    field,
    type: "nominal",
    scale: { domain: [...names], range },
    legend:
      names.length > 1
        ? {
            title: null,
            orient: "top",
            direction: "horizontal",
            columns: 4,
            symbolOpacity: 1,
            ...legend,
          }
        : null,
  };
}

/** "PPO: 200 points, from 20 to 475, at the end 470". */
export function describeCurves(curves: readonly Curve[]): string {
  return curves
    .map(({ name, x, y }) => {
      const values = Array.from(y).filter(Number.isFinite);
      const low = shortNumber(values.reduce((a, b) => Math.min(a, b), Infinity));
      const high = shortNumber(values.reduce((a, b) => Math.max(a, b), -Infinity));
      const last = shortNumber(y[y.length - 1]);
      return `${name}: ${x.length} points, from ${low} to ${high}, at the end ${last}`;
    })
    .join("; ");
}
