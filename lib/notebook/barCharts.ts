/** One value a category, with its interval: dots with whiskers, or bars. */
import { checkFinite, checkNotEmpty } from "../core/checks";
import {
  axisDetails,
  axisTitle,
  quantitative,
  references,
  type Axis,
  type Reference,
} from "./axes";
import { checkOptions, describe, frame, VegaChart, type ChartOptions } from "./chart";
import { describeReferences, referenceLayers } from "./references";
import { colourBy, stored } from "./series";
import { shortNumber } from "./text";
import { palette } from "./theme";
import type { Json } from "./vega";

/** One estimate with its interval. */
export interface Estimate {
  label: string;
  value: number;
  /** Lower and upper limit of the interval. */
  low?: number;
  high?: number;
  /** Rows of one group share a colour; the same label may stand once in each. */
  group?: string;
}

export interface DotRow extends Estimate {
  /** The value somebody printed, drawn as a hollow diamond. */
  published?: number;
}

export interface DotOptions extends ChartOptions {
  value: Axis;
  /** What the hollow diamonds are: "Agresti 2002". */
  published?: string;
  /** The order of the rows by their value; as given by default. */
  sort?: "ascending" | "descending";
  reference?: { x: number; label: string } | readonly { x: number; label: string }[];
}

/**
 * A dot a row with its interval as a whisker: strengths, effects, win rates.
 *
 *     dotChart([{ label: "Milwaukee", value: 1.58, low: 0.9, high: 2.2 }],
 *       { title: "Strength", value: "strength θ (log-odds)" })
 *
 * @throws RangeError for NaN and for a whisker that does not hold its value
 */
export function dotChart(rows: readonly DotRow[], options: DotOptions): VegaChart {
  const where = "dotChart";
  const height = options?.height ?? Math.max(60, 30 * new Set(rows?.map((row) => row.label)).size);
  const base = frame(where, { ...options, height });
  checkOptions(where, options, ["value", "published", "sort", "reference"]);
  axisDetails(`${where}: value`, options.value);
  checkRows(where, rows);
  const labels = order(rows, options.sort);
  const groups = groupsOf(rows);
  const marked = references(where, options.reference);
  const y = {
    field: "label",
    type: "nominal",
    title: null,
    scale: { domain: labels },
    axis: { labelFontSize: 13, labelLimit: 240 },
  };
  const offset =
    groups.length > 1
      ? { yOffset: { field: "group", type: "nominal", scale: { domain: groups } } }
      : {};
  const color = groups.length > 1 ? { color: colourBy(groups, "group") } : {};
  const common = { y, ...offset, ...color };
  const x = (field: string) => quantitative(field, options.value);
  const layer: Json[] = [
    {
      transform: [{ filter: "isValid(datum.low)" }],
      mark: { type: "rule", strokeWidth: 2.5, opacity: 0.75, color: palette[0] },
      encoding: { ...common, x: x("low"), x2: { field: "high" } },
    },
    {
      mark: { type: "point", filled: true, size: 95, opacity: 1, color: palette[0], tooltip: true },
      encoding: { ...common, x: x("value") },
    },
    ...publishedLayer(rows, options, { y, ...offset }),
  ];
  const spec = {
    ...base,
    layer: [
      ...referenceLayers(
        marked,
        options.value,
        "",
        rows.map((row) => row.value),
      ),
      { data: { values: rows.map(storedRow) }, layer },
    ],
  };
  const description = describe(
    `Dot chart: ${options.title}`,
    `Across: ${axisTitle(options.value)}`,
    describeRows(rows, options.published),
    describeReferences(marked),
    options.caption,
  );
  return new VegaChart(options.title, description, spec);
}

export interface BarOptions extends ChartOptions {
  /** What the categories are. */
  x: Axis;
  y: Axis;
  reference?: Reference | readonly Reference[];
}

/**
 * A bar a row, standing on zero, with its interval as a whisker.
 *
 *     barChart([{ label: "DPO", value: 0.61, low: 0.55, high: 0.67 }],
 *       { title: "Win rate", x: "method", y: { title: "win rate", format: ".0%" } })
 *
 * @throws RangeError for NaN and for a whisker that does not hold its value
 */
