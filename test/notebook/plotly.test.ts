import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { displayHook } from "../../lib/notebook/frontEnd";
import { lineChart, plotly, sliderChart, surface } from "../../lib/notebook";
import type { Json } from "../../lib/notebook/vega";
import { plotlyCharts } from "./gallery";
import { figureFaults } from "./plotlySchema";

const mime = "application/vnd.plotly.v1+json";
const axes = { x: "x (m)", y: "y (m)", z: "z (m)", xs: [0, 1, 2], ys: [0, 1] };

describe("every Plotly chart", () => {
  for (const [name, chart] of Object.entries(plotlyCharts())) {
    describe(name, () => {
      const { data } = chart[displayHook]();

      it("comes as a figure, a still and a text", () => {
        assert.deepEqual(Object.keys(data), [mime, "image/svg+xml", "text/plain"]);
        assert.equal(data["text/plain"], chart.description);
        const svg = data["image/svg+xml"] as string;
        for (const word of chart.title.split(" ")) assert.ok(svg.includes(word));
      });

      it("is a figure that plotly.js knows, attribute for attribute", () => {
        assert.deepEqual(figureFaults(chart.figure), []);
      });

      it("is plain JSON without plotly.js in it, smaller than 60 kB", () => {
        const json = JSON.stringify(data[mime]);
        assert.deepEqual(JSON.parse(json), data[mime]);
        assert.ok(json.length < 60_000, `${json.length} bytes`);
      });

      it("is legible on white and on black", () => {
        const layout = chart.figure.layout as { paper_bgcolor: string; font: { color: string } };
        assert.equal(layout.paper_bgcolor, "rgba(0,0,0,0)");
        for (const ground of ["#ffffff", "#111111"]) {
          assert.ok(contrast(layout.font.color, ground) > 4, `on ${ground}`);
        }
      });
    });
  }

  it("would be refused with a misspelt attribute", () => {
    const { figure } = plotlyCharts()["surface"];
    const data = [{ ...figure.data[0], colourscale: "Viridis" }];
    assert.deepEqual(figureFaults({ ...figure, data }), ["data[0].colourscale is not known"]);
  });
});

/** Contrast ratio of two colours, WCAG 2.1. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [r, g, blue] = [1, 3, 5]
      .map((i) => parseInt(colour.slice(i, i + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
  };
  const [high, low] = [luminance(a), luminance(b)].sort((p, q) => q - p);
  return (high + 0.05) / (low + 0.05);
}

describe("surface", () => {
  it("has a row for each y and an entry for each x", () => {
    const [trace] = surface((x, y) => 10 * x + y, { title: "t", ...axes }).figure.data;
    assert.deepEqual(trace["z"], [
      [0, 10, 20],
      [1, 11, 21],
    ]);
    const same = surface(
      [
        [0, 10, 20],
        [1, 11, 21],
      ],
      { title: "t", ...axes },
    );
    assert.deepEqual(same.figure.data[0]["z"], trace["z"]);
  });

  it("lifts a point onto a surface that is only known on a grid", () => {
    const z = [
      [0, 10, 20],
      [1, 11, 21],
    ];
    const marked = surface(z, { title: "t", ...axes, points: [{ x: 0.5, y: 0.25, label: "p" }] });
    const { figure } = marked;
    const [lifted] = (figure.data[1] as { z: number[] }).z;
    assert.ok(Math.abs(lifted - 5.25) < 0.02 * 21, `${lifted} is not on or just above 5.25`);
    assert.match(marked.description, /highest at \(2, 1\).*Marked: p/);
  });

  it("refuses a grid that does not fit, uneven sides and NaN", () => {
    const make =
      (z: number[][] | (() => number), more = {}) =>
      () =>
        surface(z, { title: "t", ...axes, ...more });
    assert.throws(make([[1, 2, 3]]), /a row for each of the 2 ys.*got 1 rows of 3/);
    assert.throws(
      make([
        [1, 2],
        [3, 4],
      ]),
      /entry for each of the 3 xs, got 2 rows of 2/,
    );
    assert.throws(
      make(() => 0, { xs: [0, 1, 3] }),
      /must rise in even steps; from 0 to 1/,
    );
    assert.throws(
      make(() => 0, { xs: { from: 1, to: 0 } }),
      /from must be below to/,
    );
    assert.throws(
      make(() => NaN),
      /z\[0\]\[0\] must be a finite number/,
    );
    assert.throws(
      make(() => 0, { colour: "red" }),
      /no option "colour"/,
    );
  });

  it("shows its height as filled contours in the still, lightest at the top", () => {
    const svg = plotlyCharts()["surface"].svg();
    const fills = [
      ...svg.matchAll(/<path [^>]*fill="(rgb\([^)]*\)|#[0-9a-f]{6})" stroke="#ffffff"/g),
    ];
    assert.ok(fills.length >= 10, `${fills.length} contours`);
    assert.ok(svg.includes("maximum"));
  });
});

describe("sliderChart", () => {
  const xy = { title: "t", x: "x (m)", y: "y (m)", slider: "β" };

  it("has one frame a value, and begins with the one asked for", () => {
    const { figure } = sliderChart([1, 2, 3], (k) => ({ a: [k, 2 * k] }), { ...xy, start: 2 });
    assert.equal(figure.frames?.length, 3);
    const y = (data: Json | undefined) => (data as { y: number[] }).y;
    assert.deepEqual(y(figure.data[0]), [3, 6]);
    assert.deepEqual(y((figure.frames[0] as { data: Json[] }).data[0]), [1, 2]);
  });

  it("keeps one scale for all values", () => {
    const { figure } = sliderChart([1, 10], (k) => ({ a: [0, k] }), xy);
    const { yaxis } = figure.layout as { yaxis: { range: [number, number] } };
    assert.ok(yaxis.range[0] <= 0 && yaxis.range[1] >= 10);
  });

  it("refuses series that come and go", () => {
    const draw = (k: number) => (k === 1 ? { a: [1] } : { b: [1] });
    assert.throws(
      () => sliderChart([1, 2], draw, xy),
      /same series; value 0 gives a, value 1 gives b/,
    );
    assert.throws(() => sliderChart([1], draw, xy), /at least 2 entries/);
    assert.throws(
      () => sliderChart([1, 2], draw, { ...xy, start: 5 }),
      /start must be an index from 0 to 1/,
    );
  });
});

describe("plotly", () => {
  const still = lineChart({ a: [1, 2] }, { title: "t", x: "x", y: "y" });

  it("gives a figure of one's own title, caption and still", () => {
    const figure = { data: [{ type: "scatter3d", x: [1], y: [1], z: [1] }] };
    const chart = plotly(figure, { title: "A < B", caption: "Points.", still });
    assert.equal(chart.svg(), still.svg());
    assert.deepEqual(figureFaults(chart.figure), []);
    assert.match(JSON.stringify(chart.figure.layout), /A &lt; B/);
  });

  it("needs traces and a still", () => {
    assert.throws(() => plotly({ data: [] }, { title: "t", still }), /at least one trace/);
    assert.throws(() => plotly({ data: [{}] }, { title: "t" } as never), /needs a still/);
  });
});

it("the still of a surface is drawn by the vega that the library depends on", () => {
  const lib = createRequire(`${__dirname}/../../lib/`);
  assert.match((lib("vega") as { version: string }).version, /^5\./);
});
