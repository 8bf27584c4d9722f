/** Curves under a slider: what changes when one parameter does. */
import { checkFinite, checkNotEmpty } from "../core/checks";
import {
  axisDetails,
  axisTitle,
  references,
  isCurve,
  type Axis,
  type Numbers,
  type XYOptions,
} from "./axes";
import { checkOptions, describe, frame, type Chart } from "./chart";
import { PlotlyChart, styled } from "./figure";
import { lineChart, xyOptions, type LineOptions } from "./lineChart";
import { readSeries, stored, thin, type Curve, type Series } from "./series";
import { shortNumber } from "./text";
import { middleInk, palette } from "./theme";
import type { Json } from "./vega";

export interface SliderOptions extends XYOptions {
  /** What the slider changes. */
  slider: Axis;
  /** Index of the value shown first; 0. */
  start?: number;
  /** The x values that all series share; 0, 1, 2 … by default. */
  at?: Numbers;
}

/**
 * One line chart for each value of a parameter, under a slider. All are worked out beforehand, so
 * that it also slides in a saved page.
 *
 *     sliderChart([0.05, 0.1, 0.5], (beta) => ({ optimum: pi(beta) }), { title: "The optimum",
 *       slider: "β (points a nat)", x: "reply", y: "probability" })
 *
 * @param draw gives the series for one value; the same names each time
 */
export function sliderChart(
  values: Numbers,
  draw: (value: number) => Readonly<Record<string, Series>>,
  options: SliderOptions,
): PlotlyChart {
  const where = "sliderChart";
  frame(where, options);
  checkOptions(where, options, [...xyOptions, "slider", "start", "at"]);
  for (const axis of ["slider", "x", "y"] as const) axisDetails(`${where}: ${axis}`, options[axis]);
  checkNotEmpty(`${where}: values`, values, 2);
  const start = readStart(where, values, options.start);
  const pages = readPages(where, values, draw, options);
  const still = stillAt(values[start], draw, options);
  const figure = {
    data: [...pages[start].map(lineTrace), ...referenceTraces(options)],
    frames: pages.map((page, i) => ({ name: String(i), data: page.map(lineTrace) })),
    layout: sliderLayout(values, pages, options),
  };
  return new PlotlyChart(
    options.title,
    describeSlider(values, options, still),
    styled(figure, { height: 420, ...options }),
    still,
  );
}

function readStart(where: string, values: Numbers, start = 0): number {
  if (Number.isInteger(start) && start >= 0 && start < values.length) return start;
  throw new RangeError(
    `${where}: start must be an index from 0 to ${values.length - 1}, got ${start}.`,
  );
}

/** The curves for each value of the slider. */
function readPages(
  where: string,
  values: Numbers,
  draw: (value: number) => Readonly<Record<string, Series>>,
  options: SliderOptions,
): Curve[][] {
  const pages = Array.from(values, (value, i) => {
    checkFinite(`${where}: values[${i}]`, value);
    return readSeries(`${where} at ${shortNumber(value)}`, draw(value), options);
  });
  checkSameNames(where, pages);
  return pages;
}

function stillAt(
  value: number,
  draw: (value: number) => Readonly<Record<string, Series>>,
  options: SliderOptions,
): Chart {
  const line: Partial<SliderOptions> = { ...options };
  delete line.slider;
  delete line.start;
  const shown = `Shown: ${axisTitle(options.slider)} = ${shortNumber(value)}.`;
  const caption = options.caption === undefined ? shown : `${options.caption} ${shown}`;
  return lineChart(draw(value), { ...(line as LineOptions), caption });
}

function describeSlider(values: Numbers, options: SliderOptions, still: Chart): string {
  const [first, last] = [values[0], values[values.length - 1]].map(shortNumber);
  const range = `${values.length} values from ${first} to ${last}`;
  return describe(`Slider over ${axisTitle(options.slider)} with ${range}`, still.description);
}

