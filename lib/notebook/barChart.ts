/** A bar a category, standing on zero. */
import {
  axisDetails,
  axisTitle,
  quantitative,
  references,
  type Axis,
  type AxisDetails,
  type Reference,
} from "./axes";
import { checkOptions, describe, frame, VegaChart, type ChartOptions } from "./chart";
import {
  checkRows,
  describeRows,
  groupsOf,
  hasIntervals,
  order,
  storedRow,
  type Estimate,
} from "./estimates";
import { describeReferences, referenceLayers } from "./references";
import { colourBy } from "./series";
import { palette } from "./theme";
import type { Json } from "./vega";

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
  checkRows(where, rows);
  const y = { zero: true, ...axisDetails(`${where}: y`, options.y) };
  const marked = references(where, options.reference);
  const layer = [
    { data: { values: rows.map(storedRow) }, layer: barLayers(rows, y, options) },
    ...referenceLayers(marked, "", y, []),
  ];
  const description = describe(
    `Bar chart: ${options.title}`,
    `Up: ${axisTitle(options.y)}`,
    describeRows(rows),
    describeReferences(marked),
    options.caption,
  );
  return new VegaChart(options.title, description, { ...base, layer });
}

function barLayers(rows: readonly Estimate[], y: AxisDetails, options: BarOptions): Json[] {
  const groups = groupsOf(rows);
  const place = barPlace(order(rows, undefined), groups, axisTitle(options.x));
  const color = groups.length > 1 ? { color: colourBy(groups, "group") } : {};
  const heights = [0, ...rows.map((row) => row.value)];
  const bar: Json = {
    mark: { type: "bar", color: palette[0], cornerRadiusEnd: 2, opacity: 0.9, tooltip: true },
    encoding: { ...place, ...color, y: quantitative("value", y, heights) },
  };
  const whisker: Json = {
    transform: [{ filter: "isValid(datum.low)" }],
    mark: { type: "rule", strokeWidth: 2 },
    encoding: { ...place, y: quantitative("low", y), y2: { field: "high" } },
  };
  return hasIntervals(rows) ? [bar, whisker] : [bar];
}

function barPlace(labels: readonly string[], groups: readonly string[], title: string): Json {
  const x = {
    field: "label",
    type: "nominal",
    title,
    scale: { domain: labels, paddingInner: 0.35, paddingOuter: 0.2 },
    axis: { labelAngle: 0, labelLimit: 140, labelOverlap: false, grid: false },
  };
  if (groups.length === 1) return { x };
  const scale = { domain: groups, paddingInner: 0.12 };
  return { x, xOffset: { field: "group", type: "nominal", scale } };
}
