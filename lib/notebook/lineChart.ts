/** One line a series. */
import {
  axisDetails,
  axisTitle,
  isClipped,
  quantitative,
  references,
  type Numbers,
  type XYOptions,
} from "./axes";
import { checkOptions, describe, frame, VegaChart } from "./chart";
import { describeReferences, referenceLayers } from "./references";
import {
  colourBy,
  describeCurves,
  readSeries,
  stored,
  thin,
  type Curve,
  type Series,
} from "./series";
import type { Json } from "./vega";

export interface LineOptions extends XYOptions {
  /** The x values that all series share; 0, 1, 2 … by default. */
  at?: Numbers;
  /** Marks each point; by default where there are 30 or fewer. */
  points?: boolean;
  /** NaN leaves a gap in its line instead of being an error. */
  gaps?: boolean;
}

export const xyOptions = ["x", "y", "reference"];

/**
 * A line for each series.
 *
 *     lineChart({ PPO: returns }, { title: "CartPole-v1", x: "episodes", y: "return (steps)" })
 *
 * @throws RangeError for NaN, ShapeError for lengths that differ, TypeError for a missing title
 */
export function lineChart(
  series: Readonly<Record<string, Series>>,
  options: LineOptions,
): VegaChart {
  const where = "lineChart";
  const base = frame(where, options);
  checkOptions(where, options, [...xyOptions, "at", "points", "gaps"]);
  checkAxes(where, options);
  const curves = readSeries(where, series, options);
  const marked = references(where, options.reference);
  const layers = [
    curveLayer(curves, options),
    ...referenceLayers(marked, options.x, options.y, allX(curves)),
  ];
  const description = describe(
    `Line chart: ${options.title}`,
    axesInWords(options),
    describeCurves(curves),
    describeReferences(marked),
    options.caption,
  );
  return new VegaChart(options.title, description, { ...base, layer: layers });
}

export function checkAxes(where: string, options: XYOptions): void {
  axisDetails(`${where}: x`, options.x);
  axisDetails(`${where}: y`, options.y);
}

export function axesInWords(options: XYOptions): string {
  return `Across: ${axisTitle(options.x)}; up: ${axisTitle(options.y)}`;
}

export function allX(curves: readonly Curve[]): number[] {
  return curves.flatMap(({ x }) => [x[0], x[x.length - 1]]);
}

export function curveLayer(curves: readonly Curve[], options: LineOptions): Json {
  const names = curves.map(({ name }) => name);
  const values = curves.flatMap(({ name, x, y }) =>
    thin(y).map((i) => ({
      x: stored(x[i]),
      y: stored(y[i]),
      series: name,
    })),
  );
  const few = curves.every(({ x }) => x.length <= 30);
  const mark: Json = { type: "line", strokeWidth: 2.2, strokeJoin: "round", tooltip: true };
  if (options.points ?? few) mark["point"] = { size: 42, filled: true };
  if (isClipped(options.x, options.y)) mark["clip"] = true;
  return {
    data: { values },
    mark,
    encoding: {
      x: quantitative(
        "x",
        options.x,
        values.map((point) => point.x),
      ),
      y: quantitative(
        "y",
        options.y,
        values.map((point) => point.y),
      ),
      color: colourBy(names, "series", { symbolType: "stroke", symbolSize: 300 }),
    },
  };
}