function checkSameNames(where: string, pages: readonly (readonly Curve[])[]): void {
  const names = (page: readonly Curve[]) => page.map(({ name }) => name).join(", ");
  pages.forEach((page, i) => {
    if (names(page) !== names(pages[0])) {
      throw new TypeError(
        `${where}: every value needs the same series; value 0 gives ${names(pages[0])}, ` +
          `value ${i} gives ${names(page)}.`,
      );
    }
  });
}

function lineTrace({ name, x, y }: Curve, i: number): Json {
  const kept = thin(y);
  return {
    type: "scatter",
    mode: "lines",
    name,
    x: kept.map((k) => stored(x[k])),
    y: kept.map((k) => stored(y[k])),
    line: { color: palette[i % palette.length], width: 2.5 },
  };
}

function referenceTraces(options: SliderOptions): Json[] {
  return references("sliderChart", options.reference)
    .filter(isCurve)
    .map(({ x, y, label }) => ({
      type: "scatter",
      mode: "lines",
      name: label,
      x: Array.from(x, stored),
      y: Array.from(y, stored),
      line: { color: middleInk, width: 2, dash: "dash" },
    }));
}

function sliderLayout(
  values: Numbers,
  pages: readonly (readonly Curve[])[],
  options: SliderOptions,
): Json {
  return {
    margin: { l: 64, r: 20, t: options.caption === undefined ? 60 : 90, b: 110 },
    xaxis: sideLayout(
      options.x,
      pages.flatMap((page) => page.map(({ x }) => x)),
    ),
    yaxis: sideLayout(
      options.y,
      pages.flatMap((page) => page.map(({ y }) => y)),
    ),
    showlegend: pages[0].length > 1,
    legend: { orientation: "h", x: 0, y: 1.0, yanchor: "bottom" },
    shapes: straightLines(options),
    sliders: [sliderLayoutOf(values, options)],
  };
}

function sliderLayoutOf(values: Numbers, options: SliderOptions): Json {
  return {
    active: options.start ?? 0,
    pad: { t: 56, b: 8 },
    len: 1,
    bgcolor: "#c9d6e3",
    bordercolor: middleInk,
    currentvalue: {
      prefix: `${axisTitle(options.slider)} = `,
      font: { size: 14, color: middleInk },
    },
    font: { color: middleInk },
    steps: Array.from(values, (value, i) => ({
      label: shortNumber(value),
      method: "animate",
      args: [
        [String(i)],
        { mode: "immediate", frame: { duration: 0, redraw: false }, transition: { duration: 0 } },
      ],
    })),
  };
}

// one scale for all values of the slider, or what changes is the axis
function sideLayout(axis: Axis, columns: readonly Numbers[]): Json {
  const details = axisDetails("sliderChart", axis);
  const all = columns.flatMap((column) => [
    Math.min(...Array.from(column)),
    Math.max(...Array.from(column)),
  ]);
  const to = (value: number) => (details.log === true ? Math.log10(value) : value);
  const [low, high] = details.domain ?? [Math.min(...all), Math.max(...all)];
  const margin = details.domain === undefined ? 0.04 * (to(high) - to(low) || 1) : 0;
  return {
    title: { text: axisTitle(axis), font: { size: 13, color: middleInk } },
    type: details.log === true ? "log" : "linear",
    range: [to(low) - margin, to(high) + margin],
    gridcolor: "rgba(125,125,125,0.25)",
    zeroline: false,
    color: middleInk,
    ...(details.format === undefined ? {} : { tickformat: details.format }),
  };
}

function straightLines(options: SliderOptions): Json[] {
  return references("sliderChart", options.reference)
    .filter((reference) => !isCurve(reference))
    .map((reference) => {
      const line = { color: middleInk, width: 1.5, dash: "dash" };
      const label = { text: reference.label, textposition: "end", font: { color: middleInk } };
      return "y" in reference
        ? {
            type: "line",
            xref: "paper",
            x0: 0,
            x1: 1,
            y0: reference.y,
            y1: reference.y,
            line,
            label,
          }
        : {
            type: "line",
            yref: "paper",
            y0: 0,
            y1: 1,
            x0: reference.x,
            x1: reference.x,
            line,
            label,
          };
    });
}
