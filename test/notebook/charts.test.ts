import assert from "node:assert/strict";
import { createRequire } from "node:module";
import type * as Vega from "vega";
import { displayHook } from "../../lib/notebook/frontEnd";
import { chartConfig, palette } from "../../lib/notebook/theme";
import { compileVegaLite, type Json } from "../../lib/notebook/vega";
import { thin } from "../../lib/notebook/series";
import {
  bandChart,
  barChart,
  dotChart,
  heatmap,
  histogram,
  lineChart,
  scatterChart,
  sideBySide,
  vegaLite,
} from "../../lib/notebook";
import { vegaCharts } from "./gallery";

const mime = "application/vnd.vegalite.v5+json";
const xy = { title: "A title", x: "time (s)", y: "value (nats)" };
// the library's own copy; a root-level `import "vega"` would resolve to the same files
const vega = createRequire(`${__dirname}/../../lib/`)("vega") as typeof Vega;

/** All rows of data anywhere in a specification. */
function rowsOf(spec: unknown): Json[] {
  if (typeof spec !== "object" || spec === null) return [];
  return Object.entries(spec).flatMap(([key, value]) => {
    const data = key === "data" ? (value as { values?: Json[] }).values : undefined;
    return data ?? rowsOf(value);
  });
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

describe("every Vega-Lite chart", () => {
  for (const [name, chart] of Object.entries(vegaCharts())) {
    describe(name, () => {
      const { data, metadata } = chart[displayHook]();
      const spec = data[mime] as Json;
      const svg = data["image/svg+xml"] as string;

      it("comes as a drawing for the page, a still and a text", () => {
        assert.deepEqual(Object.keys(data), [mime, "image/svg+xml", "text/plain"]);
        assert.match(svg, /^<svg role="img" aria-label="/);
        assert.match(svg, /<\/svg>\s*$/);
        assert.deepEqual(Object.keys(metadata ?? {}), [mime]);
      });

      it("is drawn as Vega itself draws it", async () => {
        const compiled = compileVegaLite({
          ...spec,
          background: "#ffffff",
          config: chartConfig("#24292f"),
        });
        const warnings: unknown[] = [];
        const logger = Object.assign(vega.logger(vega.Warn), {
          warn: (...words: unknown[]) => warnings.push(words.join(" ")),
        });
        const runtime = vega.parse(compiled);
        const view = new vega.View(runtime, { renderer: "none", logger: logger });
        const theirs = await view.toSVG();
        view.finalize();
        assert.deepEqual(warnings, []);
        const withoutIds = (text: string) => text.replace(/(gradient|clip)_?\d+/g, "$1");
        assert.equal(
          withoutIds(svg.replace(/ role="img" aria-label="[^"]*"/, "")),
          withoutIds(theirs),
        );
      });

      it("takes the page's colours in the page and stands on white elsewhere", () => {
        assert.equal(spec["background"], "transparent");
        assert.match(JSON.stringify(spec["config"]), /"labelColor":"currentColor"/);
        assert.doesNotMatch(JSON.stringify(spec["config"]), /#24292f/);
        assert.match(svg, /fill="#ffffff"/);
        assert.match(svg, /#24292f/);
      });

      it("says in words what it shows", () => {
        assert.equal(data["text/plain"], chart.description);
        assert.equal(spec["description"], chart.description);
        for (const word of chart.title.split(" · ")) assert.ok(chart.description.includes(word));
        for (const word of chart.title.split(/[ ·]+/)) assert.ok(svg.includes(word), `no ${word}`);
      });

      it("holds all its data and stays small", () => {
        assert.doesNotMatch(JSON.stringify(spec), /"url"|https?:\/\/(?!vega\.github\.io\/schema)/);
        assert.ok(JSON.stringify(spec).length < 60_000);
        assert.ok(svg.length < 120_000);
      });
    });
  }
});

describe("lineChart", () => {
  it("draws a line for each series in the colours of the palette, and names them", () => {
    const svg = lineChart({ one: [1, 2, 3], two: [3, 1, 2] }, xy).svg();
    for (const colour of palette.slice(0, 2)) assert.match(svg, new RegExp(`stroke="${colour}"`));
    assert.doesNotMatch(svg, new RegExp(palette[2]));
    for (const words of ["one", "two", "time (s)", "value (nats)"]) assert.ok(svg.includes(words));
  });

  it("writes a unit in brackets after its axis", () => {
    const svg = lineChart({ a: [1, 2] }, { ...xy, y: { title: "return", unit: "points" } }).svg();
    assert.ok(svg.includes("return (points)"));
  });

  it("puts reference lines and their labels on the same axes", () => {
    const chart = lineChart({ a: [1, 2] }, { ...xy, reference: { y: 9, label: "published" } });
    assert.ok(chart.svg().includes("published"));
    assert.match(chart.description, /published at y = 9/);
  });

  it("takes typed arrays, x and y of its own, and shared x values", () => {
    const a = lineChart({ s: Float64Array.of(5, 6) }, { ...xy, at: Float32Array.of(10, 20) });
    const b = lineChart({ s: { x: [10, 20], y: [5, 6] } }, xy);
    assert.deepEqual(rowsOf(a.body), rowsOf(b.body));
    assert.deepEqual(rowsOf(a.body), [
      { x: 10, y: 5, series: "s" },
      { x: 20, y: 6, series: "s" },
    ]);
  });

  it("refuses what it cannot draw, and says where it is", () => {
    const cases: [() => unknown, RegExp][] = [
      [() => lineChart({ loss: [1, NaN] }, xy), /lineChart: "loss"\[1\] is NaN.*gaps: true/],
      [() => lineChart({ loss: [] }, xy), /"loss" needs at least 1 entry, got 0/],
      [() => lineChart({ loss: [1, 2] }, { ...xy, at: [1, 2, 3] }), /x has 3, y has 2/],
      [() => lineChart({}, xy), /named series/],
      [() => lineChart([1, 2] as never, xy), /named series/],
      [() => lineChart({ a: "text" as never }, xy), /"a" must be numbers/],
      [() => lineChart({ a: [1] }, { ...xy, title: "" }), /needs a title/],
      [() => lineChart({ a: [1] }, { ...xy, y: "" }), /lineChart: y needs a title with its unit/],
      [
        () => lineChart({ a: [1] }, { ...xy, yTitle: "loss" } as never),
        /no option "yTitle".*It takes title/,
      ],
      [
        () => lineChart({ a: [0] }, { ...xy, y: { title: "loss", log: true } }),
        /"a"\[0\] is 0.*logarithmic/,
      ],
      [
        () => lineChart({ a: [1] }, { ...xy, y: { title: "y", domain: [1, 1] } }),
        /from < to, got \[1, 1\]/,
      ],
      [
        () => lineChart({ a: [1] }, { ...xy, reference: { y: NaN, label: "p" } }),
        /reference 0: y must be/,
      ],
      [
        () => lineChart({ a: [1] }, { ...xy, width: 5 }),
        /width \(pixels\) must be in \[50, 2000\]/,
      ],
    ];
    for (const [make, message] of cases) assert.throws(make, message);
  });

  it("leaves a gap for NaN when asked to", () => {
    const chart = lineChart({ a: [1, NaN, 3, 4] }, { ...xy, gaps: true, points: false });
    assert.equal(rowsOf(chart.body)[1]["y"], null);
    const [, path] = /aria-roledescription="line mark" d="([^"]+)"/.exec(chart.svg()) ?? [];
    assert.equal(count(path ?? "", /M/g), 2); // one stroke before the gap, one after it
  });
});

describe("thin", () => {
  it("keeps every point of a short curve", () => assert.deepEqual(thin([3, 1, 2]), [0, 1, 2]));

  it("keeps ends, peak and trough of a long one, in order, in at most 1,502 points", () => {
    const y = Array.from({ length: 200_000 }, (_, i) => Math.sin(i / 700));
    y[77_777] = 50;
    y[123_456] = -50;
    const kept = thin(y);
    for (const i of [0, 77_777, 123_456, 199_999]) assert.ok(kept.includes(i));
    assert.ok(kept.length <= 1502);
    assert.deepEqual(
      kept,
      [...kept].sort((a, b) => a - b),
    );
  });
});

describe("bandChart", () => {
  it("forbids stacking, which Vega-Lite 5.6 in JupyterLab would do along x where y is logarithmic", () => {
    const { layer } = bandChart({ a: { mean: [2], low: [1], high: [4] } }, xy).body;
    const { x, y } = (layer as { encoding: Record<string, { stack?: unknown }> }[])[0].encoding;
    assert.deepEqual([x.stack, y.stack], [null, null]);
  });
  it("draws mean ± t·s/√n", () => {
    // three seeds at one x: 1, 2, 6 → mean 3, s = √7, t(0.975, 2) = 4.302653, half = 6.572…
    const chart = bandChart({ a: [[1], [2], [6]] }, xy);
    const half = (4.302652729911275 * Math.sqrt(7)) / Math.sqrt(3);
    const [band, mean] = rowsOf(chart.body);
    assert.ok(Math.abs((band["low"] as number) - (3 - half)) < 1e-6);
    assert.ok(Math.abs((band["high"] as number) - (3 + half)) < 1e-6);
    assert.equal(mean["y"], 3);
  });

  it("is as wide as nothing when all seeds agree", () => {
    const [band] = rowsOf(bandChart({ a: [[4], [4]] }, xy).body);
    assert.deepEqual([band["low"], band["high"]], [4, 4]);
  });

  it("takes a band that comes ready-made", () => {
    const [band] = rowsOf(bandChart({ a: { mean: [2], low: [1], high: [4] } }, xy).body);
    assert.deepEqual([band["low"], band["high"]], [1, 4]);
  });

  it("draws each seed when asked to", () => {
    const rows = rowsOf(
      bandChart(
        {
          a: [
            [1, 2],
            [3, 4],
          ],
        },
        { ...xy, runs: true },
      ).body,
    );
    assert.equal(rows.filter((row) => "run" in row).length, 4);
  });

  it("needs two seeds of one length", () => {
    assert.throws(() => bandChart({ a: [[1, 2]] }, xy), /at least 2 seeds.*lineChart/);
    assert.throws(() => bandChart({ a: [1, 2] as never }, xy), /at least 2 seeds/);
    assert.throws(() => bandChart({ a: [[1, 2], [1]] }, xy), /seed 0 has 2, seed 1 has 1/);
    assert.throws(() => bandChart({ a: [[1], [NaN]] }, xy), /seed 1\[0\] must be a finite number/);
  });
});

describe("scatterChart", () => {
  it("draws whiskers, labels and the diagonal", () => {
    const chart = vegaCharts()["scatter"];
    const svg = chart.svg();
    assert.equal(count(svg, /aria-roledescription="point"/g), 5);
    assert.equal(count(svg, /aria-roledescription="rule mark"/g), 3);
    for (const text of ["perfect", ">a<", ">b<"]) assert.ok(svg.includes(text));
  });

  it("refuses half a whisker, uneven lengths and more than a page can draw", () => {
    assert.throws(() => scatterChart({ a: { x: [1], y: [1], low: [0] } }, xy), /both its ends/);
    assert.throws(() => scatterChart({ a: { x: [1, 2], y: [1] } }, xy), /x has 2, y has 1/);
    const many = new Float64Array(5000);
    assert.throws(() => scatterChart({ a: { x: many, y: many } }, xy), /5000 points.*histogram/);
  });
});

describe("dotChart", () => {
  it("orders its rows and puts a diamond at each published value", () => {
    const chart = vegaCharts()["dot"];
    assert.equal(
      count(chart.svg(), /aria-label="[^"]*source: Agresti" role="graphics-symbol"/g),
      4,
    );
    assert.ok(chart.svg().includes("Agresti"));
    assert.match(chart.description, /Milwaukee: 1.58 \[1.08, 2.08\], Agresti 1.59/);
  });

  it("takes limits, not distances", () => {
    const row = { label: "a", value: 1.5, low: 0.2, high: 0.2 };
    assert.throws(
      () => dotChart([row], { title: "t", value: "v" }),
      /does not hold the value 1.5.*limits themselves/,
    );
    assert.throws(() => dotChart([], { title: "t", value: "v" }), /rows needs at least 1 entry/);
    assert.throws(
      () => dotChart([{ label: "a", value: Infinity }], { title: "t", value: "v" }),
      /row 0 \(a\): value/,
    );
  });
});

describe("barChart", () => {
  it("stands on zero, one bar a row, groups side by side", () => {
    const svg = vegaCharts()["bar"].svg();
    assert.equal(count(svg, /aria-roledescription="bar"/g), 4);
    assert.match(svg, />0%</);
    assert.throws(
      () => barChart([{ label: "a", value: NaN }], { title: "t", x: "x", y: "y" }),
      /value must be a finite number, got NaN/,
    );
  });
});

describe("histogram", () => {
  it("puts every value into one bin, the highest too", () => {
    const rows = rowsOf(histogram([0, 1, 2, 3, 4], { title: "t", x: "x", bins: 4 }).body);
    assert.deepEqual(
      rows.map((row) => row["height"]),
      [1, 1, 1, 2],
    );
    assert.deepEqual([rows[0]["from"], rows[3]["to"]], [0, 4]);
  });

  it("has area 1 as a density", () => {
    const rows = rowsOf(
      histogram({ a: [1, 2, 2, 9] }, { title: "t", x: "x", bins: 7, density: true }).body,
    );
    const area = rows.reduce(
      (sum, row) =>
        sum + (row["height"] as number) * ((row["to"] as number) - (row["from"] as number)),
      0,
    );
    assert.ok(Math.abs(area - 1) < 1e-6);
  });

  it("draws a sample without spread, and refuses an empty one", () => {
    assert.ok(histogram([5, 5, 5], { title: "t", x: "x" }).svg().includes("</svg>"));
    assert.throws(() => histogram([], { title: "t", x: "x" }), /"sample" needs at least 1 entry/);
    assert.throws(() => histogram({ a: [1, NaN] }, { title: "t", x: "x" }), /"a"\[1\]/);
  });
});

describe("heatmap", () => {
  const options = { title: "t", x: "column", y: "row", value: "P" };

  it("writes the numbers into a small map, in figures that stand out from their cells", () => {
    const svg = vegaCharts()["heatmap"].svg();
    assert.equal(count(svg, />0\.\d\d</g) >= 16, true);
    assert.match(svg, /fill="#111111"/);
    assert.match(svg, /fill="#ffffff"/);
  });

  it("leaves a cell without a number empty", () => {
    const rows = rowsOf(
      heatmap(
        [
          [1, NaN],
          [2, 3],
        ],
        options,
      ).body,
    );
    assert.equal(rows.length, 3);
  });

  it("refuses ragged rows and labels that do not fit", () => {
    assert.throws(() => heatmap([[1, 2], [3]], options), /row 0 has 2, row 1 has 1/);
    assert.throws(
      () => heatmap([[1, 2]], { ...options, columns: ["a"] }),
      /columns must have 2 entries, got 1/,
    );
    assert.throws(() => heatmap([[NaN]], options), /values that are numbers needs at least 1/);
    assert.throws(() => heatmap([[1]], { ...options, midpoint: NaN }), /midpoint must be/);
  });
});

describe("sideBySide and vegaLite", () => {
  it("keeps the titles of both charts", () => {
    const svg = vegaCharts()["pair"].svg();
    assert.ok(svg.includes("Left side") && svg.includes("Right side"));
    assert.throws(() => sideBySide(), /at least 1/);
    assert.throws(() => sideBySide({} as never), /takes Vega-Lite charts/);
  });

  it("says what is wrong with a specification at once", () => {
    assert.throws(
      () => vegaLite({ mark: "pie chart", data: { values: [] }, encoding: {} }, { title: "t" }),
      /^Error: Vega-Lite cannot draw this specification: .+docs/,
    );
    assert.throws(
      () => vegaLite({ data: { url: "http://x/y.csv" }, mark: "bar" }, { title: "t" }),
      /without a network/,
    );
    assert.throws(
      () => vegaLite({ layer: [{ data: { url: "y.csv" } }] }, { title: "t" }),
      /without a network/,
    );
    assert.throws(() => vegaLite({ mark: "bar" }, {} as never), /needs a title/);
  });
});
