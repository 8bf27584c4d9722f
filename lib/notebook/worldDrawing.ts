/** The environments as pictures, from the coordinates of a frame: drawn in the page and in a still. */
import type { ClipPicture, WorldName } from "./widgetPictures";

/** What is drawn on, in pixels from its upper left: a canvas in the page, an SVG in a still. */
export interface Surface {
  readonly width: number;
  readonly height: number;
  line(points: readonly (readonly [number, number])[], colour: string, width: number): void;
  disc(x: number, y: number, radius: number, colour: string): void;
  box(x: number, y: number, width: number, height: number, colour: string): void;
}

/**
 * Draws frame number t of a clip.
 *
 * @param credit for each frame how much it was praised (above 0) or blamed; shown along the trail
 */
export function drawFrame(
  surface: Surface,
  clip: ClipPicture,
  t: number,
  credit: readonly number[] = [],
): void {
  const now = clip.frames[t];
  if (!now) return;
  const pen = penOn(surface, placing(surface, clip.world, clip.size ?? [1, 1]));
  const from = Math.max(0, t - 25);
  const recent = clip.frames.slice(from, t + 1);
  drawers[clip.world](pen, now, clip, recent, credit.slice(from, t + 1));
}

/** Where the world's origin lies on a surface, in pixels, and how many pixels its unit takes. */
export interface Placing {
  readonly scale: number;
  readonly left: number;
  readonly bottom: number;
}

/** How a world fits into a surface of this width and height. */
export function placing(
  { width, height }: Pick<Surface, "width" | "height">,
  world: WorldName,
  [rows, columns]: readonly [number, number],
): Placing {
  const [wide, high, x, y] = world === "Grid" ? [columns, rows, 0, 0] : frames[world];
  const scale = Math.min(width / wide, height / high);
  const left = (width - scale * wide) / 2 + scale * x;
  return { scale, left, bottom: height - (height - scale * high) / 2 - scale * y };
}

const blue = "#4e8fd0";
const orange = "#e08b24";
const green = "#2f9e6e";
const grey = "#8a8f98";
const praised = "#2f9e6e"; // as the frame that flashes when + or − is pressed
const blamed = "#c8672a";

/** Width and height of what is shown, and where the origin lies in it (from the lower left). */
const frames: Record<WorldName, readonly [number, number, number, number]> = {
  CartPole: [6, 4, 3, 1.2],
  MountainCar: [1.95, 1.3, 1.275, 0.05],
  Acrobot: [6, 4.6, 3, 2.3],
  Pendulum: [3.6, 2.6, 1.8, 1.3],
  Dot: [3, 2.2, 1.5, 1.1],
  Target: [2.3, 2.3, 1.15, 1.15],
  Grid: [1, 1, 0, 0],
};

/** Draws in units of the world; y points up. */
interface Pen {
  line(points: readonly (readonly [number, number])[], colour: string, width: number): void;
  dot(x: number, y: number, radius: number, colour: string): void;
  box(x: number, y: number, width: number, height: number, colour: string): void;
}

function penOn(surface: Surface, { scale, left, bottom }: Placing): Pen {
  const at = (x: number, y: number): [number, number] => [left + scale * x, bottom - scale * y];
  return {
    line: (points, colour, thickness) => {
      const width = Math.max(1, scale * thickness);
      surface.line(points.map(([x, y]) => at(x, y)), colour, width); // prettier-ignore
    },
    dot: (x, y, radius, colour) => surface.disc(...at(x, y), scale * radius, colour),
    box: (x, y, width, height, colour) => {
      surface.box(...at(x, y + height), scale * width, scale * height, colour);
    },
  };
}

type Drawer = (
  pen: Pen,
  now: readonly number[],
  clip: ClipPicture,
  recent: readonly (readonly number[])[],
  credit: readonly number[],
) => void;

const drawers: Record<WorldName, Drawer> = {
  CartPole(pen, [x = 0, angle = 0]) {
    pen.line([[-3, 0], [3, 0]], grey, 0.04); // prettier-ignore
    pen.box(x - 0.45, 0.02, 0.9, 0.42, blue);
    const tip = [x + 2 * Math.sin(angle), 0.44 + 2 * Math.cos(angle)] as const;
    pen.line([[x, 0.44], tip], orange, 0.14);
    pen.dot(x, 0.44, 0.1, grey);
  },
  MountainCar(pen, [x = 0]) {
    const height = (at: number): number => 0.45 * Math.sin(3 * at) + 0.55;
    const hill = Array.from({ length: 60 }, (_, i) => -1.25 + (1.9 * i) / 59);
    pen.line(hill.map((at) => [at, height(at)] as const), grey, 0.012); // prettier-ignore
    pen.line([[0.5, height(0.5)], [0.5, height(0.5) + 0.18]], green, 0.012); // prettier-ignore
    pen.box(0.5, height(0.5) + 0.1, 0.09, 0.08, green);
    pen.dot(x, height(x) + 0.04, 0.045, orange);
  },
  Acrobot(pen, [first = 0, second = 0]) {
    const elbow = [Math.sin(first), -Math.cos(first)] as const;
    const hand = [
      elbow[0] + Math.sin(first + second),
      elbow[1] - Math.cos(first + second),
    ] as const;
    pen.line([[-3, 1], [3, 1]], green, 0.03); // prettier-ignore
    pen.line([[0, 0], elbow], blue, 0.16);
    pen.line([elbow, hand], orange, 0.16);
    pen.dot(0, 0, 0.1, grey);
    pen.dot(elbow[0], elbow[1], 0.1, grey);
  },
  Pendulum(pen, [angle = 0]) {
    pen.line([[0, 0], [-Math.sin(angle), Math.cos(angle)]], orange, 0.13); // prettier-ignore
    pen.dot(0, 0, 0.07, grey);
  },
  Dot(pen, now, { goal }, recent) {
    if (goal) pen.dot(goal[0], goal[1], 0.09, green);
    pen.line(recent.map(([x = 0, y = 0]) => [x, y] as const), blue, 0.02); // prettier-ignore
    pen.dot(now[0] ?? 0, now[1] ?? 0, 0.07, orange);
  },
  Target(pen, [x = 0, y = 0, targetX = 0, targetY = 0], _, recent, credit) {
    const corners = [[-1.1, -1.1], [1.1, -1.1], [1.1, 1.1], [-1.1, 1.1], [-1.1, -1.1]] as const; // prettier-ignore
    pen.line(corners, grey, 0.01);
    pen.dot(targetX, targetY, 0.1, green);
    for (let t = 1; t < recent.length; t++) {
      const ends = [recent[t - 1], recent[t]].map(([left = 0, up = 0] = []) => [left, up] as const);
      const given = credit[t] ?? 0;
      if (given === 0) pen.line(ends, grey, 0.012);
      else pen.line(ends, given > 0 ? praised : blamed, 0.02 + 0.05 * Math.min(1, Math.abs(given)));
    }
    pen.dot(x, y, 0.075, blue);
  },
  Grid(pen, [row = 0, column = 0], { size: [rows, columns] = [1, 1], goal }) {
    const y = (r: number): number => rows - 1 - r;
    for (let i = 0; i <= rows; i++) pen.line([[0, i], [columns, i]], grey, 0.02); // prettier-ignore
    for (let i = 0; i <= columns; i++) pen.line([[i, 0], [i, rows]], grey, 0.02); // prettier-ignore
    if (goal) pen.box(goal[1] + 0.12, y(goal[0]) + 0.12, 0.76, 0.76, green);
    pen.dot(column + 0.5, y(row) + 0.5, 0.28, orange);
  },
};
