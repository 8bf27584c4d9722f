/** A notebook with every chart there is, as a lesson would write it: one cell each. */

const data = `
import {
  bandChart, barChart, dotChart, heatmap, histogram, lineChart, liveChart, progress, Rng, scatterChart,
  show, showMarkdown, sideBySide, sliderChart, surface, table, tick, vegaLite,
} from "rlhf";
const rng = new Rng(7);
const steps = Array.from({ length: 80 }, (_, i) => 500 * i);
const learn = (rate: number, top: number) => steps.map((s) => top * (1 - Math.exp(-s / rate)) + 14 * rng.normal());
const teams = ["Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore"];
const theta = [1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0];`;

/** Cells that draw with Vega-Lite, by the name of their screenshot. */
export const vegaCells: Record<string, string> = {
  line: `lineChart({ PPO: learn(6000, 480), REINFORCE: learn(15000, 430) }, { title: "Who learns to balance, and when",
  caption: "Return of one seed each. The environment counts as solved from 475 points on; an episode ends after 500 steps whatever happens.",
  at: steps, x: "environment steps", y: { title: "return", unit: "points an episode" },
  reference: [{ y: 475, label: "solved" }, { x: 12000, label: "your prediction" }] })`,
  band: `bandChart({ PPO: [1, 2, 3, 4, 5].map((k) => learn(5000 + 900 * k, 480)), REINFORCE: [1, 2, 3, 4, 5].map((k) => learn(14000 + 2500 * k, 430)) },
  { title: "Five seeds each", caption: "Mean and 95 % confidence band over 5 seeds; thin lines are the seeds.", at: steps, x: "environment steps",
    y: "return (points an episode)", runs: true, reference: { y: 475, label: "solved" } })`,
  scatter: `scatterChart({ fitted: { x: [0.1, 0.3, 0.5, 0.7, 0.9], y: [0.14, 0.27, 0.52, 0.66, 0.88], low: [0.05, 0.18, 0.42, 0.56, 0.8], high: [0.24, 0.37, 0.62, 0.77, 0.95] },
  "without ties": { x: [0.15, 0.35, 0.55, 0.75], y: [0.3, 0.4, 0.5, 0.6] } }, { title: "Calibration", caption: "Observed share of wins with its 95 % interval.",
  x: { title: "predicted P(win)", format: ".0%" }, y: { title: "observed share of wins", format: ".0%" }, diagonal: "perfect", width: 340, height: 320 })`,
  dot: `dotChart(teams.map((label, i) => ({ label, value: theta[i] + 0.03, low: theta[i] - 0.5, high: theta[i] + 0.6, published: theta[i] })),
  { title: "Seven baseball teams, American League East 1987", caption: "Strength by maximum likelihood with its 95 % interval.",
    value: "strength θ (log-odds, Baltimore = 0)", published: "Agresti", reference: { x: 0, label: "Baltimore" } })`,
  bar: `barChart(["clean", "10 % flipped", "30 % flipped"].flatMap((label, i) => ["DPO", "IPO", "KTO"].map((group, j) => ({ label, group,
  value: 2.1 - 0.3 * i - 0.1 * j, low: 2 - 0.3 * i - 0.1 * j, high: 2.2 - 0.3 * i - 0.1 * j }))),
  { title: "Noise makes every method shrink", x: "labels", y: "gold reward (points)", reference: { y: 0.47, label: "π_ref" } })`,
  histogram: `histogram({ chosen: Array.from({ length: 2000 }, () => rng.normal() + 1), rejected: Array.from({ length: 2000 }, () => rng.normal() - 0.5) },
  { title: "Reward of chosen and rejected replies", x: "reward (logits)", reference: { x: 0, label: "no preference" } })`,
  heatmap: `heatmap(theta.map((a) => theta.map((b) => 1 / (1 + Math.exp(b - a)))), { title: "Who beats whom", caption: "Probability by Bradley–Terry.",
  rows: teams, columns: teams, x: "loses", y: "wins", value: { title: "P(win)", format: ".2f" }, midpoint: 0.5 })`,
  map: `heatmap(Array.from({ length: 20 }, (_, i) => Array.from({ length: 30 }, (_, j) => Math.sin(i / 4) * Math.cos(j / 5))),
  { title: "A larger map", x: "column (cells)", y: "row (cells)", value: "value (nats)" })`,
  pair: `sideBySide(lineChart({ "log-likelihood": [-40, -30, -26, -25, -24.8, -24.7] }, { title: "Newton's steps", x: "iteration", y: "log-likelihood (nats)", width: 260, height: 200 }),
  barChart([{ label: "won", value: 6 }, { label: "lost", value: 3 }], { title: "Games", x: "result", y: "count", width: 160, height: 200 }))`,
  own: `vegaLite({ data: { values: theta.map((x, i) => ({ x, team: teams[i] })) }, mark: { type: "tick", thickness: 3 }, encoding: {
  x: { field: "x", type: "quantitative", title: "strength (log-odds)" }, tooltip: { field: "team" } } }, { title: "A chart of one's own", caption: "One tick a team." })`,
};

