/** One chart of each kind, for the tests of the library and of the page. */
import { Rng } from "../../lib/core/rng";
import {
  bandChart,
  barChart,
  dotChart,
  heatmap,
  histogram,
  lineChart,
  scatterChart,
  sideBySide,
  sliderChart,
  surface,
  vegaLite,
  type PlotlyChart,
  type VegaChart,
} from "../../lib/notebook";

const steps = Array.from({ length: 60 }, (_, i) => 500 * i);
const teams = ["Milwaukee", "Detroit", "Toronto", "New York"];
const theta = [1.58, 1.44, 1.29, 0];

/** A learning curve with noise from a seed. */
export function curve(seed: number, top: number): number[] {
  const rng = new Rng(seed);
  return steps.map((step) => top * (1 - Math.exp(-step / 9000)) + 10 * rng.normal());
}

/** Every chart that Vega-Lite draws. */
export function vegaCharts(): Record<string, VegaChart> {
  const normal = new Rng("histogram");
  return {
    line: lineChart(
      { PPO: curve(1, 480), REINFORCE: curve(2, 400) },
      {
        title: "Who learns to balance",
        caption: "Return of one seed each; an episode ends after 500 steps.",
        at: steps,
        x: "environment steps",
        y: { title: "return", unit: "points an episode" },
        reference: [
          { y: 475, label: "solved" },
          { x: 12000, label: "your prediction" },
          { x: [0, 29500], y: [0, 500], label: "closed form" },
        ],
      },
    ),
    band: bandChart(
      { PPO: [1, 2, 3, 4, 5].map((seed) => curve(seed, 480)) },
      { title: "Five seeds", at: steps, x: "environment steps", y: "return (points)", runs: true },
    ),
    scatter: scatterChart(
      {
        fitted: {
          x: [0.1, 0.5, 0.9],
          y: [0.15, 0.5, 0.85],
          low: [0.1, 0.4, 0.8],
          high: [0.2, 0.6, 0.9],
        },
        naive: { x: [0.2, 0.6], y: [0.4, 0.5], labels: ["a", "b"] },
      },
      { title: "Calibration", x: "predicted P(win)", y: "observed share", diagonal: "perfect" },
    ),
    dot: dotChart(
      teams.map((label, i) => ({
        label,
        value: theta[i],
        low: theta[i] - 0.5,
        high: theta[i] + 0.5,
        published: theta[i] + 0.01,
      })),
      {
        title: "Strengths",
        value: "strength θ (log-odds)",
        published: "Agresti",
        sort: "descending",
      },
    ),
    bar: barChart(
      ["DPO", "PPO"].flatMap((label, i) =>
        ["clean", "noisy"].map((group, j) => ({
          label,
          group,
          value: 0.6 + 0.1 * i - 0.2 * j,
          low: 0.3,
          high: 0.8,
        })),
      ),
      {
        title: "Win rates",
        x: "method",
        y: { title: "win rate", format: ".0%" },
        reference: { y: 0.5, label: "a coin" },
      },
    ),
    histogram: histogram(
      {
        chosen: Array.from({ length: 500 }, () => 1 + normal.normal()),
        rejected: Array.from({ length: 400 }, () => normal.normal()),
      },
      { title: "Rewards", x: "reward (logits)", bins: 20 },
    ),
    heatmap: heatmap(
      theta.map((a) => theta.map((b) => 1 / (1 + Math.exp(b - a)))),
      {
        title: "Who beats whom",
        rows: teams,
        columns: teams,
        x: "loser",
        y: "winner",
        value: { title: "P(win)", format: ".2f" },
        midpoint: 0.5,
      },
    ),
    pair: sideBySide(
      lineChart(
        { a: [1, 2, 3] },
        { title: "Left side", x: "t (steps)", y: "value (nats)", width: 240 },
      ),
      barChart(
        [
          { label: "won", value: 6 },
          { label: "lost", value: 3 },
        ],
        { title: "Right side", x: "result", y: "games", width: 160 },
      ),
    ),
    own: vegaLite(
      {
        data: { values: [{ x: 1 }, { x: 4 }] },
        mark: "tick",
        encoding: { x: { field: "x", type: "quantitative", title: "x (m)" } },
      },
      { title: "Ticks of my own", caption: "One tick an observation." },
    ),
  };
}

/** Every chart that Plotly draws. */
export function plotlyCharts(): Record<string, PlotlyChart> {
  const xs = Array.from({ length: 40 }, (_, i) => i / 10);
  return {
    surface: surface((a, b) => -((a - 1) ** 2) - (b + 1) ** 2, {
      title: "A hill",
      caption: "It has one top.",
      x: "θ₁ (log-odds)",
      y: "θ₂ (log-odds)",
      z: "log-likelihood (nats)",
      xs: { from: -3, to: 3 },
      ys: { from: -3, to: 3, steps: 31 },
      points: [{ x: 1, y: -1, label: "maximum" }],
      path: { x: [-2, 0, 1], y: [2, 0, -1], label: "Newton" },
    }),
    slider: sliderChart(
      [0.1, 0.5, 2],
      (beta) => ({
        optimum: xs.map((x) => Math.exp(-((x - 2) ** 2) / beta)),
        reference: xs.map(() => 0.2),
      }),
      {
        title: "The optimum",
        at: xs,
        slider: "β (points a nat)",
        x: "length (words)",
        y: "density",
        start: 1,
        reference: { y: 0.5, label: "half" },
      },
    ),
  };
}
