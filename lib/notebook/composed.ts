/** Charts beside one another, and charts of one's own in Vega-Lite. */
import { checkNotEmpty } from "../core/checks";
import { checkOptions, describe, titleBlock, VegaChart, type ChartOptions } from "./chart";
import type { Json } from "./vega";

/**
 * Charts in one row, with axes and colours of their own.
 *
 *     sideBySide(lineChart(…), heatmap(…))
 */
export function sideBySide(...charts: VegaChart[]): VegaChart {
  checkNotEmpty("sideBySide", charts);
  for (const chart of charts) {
    if (!(chart instanceof VegaChart)) {
      throw new TypeError(
        "sideBySide takes Vega-Lite charts; show a Plotly chart in its own cell.",
      );
    }
  }
  const title = charts.map((chart) => chart.title).join(" · ");
  return new VegaChart(title, describe(...charts.map((chart) => chart.description)), {
    hconcat: charts.map((chart) => chart.body),
    spacing: 36,
    resolve: { scale: { color: "independent", shape: "independent", stroke: "independent" } },
  });
}

/**
 * Any Vega-Lite 5 specification, with the course's looks.
 *
 *     vegaLite({ data: { values }, mark: "tick", encoding: { x: { field: "x" } } },
 *       { title: "Ticks", caption: "One tick an observation." })
 *
 * @param spec its data must be inside it (`data.values`): a lesson runs without a network
 * @throws Error with what Vega-Lite has against the specification
 */
export function vegaLite(spec: Readonly<Json>, options: ChartOptions): VegaChart {
  checkOptions("vegaLite", options, []);
  if (typeof options.title !== "string" || options.title.trim() === "") {
    throw new TypeError('vegaLite: a chart needs a title, as in { title: "Ticks" }.');
  }
  if (hasUrl(spec)) {
    throw new TypeError(
      "vegaLite: the data must be inside the specification (data: { values }), not behind a URL: " +
        "a lesson runs without a network, and a still is drawn at once.",
    );
  }
  const size: Json = {};
  if (options.width !== undefined) size["width"] = options.width;
  if (options.height !== undefined) size["height"] = options.height;
  const chart = new VegaChart(options.title, describe(`Chart: ${options.title}`, options.caption), {
    ...spec,
    ...size,
    title: titleBlock(options),
  });
  chart.svg(); // a fault in the specification is an error here, not an empty place in the page
  return chart;
}

function hasUrl(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) =>
      (key === "data" && typeof inner === "object" && inner !== null && "url" in inner) ||
      (key !== "values" && hasUrl(inner)),
  );
}
