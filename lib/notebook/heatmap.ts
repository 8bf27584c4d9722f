/** A matrix as colours. */
import {
  checkAllFinite,
  checkFinite,
  checkLength,
  checkNotEmpty,
  checkSameLength,
} from "../core/checks";
import { axisDetails, axisTitle, type Axis, type Numbers } from "./axes";
import { checkOptions, describe, frame, VegaChart, type ChartOptions } from "./chart";
import { stored } from "./series";
import { shortNumber } from "./text";
import { diverging, sequential } from "./theme";
import type { Json } from "./vega";

export interface HeatmapOptions extends ChartOptions {
  /** What the columns are. */
  x: Axis;
  /** What the rows are. */
  y: Axis;
  /** What the colours are. */
  value: Axis;
  rows?: readonly (string | number)[];
  columns?: readonly (string | number)[];
  /** Two colours, one on each side of this value. */
  midpoint?: number;
  /** Writes the numbers into the cells; by default up to 12 × 12. */
  text?: boolean;
}

/**
 * A cell a matrix entry: who beats whom, what follows what.
 *
 *     heatmap(winProbability, { title: "Who beats whom", rows: teams, columns: teams,
 *       x: "loser", y: "winner", value: { title: "P(win)", format: ".2f" }, midpoint: 0.5 })
 *
 * @param values values[row][column]; NaN leaves a cell empty
 * @throws ShapeError when rows differ in length or labels in number
 */
export function heatmap(values: readonly Numbers[], options: HeatmapOptions): VegaChart {
  const where = "heatmap";
  checkNotEmpty(`${where}: values`, values);
  checkSameLength(where, Object.fromEntries(values.map((row, i) => [`row ${i}`, row])));
  checkNotEmpty(`${where}: row 0`, values[0]);
  const width = values[0].length;
  const size = { width: sideLength(width, 64, 560), height: sideLength(values.length, 40, 420) };
  const base = frame(where, { ...size, ...options });
  checkOptions(where, options, ["x", "y", "value", "rows", "columns", "midpoint", "text"]);
  axisDetails(`${where}: value`, options.value);
  const rows = readLabels(`${where}: rows`, options.rows, values.length);
  const columns = readLabels(`${where}: columns`, options.columns, width);
  const range = valueRange(where, values);
  const encoding = {
    x: cellAxis("column", axisTitle(options.x), columns),
    y: cellAxis("row", axisTitle(options.y), rows),
  };
  const withText = options.text ?? (rows.length <= 12 && columns.length <= 12);
  const colours = cells(encoding, range, Math.min(200, size.height), options);
  const layer = withText ? [colours, numbers(encoding, range, options)] : [colours];
  const data = { values: cellRows(values, rows, columns) };
  const description = describeMap(rows, columns, range, options);
  return new VegaChart(options.title, description, { ...base, data, layer });
}

function readLabels(
  where: string,
  labels: readonly (string | number)[] | undefined,
  count: number,
): string[] {
  const read = (labels ?? Array.from({ length: count }, (_, i) => i)).map(String);
  checkLength(where, read, count);
  return read;
}

/** One row of data a cell that holds a number. */
function cellRows(
  values: readonly Numbers[],
  rows: readonly string[],
  columns: readonly string[],
): Json[] {
  const all = values.flatMap((line, i) =>
    Array.from(line, (entry, j) => ({ row: rows[i], column: columns[j], value: stored(entry) })),
  );
  return all.filter((cell) => cell.value !== null);
}

function cells(
  encoding: Json,
  range: [number, number],
  gradientLength: number,
  options: HeatmapOptions,
): Json {
  const { format } = axisDetails("heatmap: value", options.value);
  const legend = { title: axisTitle(options.value), gradientLength, ...(format && { format }) };
  const scale = colourScale("heatmap", range, options.midpoint);
  return {
    mark: { type: "rect", tooltip: true, aria: false }, // the whole has its description
    encoding: { ...encoding, color: { field: "value", type: "quantitative", scale, legend } },
  };
}

function describeMap(
  rows: readonly string[],
  columns: readonly string[],
  [low, high]: [number, number],
  options: HeatmapOptions,
): string {
  const { title, x, y, value, caption } = options;
  return describe(
    `Heat map of ${rows.length} rows and ${columns.length} columns: ${title}`,
    `Across: ${axisTitle(x)}; down: ${axisTitle(y)}; colour: ${axisTitle(value)}, ` +
      `from ${shortNumber(low)} to ${shortNumber(high)}`,
    caption,
  );
}

/** Pixels of a side: whole cells, or white seams show between them. */
function sideLength(cells: number, cell: number, most: number): number {
  return Math.max(60, cells * Math.min(cell, Math.max(1, Math.floor(most / cells))));
}

function valueRange(where: string, values: readonly Numbers[]): [number, number] {
  const all = values.flatMap((row) => Array.from(row)).filter((entry) => !Number.isNaN(entry));
  checkNotEmpty(`${where}: values that are numbers`, all);
  checkAllFinite(`${where}: values`, all);
  return [Math.min(...all), Math.max(...all)];
}

function colourScale(where: string, range: [number, number], midpoint: number | undefined): Json {
  if (midpoint === undefined) return { scheme: sequential, domain: range };
  checkFinite(`${where}: midpoint`, midpoint);
  const reach = Math.max(midpoint - range[0], range[1] - midpoint) || 1;
  return { scheme: diverging, domain: [midpoint - reach, midpoint + reach] };
}

function cellAxis(field: string, title: string, domain: string[]): Json {
  const angle =
    field === "column" && domain.some((label) => label.length > 9)
      ? { labelAngle: -35 }
      : { labelAngle: 0 };
  return {
    field,
    type: "nominal",
    title,
    scale: { domain, padding: 0 },
    axis: { grid: false, ticks: false, domain: false, labelLimit: 160, ...angle },
  };
}

// dark figures on light cells, light ones on dark: viridis is light at its top, blueorange in its middle
function numbers(
  encoding: Json,
  [low, high]: [number, number],
  { midpoint, value }: HeatmapOptions,
): Json {
  const { format } = axisDetails("heatmap: value", value);
  const reach = midpoint === undefined ? 0 : Math.max(midpoint - low, high - midpoint) || 1;
  const test =
    midpoint === undefined
      ? `datum.value > ${low + 0.6 * (high - low)}`
      : `abs(datum.value - ${midpoint}) < ${0.62 * reach}`;
  return {
    mark: { type: "text", fontSize: 12 },
    encoding: {
      ...encoding,
      text: { field: "value", type: "quantitative", format: format ?? ".3~g" },
      color: { condition: { test, value: "#111111" }, value: "#ffffff" },
    },
  };
}
