/** Landscapes: a height over two axes, to be turned by hand. */
import { axisDetails, axisTitle, type Axis } from "./axes";
import { checkOptions, describe, frame, type ChartOptions } from "./chart";
import { ContourStill, type Grid, type SurfacePoint } from "./contour";
import { PlotlyChart, styled } from "./figure";
import { stored } from "./series";
import { interpolate, readGrid, type Heights, type Side } from "./surfaceGrid";
import { clearance, liftPath, liftPoint, markTraces, type GivenPath } from "./surfaceMarks";
import { shortNumber } from "./text";
import { middleInk } from "./theme";
import type { Json } from "./vega";

export interface SurfaceOptions extends ChartOptions {
  x: Axis;
  y: Axis;
  z: Axis;
  /** Evenly spaced; `steps` is 41 by default. */
  xs: Side;
  ys: Side;
  /** Points that stand on the surface; without z they are lifted onto it. */
  points?: readonly SurfacePoint[];
  /** A walk over the surface: the steps of an optimiser. */
  path?: GivenPath;
}

/**
 * A surface that can be turned and zoomed. Its still shows the same as filled contours.
 *
 *     surface((a, b) => logLikelihood(a, b), { title: "Likelihood", x: "θ₁ (log-odds)",
 *       y: "θ₂ (log-odds)", z: "log-likelihood (nats)", xs: { from: -3, to: 3 }, ys: { from: -3, to: 3 } })
 *
 * @param z z[iy][ix] for every pair of `ys` and `xs`, or a function of x and y
 * @throws ShapeError when the grid does not fit its sides, RangeError for NaN or uneven sides
 */
export function surface(z: Heights, options: SurfaceOptions): PlotlyChart {
  const where = "surface";
  frame(where, options);
  checkOptions(where, options, ["x", "y", "z", "xs", "ys", "points", "path"]);
  for (const side of ["x", "y", "z"] as const) axisDetails(`${where}: ${side}`, options[side]);
  const grid = readGrid(where, z, options.xs, options.ys);
  const lift = (x: number, y: number) =>
    typeof z === "function" ? z(x, y) : interpolate(grid, x, y);
  const points = (options.points ?? []).map((point, i) =>
    liftPoint(`${where}: point ${i}`, point, lift),
  );
  const path = options.path && liftPath(`${where}: path`, options.path, lift);
  const description = describeSurface(options, grid);
  const data = [surfaceTrace(grid, options), ...markTraces(points, path, clearance(grid))];
  const contours = { ...options, points, ...(path && { path }) };
  const still = new ContourStill(options.title, description, grid, contours);
  const figure = styled({ data, layout: sceneLayout(options) }, options);
  return new PlotlyChart(options.title, description, figure, still);
}

function surfaceTrace({ xs, ys, z }: Grid, options: SurfaceOptions): Json {
  return {
    type: "surface",
    x: xs.map(stored),
    y: ys.map(stored),
    z: z.map((row) => Array.from(row, (value) => Number(value.toPrecision(5)))),
    colorscale: "Viridis",
    colorbar: {
      thickness: 12,
      len: 0.6,
      outlinewidth: 0,
      title: { text: axisTitle(options.z).replace(" (", "<br>("), side: "top", font: { size: 12 } },
    },
    contours: { z: { show: true, usecolormap: true, project: { z: true } } },
    hovertemplate: "x %{x:.3~g}<br>y %{y:.3~g}<br>z %{z:.4~g}<extra></extra>",
  };
}

function sceneLayout(options: SurfaceOptions): Json {
  const side = (axis: Axis): Json => ({
    title: { text: axisTitle(axis), font: { size: 13, color: middleInk } },
    gridcolor: "#9a9a9a",
    zerolinecolor: "#9a9a9a",
    showbackground: false,
    tickfont: { size: 11, color: middleInk },
  });
  return {
    scene: {
      xaxis: side(options.x),
      yaxis: side(options.y),
      zaxis: side(options.z),
      aspectmode: "manual",
      aspectratio: { x: 1.2, y: 1.2, z: 0.8 },
      camera: { eye: { x: 1.5, y: -1.6, z: 0.95 }, center: { x: 0, y: 0, z: -0.12 } },
    },
  };
}

function describeSurface(options: SurfaceOptions, { xs, ys, z }: Grid): string {
  let best = { x: xs[0], y: ys[0], z: -Infinity };
  let low = Infinity;
  z.forEach((row, i) => {
    for (let j = 0; j < row.length; j++) {
      low = Math.min(low, row[j]);
      if (row[j] > best.z) best = { x: xs[j], y: ys[i], z: row[j] };
    }
  });
  return describe(
    `Surface to turn: ${options.title}`,
    `Across: ${axisTitle(options.x)} and ${axisTitle(options.y)}; up: ${axisTitle(options.z)}, from ` +
      `${shortNumber(low)} to ${shortNumber(best.z)}, highest at (${shortNumber(best.x)}, ${shortNumber(best.y)})`,
    options.points?.length
      ? `Marked: ${options.points.map((point) => point.label).join(", ")}`
      : undefined,
    options.caption,
  );
}
