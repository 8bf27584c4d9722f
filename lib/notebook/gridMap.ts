/** A gridworld as a map: a colour for each cell's value, an arrow for the best actions there. */
import { checkAllFinite, checkInteger, checkLength } from "../core/checks";
import { axisDetails, axisTitle, type Axis, type Numbers } from "./axes";
import { checkOptions, describe, frame, VegaChart, type ChartOptions } from "./chart";
import { shortNumber } from "./text";
import { palette, sequential } from "./theme";
import type { Json } from "./vega";

export interface GridMapOptions extends ChartOptions {
  rows: number;
  columns: number;
  /** What the colours are. */
  value: Axis;
  /** [S] the actions to be shown in each cell: any of up (0), right (1), down (2), left (3). */
  actions?: readonly (readonly number[])[];
  /** The goal's state, drawn as a flag without colour or arrow. */
  goal?: number;
  /** First and last value of the colours; by default those that occur. */
  domain?: readonly [number, number];
}

/** By the sum of 2^action: one arrow for each set of directions. */
const arrows = "·↑→↗↓↕↘├←↖↔┴↙┤┬✢";

/**
 * Draws the values of a gridworld's states, as `Gridworld` numbers them: row·columns + column.
 *
 *     gridMap(values, { title: "V*", rows: 10, columns: 10, value: "V* (return)",
 *       actions: bestActions(actionValues), goal: world.goal })
 *
 * Two equally good directions are one slanting arrow.
 *
 * @param values [S] one for each state
 * @throws ShapeError when there are not rows·columns values
 */
export function gridMap(values: Numbers, options: GridMapOptions): VegaChart {
  const where = "gridMap";
  const { rows, columns, actions, goal, value } = options;
  checkInteger(`${where}: rows`, rows, 1, 100);
  checkInteger(`${where}: columns`, columns, 1, 100);
  const side = (cells: number) => Math.max(60, 24 * cells);
  const base = frame(where, { width: side(columns), height: side(rows), ...options });
  checkOptions(where, options, ["rows", "columns", "value", "actions", "goal", "domain"]);
  axisDetails(`${where}: value`, value);
  checkLength(`${where}: values`, values, rows * columns);
  checkAllFinite(`${where}: values`, values);
  if (actions !== undefined) checkLength(`${where}: actions`, actions, rows * columns);
  const coloured = Array.from(values).filter((_, s) => s !== goal); // nothing comes after the goal
  const domain = options.domain ?? [Math.min(...coloured), Math.max(...coloured)];
  const data = cellRows(values, options);
  const layer = [cells(domain, value, Number(base["width"])), flag, marks(domain, base, columns)];
  const description = describe(
    `Map of a grid of ${rows} by ${columns}: ${options.title}`,
    `Colour: ${axisTitle(value)}, from ${shortNumber(domain[0])} to ${shortNumber(domain[1])}`,
    options.caption,
  );
  return new VegaChart(options.title, description, { ...base, data: { values: data }, layer });
}

/** One row of data a cell. */
function cellRows(values: Numbers, { columns, actions, goal }: GridMapOptions): Json[] {
  return Array.from(values, (value, s) => ({
    row: Math.floor(s / columns),
    column: s % columns,
    value,
    arrow: s === goal ? "⚑" : arrowOf(actions?.[s] ?? []),
  }));
}

function arrowOf(actions: readonly number[]): string {
  if (actions.length === 0) return "";
  return arrows[actions.reduce((sum, a) => sum + 2 ** a, 0)] ?? "?";
}

const isGoal = "datum.arrow === '⚑'";

const place: Json = {
  x: { field: "column", type: "ordinal", axis: null, scale: { padding: 0 } },
  y: { field: "row", type: "ordinal", axis: null, scale: { padding: 0 } },
};

function cells(domain: readonly [number, number], value: Axis, width: number): Json {
  const { format } = axisDetails("gridMap: value", value);
  const legend = {
    title: axisTitle(value),
    orient: "bottom",
    gradientLength: width,
    gradientThickness: 10,
    tickCount: 4,
    ...(format && { format }),
  };
  const scale = { scheme: sequential, domain };
  return {
    transform: [{ filter: `!(${isGoal})` }],
    mark: { type: "rect", tooltip: true, aria: false },
    encoding: { ...place, color: { field: "value", type: "quantitative", scale, legend } },
  };
}

const flag: Json = {
  transform: [{ filter: isGoal }],
  mark: { type: "rect", color: palette[3], aria: false },
  encoding: place,
};

// dark arrows where viridis is light, light ones where it is dark
function marks([low, high]: readonly [number, number], base: Json, columns: number): Json {
  const test = `datum.value > ${low + 0.6 * (high - low)} && !(${isGoal})`;
  const fontSize = Math.round((0.66 * Number(base["width"])) / columns);
  return {
    mark: { type: "text", fontSize, aria: false },
    encoding: {
      ...place,
      text: { field: "arrow" },
      color: { condition: { test, value: "#111111" }, value: "#ffffff" },
    },
  };
}
