/** Axes, and the lines that a result is held against: published values, closed forms, predictions. */
import { checkAllFinite, checkFinite, checkSameLength } from "../core/checks";
import type { ChartOptions } from "./chart";
import type { Json } from "./vega";

/** Numbers in any array. */
export type Numbers = ArrayLike<number>;

/** An axis: its title with the unit in brackets, or its details. */
export type Axis = string | AxisDetails;

export interface AxisDetails {
  title: string;
  /** Put in brackets after the title. */
  unit?: string;
  /** Logarithmic; every value must be above 0. */
  log?: boolean;
  /** Whether 0 belongs to the axis; by default only where a bar stands on it. */
  zero?: boolean;
  /** First and last value; what lies outside is cut off. */
  domain?: [number, number];
  /** Pixels between the outermost mark and the end of the axis. */
  padding?: number;
  /** d3-format of the numbers at the ticks, such as `".0%"` or `".2f"`. */
  format?: string;
}

/** A line with a label, drawn dashed across a chart: at one y, at one x, or a curve. */
export type Reference =
  | { y: number; label: string }
  | { x: number; label: string }
  | { x: Numbers; y: Numbers; label: string };

/** What every chart with two axes takes. */
export interface XYOptions extends ChartOptions {
  x: Axis;
  y: Axis;
  reference?: Reference | readonly Reference[];
}

/**
 * An axis with all its details.
 *
 * @throws TypeError when there is no title
 */
export function axisDetails(where: string, axis: Axis): AxisDetails {
  const details = typeof axis === "string" ? { title: axis } : axis;
  if (typeof details?.title !== "string" || details.title.trim() === "") {
    throw new TypeError(
      `${where} needs a title with its unit, such as "return (points)" or ` +
        `{ title: "return", unit: "points" }.`,
    );
  }
  if (details.domain !== undefined) {
    const [from, to] = details.domain;
    if (!(Number.isFinite(from) && Number.isFinite(to) && from < to)) {
      throw new RangeError(
        `${where}: domain must be [from, to] with from < to, got [${from}, ${to}].`,
      );
    }
  }
  return details;
}

/** "return (points)". */
export function axisTitle(axis: Axis): string {
  if (typeof axis === "string") return axis;
  return axis.unit === undefined ? axis.title : `${axis.title} (${axis.unit})`;
}

/**
 * The Vega-Lite encoding of a field of numbers along an axis.
 *
 * @param values when all are whole numbers, no tick stands between two of them
 */
export function quantitative(field: string, axis: Axis, values?: readonly (number | null)[]): Json {
  const details: AxisDetails = typeof axis === "string" ? { title: axis } : axis;
  const scale: Json = { zero: details.zero ?? false };
  if (details.padding !== undefined) scale["padding"] = details.padding;
  if (details.log === true) Object.assign(scale, { type: "log" });
  if (details.log === true) delete scale["zero"];
  if (details.domain !== undefined) Object.assign(scale, { domain: details.domain, nice: false });
  const ticks: Json = {};
  if (details.format !== undefined) ticks["format"] = details.format;
  const whole = details.log === true ? undefined : wholeTicks(values);
  if (whole !== undefined) Object.assign(ticks, { values: whole, format: details.format ?? ",d" });
  return { field, type: "quantitative", title: axisTitle(axis), scale, axis: ticks };
}

/** Ticks at whole numbers only, where there are few of them; Vega-Lite ignores `tickMinStep`. */
function wholeTicks(values: readonly (number | null)[] | undefined): number[] | undefined {
  if (values === undefined || !values.every(Number.isInteger)) return undefined;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values as number[]) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(high - low <= 10)) return undefined;
  return Array.from({ length: high - low + 1 }, (_, i) => low + i);
}

/** Throws where a logarithmic axis is given something that is not above zero. */
export function checkOnAxis(where: string, axis: Axis, values: Numbers): void {
  if (typeof axis === "string" || axis.log !== true) return;
  for (let i = 0; i < values.length; i++) {
    if (!(values[i] > 0)) {
      throw new RangeError(
        `${where}[${i}] is ${values[i]}, but the axis "${axis.title}" is logarithmic: ` +
          `its values must be above 0.`,
      );
    }
  }
}

/** Whether marks must be cut at the edge because an axis says where it ends. */
export function isClipped(...axes: Axis[]): boolean {
  return axes.some((axis) => typeof axis !== "string" && axis.domain !== undefined);
}

/** The references of a chart as a list, each checked. */
export function references(
  where: string,
  given: Reference | readonly Reference[] | undefined,
): Reference[] {
  const list = given === undefined ? [] : Array.isArray(given) ? given : [given];
  (list as Reference[]).forEach((reference, i) =>
    checkReference(`${where}: reference ${i}`, reference),
  );
  return list as Reference[];
}

function checkReference(where: string, reference: Reference): void {
  if (typeof reference?.label !== "string") {
    throw new TypeError(`${where} needs a label, as in { y: 475, label: "solved" }.`);
  }
  if (isCurve(reference)) {
    checkSameLength(where, { x: reference.x, y: reference.y });
    checkAllFinite(`${where}: x`, reference.x);
    checkAllFinite(`${where}: y`, reference.y);
  } else if ("y" in reference) checkFinite(`${where}: y`, reference.y);
  else checkFinite(`${where}: x`, reference.x);
}

/** Whether a reference is a curve rather than a straight line. */
export function isCurve(
  reference: Reference,
): reference is { x: Numbers; y: Numbers; label: string } {
  return "x" in reference && "y" in reference;
}