/** Cells that draw with Plotly. */
export const plotlyCells: Record<string, string> = {
  surface: `surface((a, b) => -((a - 0.6) ** 2) - 0.7 * (b + 0.4) ** 2 + 0.8 * (a - 0.6) * (b + 0.4), { title: "The likelihood surface of three teams",
  caption: "One team is held at 0; the hill has one top, because the graph of games is connected. Drag to turn it.", x: "θ₁ (log-odds)", y: "θ₂ (log-odds)",
  z: "log-likelihood (nats)", xs: { from: -3, to: 3 }, ys: { from: -3, to: 2 }, points: [{ x: 0.6, y: -0.4, label: "maximum" }],
  path: { x: [-2, -1, 0, 0.6], y: [-2, -1.6, -0.7, -0.4], label: "Newton" } })`,
  slider: `const xs = Array.from({ length: 61 }, (_, i) => i / 10);
sliderChart([0.05, 0.1, 0.2, 0.5, 1, 2], (beta) => ({ "π*": xs.map((x) => Math.exp(-((x - 3) ** 2) / beta)), "π_ref": xs.map((x) => Math.exp(-((x - 1) ** 2) / 2)) }),
  { title: "The optimum under a KL budget", caption: "A small β lets the policy run to the reward.", at: xs, slider: "β (points a nat)", x: "length (words)",
    y: "density (relative)", start: 2, reference: { y: 0.5, label: "half" } })`,
};

/** Cells that show in other ways. */
export const otherCells: Record<string, string> = {
  table: `table(teams.map((team, i) => ({ team, theta: theta[i], wins: 90 - i, p: 1 / (1 + Math.exp(-theta[i])) })), { caption: "Maximum likelihood, Baltimore = 0.",
  columns: { team: "team", theta: { title: "θ (log-odds)", digits: 2 }, wins: "wins (games)", p: { title: "P(beats Baltimore)", format: ".0%" } } })`,
  live: `const live = liveChart({ title: "Training", x: "iteration", y: "loss (nats)", reference: { y: Math.log(2), label: "ln 2" } });
const bar = progress(30, { label: "Training", unit: "iterations" });
for (let i = 0; i < 30; i++) {
  live.add(i, { train: Math.log(2) * Math.exp(-i / 20), validation: Math.log(2) * Math.exp(-i / 30) });
  bar.step();
  await new Promise((resolve) => setTimeout(resolve, 30));
}
live.finish();
bar.finish();`,
  markdown: `showMarkdown("The maximum is at **θ = " + theta[0].toFixed(2) + "** ($\\\\hat\\\\theta$).")`,
};

/** The whole notebook: the data, then every cell. */
export const galleryCells: string[] = [
  data.trim(),
  ...Object.values(vegaCells),
  ...Object.values(plotlyCells),
  ...Object.values(otherCells),
];
