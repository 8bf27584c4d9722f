/** How a sample is spread. */
import { checkAllFinite, checkInteger, checkNotEmpty } from "../core/checks";
import {
  axisDetails,
  axisTitle,
  quantitative,
  references,
  type Axis,
  type Numbers,
  type Reference,
} from "./axes";
import { checkOptions, describe, frame, VegaChart, type ChartOptions } from "./chart";
import { describeReferences, referenceLayers } from "./references";
import { checkNames, colourBy, isNumbers, stored } from "./series";
import { shortNumber } from "./text";
import { palette } from "./theme";
import type { Json } from "./vega";

export interface HistogramOptions extends ChartOptions {
  x: Axis;
  /** "count" or "density" by default. */
  y?: Axis;
  /** How many bins of one width; 30. */
  bins?: number;
  /** Scales each sample to area 1, so that a density curve can be laid over it. */
  density?: boolean;
  reference?: Reference | readonly Reference[];
}

/**
 * Counts in bins of one width; several samples share the bins and lie over one another.
 *
 *     histogram({ chosen: rewards, rejected: others }, { title: "Rewards", x: "reward (logits)" })
 *
 * @throws RangeError for NaN, ShapeError for an empty sample
 */
export function histogram(
  samples: Numbers | Readonly<Record<string, Numbers>>,
  options: HistogramOptions,
): VegaChart {
  const where = "histogram";
  const base = frame(where, options);
  checkOptions(where, options, ["x", "y", "bins", "density", "reference"]);
  axisDetails(`${where}: x`, options.x);
  const named = readSamples(where, samples);
  const bins = options.bins ?? 30;
  checkInteger(`${where}: bins`, bins, 1, 500);
  const height = options.y ?? (options.density === true ? "density" : "count");
  const y = { zero: true, ...axisDetails(`${where}: y`, height) };
  const values = binned(named, bins, options.density === true);
  const marked = references(where, options.reference);
  const xs = values.map((row) => row.from as number);
  const description = describe(
    `Histogram: ${options.title}`,
    `Across: ${axisTitle(options.x)}; up: ${axisTitle(y)}`,
    named.map(([name, sample]) => describeSample(name, sample)).join("; "),
    describeReferences(marked),
    options.caption,
  );
  const bars = barLayer(
    values,
    options.x,
    y,
    named.map(([name]) => name),
  );
  const layer = [bars, ...referenceLayers(marked, options.x, y, xs)];
  return new VegaChart(options.title, description, { ...base, layer });
}

type Sample = [name: string, values: Numbers];

function readSamples(
  where: string,
  samples: Numbers | Readonly<Record<string, Numbers>>,
): Sample[] {
  const named = (isNumbers(samples) ? { sample: samples } : samples) as Record<string, Numbers>;
  return checkNames(where, named).map((name) => {
    checkNotEmpty(`${where}: "${name}"`, named[name]);
    checkAllFinite(`${where}: "${name}"`, named[name]);
    return [name, named[name]];
  });
}

function barLayer(values: readonly Bin[], x: Axis, y: Axis, names: readonly string[]): Json {
  const opacity = names.length > 1 ? 0.55 : 0.85;
  const heights = values.map((bin) => bin.height);
  return {
    data: { values },
    mark: { type: "bar", opacity, color: palette[0], binSpacing: 0.5, tooltip: true },
    encoding: {
      x: { ...quantitative("from", x), bin: "binned" },
      x2: { field: "to" },
      y: { ...quantitative("height", y, heights), stack: null },
      ...(names.length > 1 && { color: colourBy(names) }),
    },
  };
}

interface Bin {
  from: number | null;
  to: number | null;
  height: number;
  series: string;
}

function binned(samples: readonly Sample[], bins: number, density: boolean): Bin[] {
  const [low, high] = extent(samples.map(([, values]) => values));
  const width = (high - low) / bins;
  return samples.flatMap(([series, sample]) => {
    const counts = new Array<number>(bins).fill(0);
    for (const value of Array.from(sample)) {
      counts[Math.min(bins - 1, Math.floor((value - low) / width))] += 1;
    }
    return counts.map((count, i) => ({
      from: stored(low + i * width),
      to: stored(low + (i + 1) * width),
      height: density ? count / (sample.length * width) : count,
      series,
    }));
  });
}

function extent(samples: readonly Numbers[]): [low: number, high: number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of samples.flatMap((sample) => Array.from(sample))) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low < high ? [low, high] : [low - 0.5, high + 0.5]; // all the same: one bin round it
}

function describeSample(name: string, sample: Numbers): string {
  const values = Array.from(sample);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  return `${name}: ${values.length} values from ${shortNumber(low)} to ${shortNumber(high)}, mean ${shortNumber(mean)}`;
}
