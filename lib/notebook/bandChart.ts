/** The mean over seeds with its confidence band. */
import { checkAllFinite, checkRange, checkSameLength } from "../core/checks";
import { mean, meanInterval } from "../core/statistics";
import {
  checkOnAxis,
  isClipped,
  quantitative,
  references,
  type Numbers,
  type XYOptions,
} from "./axes";
import { checkOptions, describe, frame, VegaChart } from "./chart";
import { allX, axesInWords, checkAxes, curveLayer, xyOptions } from "./lineChart";
import { describeReferences, referenceLayers } from "./references";
import {
  checkNames,
  colourBy,
  describeCurves,
  isNumbers,
  readSeries,
  stored,
  thin,
  type Curve,
} from "./series";
import type { Json } from "./vega";

/** Mean and limits that somebody else worked out. */
export interface Band {
  mean: Numbers;
  low: Numbers;
  high: Numbers;
}

export interface BandOptions extends XYOptions {
  /** The x values that all series share; 0, 1, 2 … by default. */
  at?: Numbers;
  /** Probability with which the band covers the mean; 0.95. */
  level?: number;
  /** Also a thin line for every seed. */
  runs?: boolean;
}

/**
 * The mean over seeds with its confidence band, mean ± t·s/√n at each point (Student's t with n − 1
 * degrees of freedom); or a band that comes ready-made.
 *
 *     bandChart({ PPO: [seed1, seed2, seed3] }, { title: "Three seeds", x: "steps", y: "return" })
 *
 * @param series for each name the curves of at least two seeds, or { mean, low, high }
 */
export function bandChart(
  series: Readonly<Record<string, readonly Numbers[] | Band>>,
  options: BandOptions,
): VegaChart {
  const where = "bandChart";
  const base = frame(where, options);
  checkOptions(where, options, [...xyOptions, "at", "level", "runs"]);
  checkAxes(where, options);
  const level = options.level ?? 0.95;
  checkRange(`${where}: level`, level, 0.5, 0.9999);
  const names = checkNames(where, series);
  const bands = names.map((name) => readBand(`${where}: "${name}"`, series[name], level));
  const lines = Object.fromEntries(names.map((name, i) => [name, bands[i].mean]));
  const means = readSeries(where, lines, options);
  const marked = references(where, options.reference);
  const runs = options.runs === true ? runCurves(series, means) : [];
  const layer = [
    bandLayer(means, bands, options),
    ...(runs.length > 0 ? [runsLayer(runs, names, options)] : []),
    curveLayer(means, { ...options, points: false }),
    ...referenceLayers(marked, options.x, options.y, allX(means)),
  ];
  const description = describeBand(means, level, options);
  return new VegaChart(options.title, description, { ...base, layer });
}

function describeBand(means: readonly Curve[], level: number, options: BandOptions): string {
  return describe(
    `Mean over seeds with a ${Math.round(level * 100)} % band: ${options.title}`,
    axesInWords(options),
    describeCurves(means),
    describeReferences(references("bandChart", options.reference)),
    options.caption,
  );
}

function readBand(where: string, given: readonly Numbers[] | Band, level: number): Band {
  if (!Array.isArray(given)) {
    const band = given as Band;
    checkSameLength(where, { mean: band?.mean, low: band?.low, high: band?.high });
    checkAllFinite(`${where}: low`, band.low);
    checkAllFinite(`${where}: high`, band.high);
    return band;
  }
  const runs = given as readonly Numbers[];
  if (runs.length < 2 || !runs.every(isNumbers)) {
    throw new RangeError(
      `${where} needs the curves of at least 2 seeds (a list of lists) for a band, ` +
        `got ${runs.length}. One curve alone is a lineChart.`,
    );
  }
  checkSameLength(where, Object.fromEntries(runs.map((run, i) => [`seed ${i}`, run])));
  runs.forEach((run, i) => checkAllFinite(`${where}: seed ${i}`, run));
  return confidenceBand(runs, level);
}

function confidenceBand(runs: readonly Numbers[], level: number): Band {
  const band = { mean: [] as number[], low: [] as number[], high: [] as number[] };
  for (let i = 0; i < runs[0].length; i++) {
    const values = runs.map((run) => run[i]);
    const { low, high } = meanInterval(values, level);
    band.mean.push(mean(values));
    band.low.push(low);
    band.high.push(high);
  }
  return band;
}

function bandLayer(means: readonly Curve[], bands: readonly Band[], options: BandOptions): Json {
  const values = means.flatMap(({ name, x, y }, k) => {
    const { low, high } = bands[k];
    checkOnAxis(`bandChart: lower limit of "${name}"`, options.y, low);
    return thin(y).map((i) => ({
      x: stored(x[i]),
      low: stored(low[i]),
      high: stored(high[i]),
      series: name,
    }));
  });
  return {
    data: { values },
    mark: { type: "area", opacity: 0.2, clip: isClipped(options.x, options.y) },
    encoding: {
      // Vega-Lite 5.6, with which JupyterLab draws, would stack along x where y is logarithmic
      x: { ...quantitative("x", options.x), stack: null },
      y: { ...quantitative("low", options.y), stack: null },
      y2: { field: "high" },
      color: colourBy(
        means.map(({ name }) => name),
        "series",
        {
          symbolType: "stroke",
          symbolSize: 300,
        },
      ),
    },
  };
}

function runCurves(
  series: Readonly<Record<string, readonly Numbers[] | Band>>,
  means: readonly Curve[],
): (Curve & { run: number })[] {
  return means.flatMap(({ name, x }) => {
    const runs = series[name];
    return Array.isArray(runs)
      ? (runs as readonly Numbers[]).map((y, run) => ({ name, x, y, run }))
      : [];
  });
}

function runsLayer(
  runs: readonly (Curve & { run: number })[],
  names: readonly string[],
  options: BandOptions,
): Json {
  const values = runs.flatMap(({ name, x, y, run }) =>
    thin(y).map((i) => ({ x: stored(x[i]), y: stored(y[i]), series: name, run })),
  );
  return {
    data: { values },
    mark: { type: "line", strokeWidth: 1, opacity: 0.4, clip: isClipped(options.x, options.y) },
    encoding: {
      x: quantitative("x", options.x),
      y: quantitative("y", options.y),
      detail: { field: "run" },
      color: colourBy(names),
    },
  };
}
