/** Charts that one turns or slides, drawn by plotly.js in the page, with a still for everywhere else. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { checkOptions, Chart, describe, frame, type ChartOptions } from "./chart";
import { displayHook, type Bundle } from "./frontEnd";
import { wrap } from "./text";
import { fontFamily, middleInk } from "./theme";
import { escapeXml, type Json } from "./vega";

export const plotlyMime = "application/vnd.plotly.v1+json";

/** A figure as plotly.js takes it; its code is never part of a notebook. */
export interface Figure {
  data: readonly Json[];
  layout?: Json;
  frames?: readonly Json[];
  config?: Json;
}

/** A chart drawn by Plotly. */
export class PlotlyChart extends Chart {
  constructor(
    title: string,
    description: string,
    readonly figure: Figure,
    private readonly still: Chart,
  ) {
    super(title, description);
  }

  override svg(): string {
    return this.still.svg();
  }

  override [displayHook](): Bundle {
    return {
      data: {
        [plotlyMime]: this.figure,
        "image/svg+xml": this.svg(),
        "text/plain": this.description,
      },
    };
  }
}

export interface FigureOptions extends ChartOptions {
  /** What is shown where plotly.js is not: any chart of this library. */
  still: Chart;
}

/**
 * Any Plotly figure, with the course's looks and a still.
 *
 *     plotly({ data: [{ type: "scatter3d", x, y, z }] }, { title: "A path", still: lineChart(…) })
 *
 * @throws TypeError without a still: GitHub, nbconvert and readers offline see nothing else
 */
export function plotly(figure: Figure, options: FigureOptions): PlotlyChart {
  const where = "plotly";
  frame(where, options);
  checkOptions(where, options, ["still"]);
  if (!Array.isArray(figure?.data) || figure.data.length === 0) {
    throw new TypeError(
      `${where}: a figure needs at least one trace, { data: [{ type: "surface", z }] }.`,
    );
  }
  if (!(options.still instanceof Chart)) {
    throw new TypeError(
      `${where} needs a still, a chart for pages without plotly.js: { still: heatmap(…) }.`,
    );
  }
  return new PlotlyChart(
    options.title,
    describe(`Chart to turn or slide: ${options.title}`, options.caption),
    styled(figure, options),
    options.still,
  );
}

/** A figure with title, caption and colours that are legible on a white and on a dark page. */
export function styled(figure: Figure, options: ChartOptions): Figure {
  const width = options.width ?? 640;
  const caption = wrap(options.caption ?? "", Math.floor(width / 6.6));
  const is3d = figure.data.some(({ type }) => type === "surface" || type === "scatter3d");
  const layout: Json = {
    title: heading(wrap(options.title, Math.floor(width / 9)), caption),
    width,
    height: options.height ?? 480,
    margin: { l: 10, r: 10, t: 50 + 17 * caption.length, b: 10 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: fontFamily, size: 13, color: middleInk },
    ...figure.layout,
  };
  const modeBarButtons = [[is3d ? "resetCameraDefault3d" : "resetScale2d"]]; // others want a network
  const config = { displaylogo: false, responsive: false, modeBarButtons, ...figure.config };
  return { ...figure, layout, config };
}

function heading(title: readonly string[], caption: readonly string[]): Json {
  const lines = (text: readonly string[]) => text.map(escapeXml).join("<br>");
  const subtitle = { text: lines(caption), font: { size: 12.5, color: middleInk } };
  return {
    text: lines(title),
    font: { size: 16, weight: 600 },
    ...{ x: 0.02, xanchor: "left", y: 0.98, yanchor: "top" },
    ...(caption.length > 0 && { subtitle }),
  };
}

/** A page that draws a figure with the plotly.js of this machine; needs no network. */
export function plotlyPage(figure: Figure): string {
  const script = createRequire(__filename).resolve("plotly.js/dist/plotly-gl3d.min.js");
  const json = JSON.stringify(figure).replace(/</g, "\\u003c"); // no tag can end the script
  return [
    '<!doctype html><meta charset="utf-8"><div id="chart"></div>',
    `<script src="${pathToFileURL(script).href}"></script>`,
    `<script>const figure = ${json};`,
    'Plotly.newPlot("chart", figure);</script>',
  ].join("\n");
}
