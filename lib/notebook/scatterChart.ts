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
  if (rows.length > mostPoints) {
    throw new RangeError(
      `${where}: ${rows.length} points are more than a page can draw (${mostPoints}). ` +
        `Draw a sample of them, a histogram or a heatmap.`,
    );
  }
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

function checkPoints(where: string, points: Points, options: XYOptions): void {
  const { x, y, labels, low, high } = points;
  checkNotEmpty(where, y);
  checkSameLength(where, {
    x,
    y,
    ...(labels && { labels }),
    ...(low && { low }),
    ...(high && { high }),
  });
  for (const [name, values] of Object.entries({
    x,
    y,
    ...(low && { low }),
    ...(high && { high }),
  })) {
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
  const shape = {
    field: "series",
    type: "nominal",
    scale: { domain: [...names] },
    legend: color["legend"],
  };
  const size = rows.length > 300 ? 22 : 60;
  const layers: Json[] = [];
  if (options.connect === true) {
    layers.push({
      mark: { type: "line", strokeWidth: 1.8, opacity: 0.7, clip },
      encoding: {
        x,
        y: quantitative("y", options.y),
        color,
        order: { field: "order", type: "quantitative" },
      },
    });
  }
  if (rows.some((row) => "low" in row)) {
    layers.push({
      transform: [{ filter: "isValid(datum.low)" }],
      mark: { type: "rule", strokeWidth: 1.5, clip },
      encoding: { x, y: quantitative("low", options.y), y2: { field: "high" }, color },
    });
  }
  layers.push({
    mark: {
      type: "point",
      filled: true,
      size,
      opacity: rows.length > 300 ? 0.5 : 0.95,
      tooltip: true,
      clip,
    },
    encoding: { x, y: quantitative("y", options.y), color, shape },
  });
  if (rows.some((row) => "label" in row)) {
    layers.push({
      mark: { type: "text", align: "left", dx: 7, dy: -6, clip },
      encoding: { x, y: quantitative("y", options.y), text: { field: "label" } },
    });
  }
  const values = rows.map((row, order) => ({ ...row, order }));
  return [{ data: { values }, layer: layers }];
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
