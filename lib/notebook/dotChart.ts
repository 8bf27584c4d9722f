/** A dot an estimate with its interval as a whisker, beside what was published. */
import { axisDetails, axisTitle, quantitative, references, type Axis } from "./axes";
import { checkOptions, describe, frame, VegaChart, type ChartOptions } from "./chart";
import {
  checkRows,
  describeRows,
  groupsOf,
  hasIntervals,
  order,
  storedRow,
  type DotRow,
} from "./estimates";
import { describeReferences, referenceLayers } from "./references";
import { colourBy } from "./series";
import { palette } from "./theme";
import type { Json } from "./vega";

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
 *     dotChart([{ label: "Milwaukee", value: 1.58, low: 0.9, high: 2.2, published: 1.58 }],
 *       { title: "Strength", value: "strength θ (log-odds)", published: "Agresti" })
 *
 * @throws RangeError for NaN and for a whisker that does not hold its value
 */
export function dotChart(rows: readonly DotRow[], options: DotOptions): VegaChart {
  const where = "dotChart";
  const height = options?.height ?? Math.max(60, 30 * new Set(rows?.map((row) => row.label)).size);
  const base = frame(where, { ...options, height });
  checkOptions(where, options, ["value", "published", "sort", "reference"]);
  const value = { padding: 12, ...axisDetails(`${where}: value`, options.value) };
  checkRows(where, rows);
  const marked = references(where, options.reference);
  const values = rows.map((row) => row.value);
  const layer = [
    ...referenceLayers(marked, value, "", values),
    { data: { values: rows.map(storedRow) }, layer: dotLayers(rows, { ...options, value }) },
  ];
  const description = describe(
    `Dot chart: ${options.title}`,
    `Across: ${axisTitle(options.value)}`,
    describeRows(rows, options.published),
    describeReferences(marked),
    options.caption,
  );
  return new VegaChart(options.title, description, { ...base, layer });
}

function dotLayers(rows: readonly DotRow[], options: DotOptions): Json[] {
  const groups = groupsOf(rows);
  const place = rowPlace(order(rows, options.sort), groups);
  const encoding = groups.length > 1 ? { ...place, color: colourBy(groups, "group") } : place;
  const x = (field: string) => quantitative(field, options.value);
  const whisker: Json = {
    transform: [{ filter: "isValid(datum.low)" }],
    mark: { type: "rule", strokeWidth: 2.5, opacity: 0.75, color: palette[0] },
    encoding: { ...encoding, x: x("low"), x2: { field: "high" } },
  };
  const dot: Json = {
    mark: { type: "point", filled: true, size: 95, opacity: 1, color: palette[0], tooltip: true },
    encoding: { ...encoding, x: x("value") },
  };
  const isPublished = rows.some((row) => row.published !== undefined);
  return [
    ...(hasIntervals(rows) ? [whisker] : []),
    dot,
    ...(isPublished ? [publishedLayer(options, place)] : []),
  ];
}

function rowPlace(labels: readonly string[], groups: readonly string[]): Json {
  const y = {
    field: "label",
    type: "nominal",
    title: null,
    scale: { domain: labels },
    axis: { labelFontSize: 13, labelLimit: 240 },
  };
  if (groups.length === 1) return { y };
  return { y, yOffset: { field: "group", type: "nominal", scale: { domain: groups } } };
}

function publishedLayer(options: DotOptions, place: Json): Json {
  const name = JSON.stringify(options.published ?? "published");
  return {
    transform: [{ filter: "isValid(datum.published)" }, { calculate: name, as: "source" }],
    mark: { type: "point", shape: "diamond", size: 170, strokeWidth: 2, tooltip: true },
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
  };
}
