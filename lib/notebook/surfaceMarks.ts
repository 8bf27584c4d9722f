/** Points and walks on a surface, lifted onto it. */
import { checkAllFinite, checkFinite, checkSameLength } from "../core/checks";
import type { Numbers } from "./axes";
import type { Grid, SurfacePoint } from "./contour";
import { stored } from "./series";
import { shortNumber } from "./text";
import { palette } from "./theme";
import { escapeXml, type Json } from "./vega";

const markColour = palette[3];

/** The height of the surface at a place. */
export type Lift = (x: number, y: number) => number;

export function liftPoint(where: string, point: SurfacePoint, lift: Lift): Required<SurfacePoint> {
  checkFinite(`${where}: x`, point.x);
  checkFinite(`${where}: y`, point.y);
  const z = point.z ?? lift(point.x, point.y);
  checkFinite(`${where}: z`, z);
  return { ...point, z };
}

/** A walk over a surface: the steps of an optimiser. */
export interface GivenPath {
  x: Numbers;
  y: Numbers;
  /** Lifted onto the surface where it is not given. */
  z?: Numbers;
  label: string;
}

interface Path {
  x: Numbers;
  y: Numbers;
  z: Numbers;
  label: string;
}

export function liftPath(where: string, path: GivenPath, lift: Lift): Path {
  checkSameLength(where, { x: path.x, y: path.y, ...(path.z && { z: path.z }) });
  const z = path.z ?? Array.from(path.x, (x, i) => lift(x, path.y[i]));
  for (const [name, values] of Object.entries({ x: path.x, y: path.y, z })) {
    checkAllFinite(`${where}: ${name}`, values);
  }
  return { ...path, z };
}

/** How far marks are held above the surface, so that it does not swallow half of them. */
export function clearance({ z }: Grid): number {
  const all = z.flatMap((row) => Array.from(row));
  return 0.015 * (Math.max(...all) - Math.min(...all));
}

export function markTraces(
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
