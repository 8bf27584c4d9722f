/** The grid under a surface: read, checked, and looked up between its points. */
import {
  checkAllFinite,
  checkFinite,
  checkInteger,
  checkNotEmpty,
  ShapeError,
} from "../core/checks";
import type { Numbers } from "./axes";
import type { Grid } from "./contour";
import { shortNumber } from "./text";

/** Evenly spaced values along one side of a surface. */
export type Side = Numbers | { from: number; to: number; steps?: number };

/** A surface's height: z[iy][ix], or a function of x and y. */
export type Heights = readonly Numbers[] | ((x: number, y: number) => number);

/**
 * Reads the grid.
 *
 * @throws ShapeError when the heights do not fit the sides, RangeError for NaN or uneven sides
 */
export function readGrid(where: string, z: Heights, xSide: Side, ySide: Side): Grid {
  const xs = readSide(`${where}: xs`, xSide);
  const ys = readSide(`${where}: ys`, ySide);
  return { xs, ys, z: readHeights(where, z, xs, ys) };
}

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
  z: Heights,
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

/** The height between the grid's points, linear in both directions. */
export function interpolate({ xs, ys, z }: Grid, x: number, y: number): number {
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
