/** A walk through a gridworld that plays in the page. */
import { checkInteger, checkNotEmpty, checkRange } from "../core/checks";
import { Chart, checkOptions, describe, frame, type ChartOptions } from "./chart";
import { displayHook, type Bundle } from "./frontEnd";
import { fontFamily, middleInk, palette } from "./theme";
import { escapeXml } from "./vega";

export interface GridWalkOptions extends ChartOptions {
  rows: number;
  columns: number;
  /** The goal's state. */
  goal?: number;
  /** How fast it plays; 8. */
  stepsPerSecond?: number;
}

const cell = 26; // pixels

/** An animated drawing; made by {@link gridWalk}. */
export class GridWalk extends Chart {
  constructor(
    title: string,
    description: string,
    private readonly drawing: string,
  ) {
    super(title, description);
  }

  override svg(): string {
    return this.drawing;
  }

  override [displayHook](): Bundle {
    return { data: { "text/html": this.drawing, "text/plain": this.description } };
  }
}

/**
 * Plays a walk over and over, with a line through all of it. States are numbered as `Gridworld`
 * numbers them.
 *
 *     gridWalk(states, { title: "The first 60 steps", rows: 10, columns: 10, goal: world.goal })
 *
 * @param states [T] where it is after each step, the start first
 * @throws RangeError when a state lies outside the grid
 */
export function gridWalk(states: readonly number[], options: GridWalkOptions): GridWalk {
  const where = "gridWalk";
  const { rows, columns, goal, stepsPerSecond = 8, title, caption } = options;
  frame(where, options);
  checkOptions(where, options, ["rows", "columns", "goal", "stepsPerSecond"]);
  checkNotEmpty(`${where}: states`, states, 2);
  checkRange(`${where}: stepsPerSecond`, stepsPerSecond, 0.5, 60);
  checkInteger(`${where}: rows`, rows, 1, 100);
  checkInteger(`${where}: columns`, columns, 1, 100);
  states.forEach((s, t) => checkInteger(`${where}: states[${t}]`, s, 0, rows * columns - 1));
  if (goal !== undefined) checkInteger(`${where}: goal`, goal, 0, rows * columns - 1);
  const seen = new Set(states).size;
  const description = describe(
    `A walk of ${states.length - 1} steps through a grid of ${rows} by ${columns}: ${title}`,
    `It visits ${seen} cells${states.includes(goal ?? -1) ? " and reaches the goal" : ""}`,
    caption,
  );
  const xs = states.map((s) => cell * ((s % columns) + 0.5));
  const ys = states.map((s) => cell * (Math.floor(s / columns) + 0.5));
  const seconds = (states.length - 1) / stepsPerSecond;
  const parts = [
    ruled(rows, columns),
    goal === undefined ? "" : goalSquare(goal, columns),
    trail(xs, ys),
    walker(xs, ys, seconds),
  ];
  return new GridWalk(title, description, drawn(parts.join(""), options, description));
}

function drawn(inside: string, { rows, columns, title, caption }: GridWalkOptions, alt: string) {
  const [width, height] = [cell * columns + 2, cell * rows + 2];
  const heading = `<div style="font:600 15px ${fontFamily};margin:6px 0 2px">${escapeXml(title)}</div>`;
  const words = `<div style="font:12px/16px ${fontFamily};max-width:560px;margin-bottom:8px">`;
  return (
    `<figure style="margin:0">${heading}${words}${escapeXml(caption ?? "")}</div>` +
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escapeXml(alt)}" ` +
    `width="${width}" height="${height}" viewBox="-1 -1 ${width} ${height}">${inside}</svg></figure>`
  );
}

function ruled(rows: number, columns: number): string {
  const [width, height] = [cell * columns, cell * rows];
  const across = Array.from({ length: rows + 1 }, (_, i) => `M0 ${cell * i}H${width}`);
  const down = Array.from({ length: columns + 1 }, (_, i) => `M${cell * i} 0V${height}`);
  return `<path d="${[...across, ...down].join("")}" stroke="${middleInk}" stroke-opacity="0.45" fill="none"/>`;
}

function goalSquare(goal: number, columns: number): string {
  const [x, y] = [goal % columns, Math.floor(goal / columns)].map((i) => cell * i + 4);
  const side = cell - 8;
  return `<rect x="${x}" y="${y}" width="${side}" height="${side}" rx="3" fill="${palette[2]}"/>`;
}

function trail(xs: readonly number[], ys: readonly number[]): string {
  const points = xs.map((x, t) => `${x},${ys[t]}`).join(" ");
  return (
    `<polyline points="${points}" fill="none" stroke="${palette[0]}" stroke-width="3" ` +
    `stroke-opacity="0.35" stroke-linejoin="round" stroke-linecap="round"/>`
  );
}

function walker(xs: readonly number[], ys: readonly number[], seconds: number): string {
  const move = (name: string, values: readonly number[]): string =>
    `<animate attributeName="${name}" values="${values.join(";")}" dur="${seconds}s" repeatCount="indefinite"/>`;
  return (
    `<circle cx="${xs[xs.length - 1]}" cy="${ys[ys.length - 1]}" r="8" fill="${palette[1]}">` +
    `${move("cx", xs)}${move("cy", ys)}</circle>`
  );
}
