/** Points: one mark an observation, with labels, whiskers and a diagonal where they help. */
import { checkAllFinite, checkNotEmpty, checkSameLength } from "../core/checks";
import {
  checkOnAxis,
  isClipped,
  quantitative,
  references,
  type Numbers,
  type XYOptions,
} from "./axes";
import { checkOptions, describe, frame, VegaChart } from "./chart";
import { axesInWords, checkAxes, xyOptions } from "./lineChart";
import { describeReferences, referenceLayers } from "./references";
import { checkNames, colourBy, describeCurves, stored } from "./series";
import type { Json } from "./vega";

/** One group of points. */
export interface Points {
  x: Numbers;
  y: Numbers;
  /** A word beside each point. */
  labels?: readonly string[];
  /** Lower and upper limit of y, drawn as a whisker. */
  low?: Numbers;
  high?: Numbers;
}

export interface ScatterOptions extends XYOptions {
  /** Label of the line y = x; draws it. */
  diagonal?: string;
  /** Joins the points of a group in the order given: a frontier, a path. */
  connect?: boolean;
}

const mostPoints = 4000;

/**
 * A mark for each pair (x, y); groups differ in colour and shape.
 *
 *     scatterChart({ fitted: { x: predicted, y: observed } }, { title: "Calibration",
 *       x: "predicted P(win)", y: "observed share of wins", diagonal: "perfect" })
 *
 * @throws RangeError for NaN or more than 4,000 points, ShapeError for lengths that differ
 */
export function scatterChart(
  points: Readonly<Record<string, Points>>,
  options: ScatterOptions,
): VegaChart {
  const where = "scatterChart";
  const base = frame(where, options);
  checkOptions(where, options, [...xyOptions, "diagonal", "connect"]);
  checkAxes(where, options);
  const names = checkNames(where, points);
  names.forEach((name) => checkPoints(`${where}: "${name}"`, points[name], options));
  const rows = names.flatMap((name) => pointRows(name, points[name]));
  checkFew(where, rows.length);
  const marked = references(where, options.reference);
  const xs = names.flatMap((name) => Array.from(points[name].x));
  const layers = [
    ...(options.diagonal === undefined ? [] : diagonalLayers(options.diagonal, points, options)),
    ...pointLayers(rows, names, options),
    ...referenceLayers(marked, options.x, options.y, xs),
  ];
  const description = describe(
    `Scatter chart: ${options.title}`,
    axesInWords(options),
    describeCurves(names.map((name) => ({ name, ...points[name] }))),
    options.diagonal === undefined ? undefined : `The line y = x is "${options.diagonal}"`,
    describeReferences(marked),
    options.caption,
  );
  return new VegaChart(options.title, description, { ...base, layer: layers });
}

function checkFew(where: string, count: number): void {
  if (count <= mostPoints) return;
  throw new RangeError(
    `${where}: ${count} points are more than a page can draw (${mostPoints}). ` +
      `Draw a sample of them, a histogram or a heatmap.`,
  );
}

function checkPoints(where: string, points: Points, options: XYOptions): void {
  const { x, y, labels, low, high } = points;
  const numbers = { x, y, ...(low && { low }), ...(high && { high }) };
  checkNotEmpty(where, y);
  checkSameLength(where, { ...numbers, ...(labels && { labels }) });
  for (const [name, values] of Object.entries(numbers)) {
    checkAllFinite(`${where}: ${name}`, values);
    checkOnAxis(`${where}: ${name}`, name === "x" ? options.x : options.y, values);
  }
  if ((low === undefined) !== (high === undefined)) {
    throw new TypeError(`${where}: a whisker needs both its ends, low and high.`);
  }
}

function pointRows(name: string, points: Points): Json[] {
  return Array.from(points.x, (x, i) => ({
    x: stored(x),
    y: stored(points.y[i]),
    series: name,
    ...(points.labels && { label: points.labels[i] }),
    ...(points.low && { low: stored(points.low[i]), high: stored(points.high![i]) }),
  }));
}

function pointLayers(rows: Json[], names: readonly string[], options: ScatterOptions): Json[] {
  const clip = isClipped(options.x, options.y);
  const color = colourBy(names, "series", { symbolSize: 80 });
  const x = quantitative("x", options.x);
  const y = quantitative("y", options.y);
  const path: Json = {
    mark: { type: "line", strokeWidth: 1.8, opacity: 0.7, clip },
    encoding: { x, y, color, order: { field: "order", type: "quantitative" } },
  };
  const whisker: Json = {
    transform: [{ filter: "isValid(datum.low)" }],
    mark: { type: "rule", strokeWidth: 1.5, clip },
    encoding: { x, y: quantitative("low", options.y), y2: { field: "high" }, color },
  };
  const label: Json = {
    mark: { type: "text", align: "left", dx: 7, dy: -6, clip },
    encoding: { x, y, text: { field: "label" } },
  };
  const layer = [
    ...(options.connect === true ? [path] : []),
    ...(rows.some((row) => "low" in row) ? [whisker] : []),
    { mark: pointMark(rows.length, clip), encoding: { x, y, color, shape: shapeBy(names, color) } },
    ...(rows.some((row) => "label" in row) ? [label] : []),
  ];
  return [{ data: { values: rows.map((row, order) => ({ ...row, order })) }, layer }];
}

function pointMark(count: number, clip: boolean): Json {
  const [size, opacity] = count > 300 ? [22, 0.5] : [60, 0.95];
  return { type: "point", filled: true, size, opacity, tooltip: true, clip };
}

/** A shape for each group beside its colour: one can do without the other. */
function shapeBy(names: readonly string[], color: Json): Json {
  const scale = { domain: [...names] };
  return { field: "series", type: "nominal", scale, legend: color["legend"] };
}

function diagonalLayers(
  label: string,
  points: Readonly<Record<string, Points>>,
  options: XYOptions,
): Json[] {
  const all = Object.values(points).flatMap(({ x, y }) => [...Array.from(x), ...Array.from(y)]);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const curve = { x: [low, high], y: [low, high], label };
  return referenceLayers([curve], options.x, options.y, [low, high]);
}
