/** Landscapes: a height over two axes, to be turned by hand. */
import {
  checkAllFinite,
  checkFinite,
  checkInteger,
  checkNotEmpty,
  checkSameLength,
  ShapeError,
} from "../core/checks";
import { axisDetails, axisTitle, type Axis, type Numbers } from "./axes";
import { checkOptions, describe, frame, type ChartOptions } from "./chart";
import { ContourStill, type Grid, type SurfacePoint } from "./contour";
import { PlotlyChart, styled } from "./figure";
import { stored } from "./series";
import { shortNumber } from "./text";
import { middleInk, palette } from "./theme";
import { escapeXml, type Json } from "./vega";

/** Evenly spaced values along one side of a surface. */
export type Side = Numbers | { from: number; to: number; steps?: number };

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
  path?: { x: Numbers; y: Numbers; z?: Numbers; label: string };
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
export function surface(
  z: readonly Numbers[] | ((x: number, y: number) => number),
  options: SurfaceOptions,
): PlotlyChart {
  const where = "surface";
  frame(where, options);
  checkOptions(where, options, ["x", "y", "z", "xs", "ys", "points", "path"]);
  for (const side of ["x", "y", "z"] as const) axisDetails(`${where}: ${side}`, options[side]);
  const xs = readSide(`${where}: xs`, options.xs);
  const ys = readSide(`${where}: ys`, options.ys);
  const grid = { xs, ys, z: readHeights(where, z, xs, ys) };
  const lift = (x: number, y: number) =>
    typeof z === "function" ? z(x, y) : interpolate(grid, x, y);
  const points = (options.points ?? []).map((point, i) =>
    liftPoint(`${where}: point ${i}`, point, lift),
  );
  const path =
    options.path === undefined ? undefined : liftPath(`${where}: path`, options.path, lift);
  const description = describeSurface(options, grid);
  const data = [surfaceTrace(grid, options), ...markTraces(points, path, clearance(grid))];
  const { title, caption, x, y } = options;
  const still = new ContourStill(title, description, grid, {
    title,
    x,
    y,
    z: options.z,
    points,
    ...(caption !== undefined && { caption }),
    ...(path && { path }),
  });
  return new PlotlyChart(
    title,
    description,
    styled({ data, layout: sceneLayout(options) }, options),
    still,
  );
}

const markColour = palette[3];

function readSide(where: string, side: Side): number[] {
  if (typeof side === "object" && "from" in side) {
    const { from, to, steps = 41 } = side;
    checkFinite(`${where}: from`, from);
    checkFinite(`${where}: to`, to);
    checkInteger(`${where}: steps`, steps, 2, 201);
    if (!(from < to))
      throw new RangeError(`${where}: from must be below to, got ${from} and ${to}.`);
    return Array.from({ length: steps }, (_, i) => from + ((to - from) * i) / (steps - 1));
  }
  checkNotEmpty(where, side, 2);
  checkAllFinite(where, side);
  const step = (side[side.length - 1] - side[0]) / (side.length - 1);
  for (let i = 1; i < side.length; i++) {
    if (!(step > 0) || Math.abs(side[i] - side[i - 1] - step) > 1e-6 * step) {
      throw new RangeError(
        `${where} must rise in even steps; from ${side[i - 1]} to ${side[i]} is another step than ${shortNumber(step)}.`,
      );
    }
  }
  return Array.from(side);
}

function readHeights(
  where: string,
  z: readonly Numbers[] | ((x: number, y: number) => number),
  xs: readonly number[],
  ys: readonly number[],
): Numbers[] {
  const rows = typeof z === "function" ? ys.map((y) => xs.map((x) => z(x, y))) : [...z];
  if (rows.length !== ys.length || rows.some((row) => row.length !== xs.length)) {
    throw new ShapeError(
      `${where}: z needs a row for each of the ${ys.length} ys with an entry for each of the ` +
        `${xs.length} xs, got ${rows.length} rows of ${[...new Set(rows.map((row) => row.length))].join(", ")}.`,
    );
  }
  rows.forEach((row, i) => checkAllFinite(`${where}: z[${i}]`, row));
  return rows;
}

function interpolate({ xs, ys, z }: Grid, x: number, y: number): number {
  const cell = (values: readonly number[], at: number): [number, number] => {
    const place =
      ((at - values[0]) / (values[values.length - 1] - values[0])) * (values.length - 1);
    const low = Math.max(0, Math.min(values.length - 2, Math.floor(place)));
    return [low, place - low];
  };
  const [j, u] = cell(xs, x);
  const [i, v] = cell(ys, y);
  const along = (row: Numbers) => (1 - u) * row[j] + u * row[j + 1];
  return (1 - v) * along(z[i]) + v * along(z[i + 1]);
}

type Lift = (x: number, y: number) => number;

function liftPoint(where: string, point: SurfacePoint, lift: Lift): Required<SurfacePoint> {
  checkFinite(`${where}: x`, point.x);
  checkFinite(`${where}: y`, point.y);
  const z = point.z ?? lift(point.x, point.y);
  checkFinite(`${where}: z`, z);
  return { ...point, z };
}

interface Path {
  x: Numbers;
  y: Numbers;
  z: Numbers;
  label: string;
}

function liftPath(where: string, path: NonNullable<SurfaceOptions["path"]>, lift: Lift): Path {
  checkSameLength(where, { x: path.x, y: path.y, ...(path.z && { z: path.z }) });
  const z = path.z ?? Array.from(path.x, (x, i) => lift(x, path.y[i]));
  for (const [name, values] of Object.entries({ x: path.x, y: path.y, z })) {
    checkAllFinite(`${where}: ${name}`, values);
  }
  return { ...path, z };
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

/** How far marks are held above the surface, so that it does not swallow half of them. */
function clearance({ z }: Grid): number {
  const all = z.flatMap((row) => Array.from(row));
  return 0.015 * (Math.max(...all) - Math.min(...all));
}

function markTraces(
  points: readonly Required<SurfacePoint>[],
  path: Path | undefined,
  above: number,
): Json[] {
  const traces: Json[] = [];
  if (path !== undefined) {
    traces.push({
      ...{ type: "scatter3d", mode: "lines+markers", name: path.label, showlegend: false },
      x: Array.from(path.x, stored),
      y: Array.from(path.y, stored),
      z: Array.from(path.z, (z) => stored(z + above)),
      line: { color: markColour, width: 6 },
      marker: { color: markColour, size: 3 },
      hovertemplate: `${escapeXml(path.label)}<extra></extra>`,
    });
  }
  if (points.length > 0) {
    traces.push({
      ...{ type: "scatter3d", mode: "markers+text", name: "", showlegend: false },
      x: points.map((point) => stored(point.x)),
      y: points.map((point) => stored(point.y)),
      z: points.map((point) => stored(point.z + above)),
      text: points.map((point) => escapeXml(point.label)),
      textposition: "top center",
      textfont: { color: markColour, size: 14 },
      marker: { color: markColour, size: 6, line: { color: "#ffffff", width: 1 } },
      hovertemplate: points.map(
        ({ label, z }) => `${escapeXml(label)}<br>z ${shortNumber(z)}<extra></extra>`,
      ),
    });
  }
  return traces;
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