export function barChart(rows: readonly Estimate[], options: BarOptions): VegaChart {
  const where = "barChart";
  const base = frame(where, options);
  checkOptions(where, options, ["x", "y", "reference"]);
  axisDetails(`${where}: x`, options.x);
  axisDetails(`${where}: y`, options.y);
  checkRows(where, rows);
  const labels = order(rows, undefined);
  const groups = groupsOf(rows);
  const marked = references(where, options.reference);
  const y = (field: string) => quantitative(field, withZero(options.y));
  const x = {
    field: "label",
    type: "nominal",
    title: axisTitle(options.x),
    scale: { domain: labels, paddingInner: 0.35, paddingOuter: 0.2 },
    axis: { labelAngle: 0, labelLimit: 140, labelOverlap: false },
  };
  const common = {
    x,
    ...(groups.length > 1 && {
      xOffset: { field: "group", type: "nominal", scale: { domain: groups, paddingInner: 0.12 } },
    }),
  };
  const color = groups.length > 1 ? { color: colourBy(groups, "group") } : {};
  const layer: Json[] = [
    {
      mark: { type: "bar", color: palette[0], cornerRadiusEnd: 2, opacity: 0.9, tooltip: true },
      encoding: { ...common, ...color, y: y("value") },
    },
    {
      transform: [{ filter: "isValid(datum.low)" }],
      mark: { type: "rule", strokeWidth: 2 },
      encoding: { ...common, y: y("low"), y2: { field: "high" } },
    },
  ];
  const spec = {
    ...base,
    layer: [
      { data: { values: rows.map(storedRow) }, layer },
      ...referenceLayers(marked, "", withZero(options.y), []),
    ],
  };
  const description = describe(
    `Bar chart: ${options.title}`,
    `Up: ${axisTitle(options.y)}`,
    describeRows(rows),
    describeReferences(marked),
    options.caption,
  );
  return new VegaChart(options.title, description, spec);
}

function withZero(axis: Axis): Axis {
  return typeof axis === "string" ? { title: axis, zero: true } : { zero: true, ...axis };
}

function checkRows(where: string, rows: readonly DotRow[]): void {
  checkNotEmpty(`${where}: rows`, rows);
  rows.forEach((row, i) => {
    const name = `${where}: row ${i} (${row.label})`;
    if (typeof row.label !== "string") throw new TypeError(`${where}: row ${i} needs a label.`);
    checkFinite(`${name}: value`, row.value);
    if (row.published !== undefined) checkFinite(`${name}: published`, row.published);
    if (row.low === undefined && row.high === undefined) return;
    checkFinite(`${name}: low`, row.low as number);
    checkFinite(`${name}: high`, row.high as number);
    if (!(row.low! <= row.value && row.value <= row.high!)) {
      throw new RangeError(
        `${name}: the interval [${row.low}, ${row.high}] does not hold the value ${row.value}. ` +
          `low and high are the limits themselves, not distances from the value.`,
      );
    }
  });
}

function order(rows: readonly Estimate[], sort: DotOptions["sort"]): string[] {
  const sign = sort === "ascending" ? 1 : -1;
  const sorted = sort === undefined ? rows : [...rows].sort((a, b) => sign * (a.value - b.value));
  return [...new Set(sorted.map((row) => row.label))];
}

function groupsOf(rows: readonly Estimate[]): string[] {
  return [...new Set(rows.map((row) => row.group ?? ""))];
}

function storedRow(row: DotRow): Json {
  const { low, high, published } = row;
  return {
    label: row.label,
    value: stored(row.value),
    group: row.group ?? "",
    ...(low !== undefined && { low: stored(low), high: stored(high!) }),
    ...(published !== undefined && { published: stored(published) }),
  };
}

function publishedLayer(rows: readonly DotRow[], options: DotOptions, place: Json): Json[] {
  if (!rows.some((row) => row.published !== undefined)) return [];
  const name = options.published ?? "published";
  return [
    {
      transform: [
        { filter: "isValid(datum.published)" },
        { calculate: JSON.stringify(name), as: "source" },
      ],
      mark: {
        type: "point",
        shape: "diamond",
        size: 170,
        strokeWidth: 2,
        filled: false,
        tooltip: true,
      },
      encoding: {
        ...place,
        x: quantitative("published", options.value),
        stroke: {
          field: "source",
          type: "nominal",
          scale: { range: [palette[3]] },
          legend: { title: null, orient: "top" },
        },
      },
    },
  ];
}

function describeRows(rows: readonly DotRow[], published = "published"): string {
  return rows
    .map((row) => {
      const group = row.group === undefined ? "" : ` (${row.group})`;
      const interval =
        row.low === undefined ? "" : ` [${shortNumber(row.low)}, ${shortNumber(row.high!)}]`;
      const beside =
        row.published === undefined ? "" : `, ${published} ${shortNumber(row.published)}`;
      return `${row.label}${group}: ${shortNumber(row.value)}${interval}${beside}`;
    })
    .join("; ");
}
