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
  const named = (isNumbers(samples) ? { sample: samples } : samples) as Record<string, Numbers>;
  const names = checkNames(where, named);
  for (const name of names) {
    checkNotEmpty(`${where}: "${name}"`, named[name]);
    checkAllFinite(`${where}: "${name}"`, named[name]);
  }
  const bins = options.bins ?? 30;
  checkInteger(`${where}: bins`, bins, 1, 500);
  const y = {
    zero: true,
    ...axisDetails(where, options.y ?? (options.density ? "density" : "count")),
  };
  const values = binned(named, names, bins, options.density === true);
  const marked = references(where, options.reference);
  const bars = {
    data: { values },
    mark: {
      type: "bar",
      opacity: names.length > 1 ? 0.55 : 0.85,
      color: palette[0],
      binSpacing: 0.5,
      tooltip: true,
    },
    encoding: {
      x: { ...quantitative("from", options.x), bin: "binned" },
      x2: { field: "to" },
      y: {
        ...quantitative(
          "height",
          y,
          values.map((bin) => bin.height),
        ),
        stack: null,
      },
      ...(names.length > 1 && { color: colourBy(names) }),
    },
  };
  const xs = values.map((row) => row.from as number);
  const description = describe(
    `Histogram: ${options.title}`,
    `Across: ${axisTitle(options.x)}; up: ${axisTitle(y)}`,
    names.map((name) => describeSample(name, named[name])).join("; "),
    describeReferences(marked),
    options.caption,
  );
  const layer = [bars, ...referenceLayers(marked, options.x, y, xs)];
  return new VegaChart(options.title, description, { ...base, layer });
}

interface Bin {
  from: number | null;
  to: number | null;
  height: number;
  series: string;
}

function binned(
  named: Readonly<Record<string, Numbers>>,
  names: readonly string[],
  bins: number,
  density: boolean,
): Bin[] {
  let low = Infinity;
  let high = -Infinity;
  for (const name of names) {
    for (const value of Array.from(named[name])) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low === high) [low, high] = [low - 0.5, high + 0.5]; // all the same: one bin round it
  const width = (high - low) / bins;
  return names.flatMap((name) => {
    const sample = named[name];
    const counts = new Array<number>(bins).fill(0);
    for (const value of Array.from(sample)) {
      counts[Math.min(bins - 1, Math.floor((value - low) / width))] += 1;
    }
    return counts.map((count, i) => ({
      from: stored(low + i * width),
      to: stored(low + (i + 1) * width),
      height: density ? count / (sample.length * width) : count,
      series: name,
    }));
  });
}

function describeSample(name: string, sample: Numbers): string {
  const values = Array.from(sample);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${name}: ${values.length} values from ${shortNumber(low)} to ${shortNumber(high)}, mean ${shortNumber(mean)}`;
}
