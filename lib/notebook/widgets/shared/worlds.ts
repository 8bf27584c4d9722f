/** The environments as a canvas shows them, from the coordinates of a frame. */
import type { ClipPicture, WorldName } from "../../widgetPictures";

/** A pen on a canvas whose y points up: lengths in units of the world. */
interface Pen {
  line(points: readonly (readonly [number, number])[], colour: string, width: number): void;
  dot(x: number, y: number, radius: number, colour: string): void;
  box(x: number, y: number, width: number, height: number, colour: string): void;
}

const blue = "#4e8fd0";
const orange = "#e08b24";
const green = "#2f9e6e";
const grey = "#8a8f98";

/** Width and height of what is shown, and where the origin lies in it (from the lower left). */
const frames: Record<WorldName, readonly [number, number, number, number]> = {
  CartPole: [6, 4, 3, 1.2],
  MountainCar: [1.95, 1.3, 1.275, 0.05],
  Acrobot: [6, 4.6, 3, 2.3],
  Pendulum: [3.6, 2.6, 1.8, 1.3],
  Dot: [3, 2.2, 1.5, 1.1],
  Grid: [1, 1, 0, 0],
};

/** Draws frame number t of a clip. */
export function drawWorld(canvas: HTMLCanvasElement, clip: ClipPicture, t: number): void {
  const context = canvas.getContext("2d");
  const now = clip.frames[t];
  if (!context || !now) return;
  const density = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * density);
  const height = Math.round(canvas.clientHeight * density);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.clearRect(0, 0, width, height);
  const view = viewOf(clip.world, clip.size ?? [1, 1]);
  const pen = penOn(context, width, height, view);
  drawers[clip.world](pen, now, clip, clip.frames.slice(Math.max(0, t - 25), t + 1));
}

/** The place in the world under a point of the canvas (CSS pixels from its upper left). */
export function placeIn(
  canvas: HTMLCanvasElement,
  world: WorldName,
  size: readonly [number, number],
  left: number,
  top: number,
): [number, number] {
  const { clientWidth, clientHeight } = canvas;
  const [width, height, x, y] = viewOf(world, size);
  const scale = Math.min(clientWidth / width, clientHeight / height);
  const originX = (clientWidth - scale * width) / 2 + scale * x;
  const originY = clientHeight - (clientHeight - scale * height) / 2 - scale * y;
  return [(left - originX) / scale, (originY - top) / scale];
}

function viewOf(
  world: WorldName,
  size: readonly [number, number],
): readonly [number, number, number, number] {
  return world === "Grid" ? [size[1], size[0], 0, 0] : frames[world];
}

type Drawer = (
  pen: Pen,
  now: readonly number[],
  clip: ClipPicture,
  recent: readonly (readonly number[])[],
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
  Grid(pen, [row = 0, column = 0], { size: [rows, columns] = [1, 1], goal }) {
    const y = (r: number): number => rows - 1 - r;
    for (let i = 0; i <= rows; i++) pen.line([[0, i], [columns, i]], grey, 0.02); // prettier-ignore
    for (let i = 0; i <= columns; i++) pen.line([[i, 0], [i, rows]], grey, 0.02); // prettier-ignore
    if (goal) pen.box(goal[1] + 0.12, y(goal[0]) + 0.12, 0.76, 0.76, green);
    pen.dot(column + 0.5, y(row) + 0.5, 0.28, orange);
  },
};

function penOn(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  [worldWidth, worldHeight, originX, originY]: readonly [number, number, number, number],
): Pen {
  const scale = Math.min(width / worldWidth, height / worldHeight);
  const left = (width - scale * worldWidth) / 2 + scale * originX;
  const bottom = height - (height - scale * worldHeight) / 2 - scale * originY;
  const at = (x: number, y: number): [number, number] => [left + scale * x, bottom - scale * y];
  context.lineCap = context.lineJoin = "round";
  return {
    line(points, colour, thickness) {
      context.beginPath();
      for (const [x, y] of points) context.lineTo(...at(x, y));
      context.strokeStyle = colour;
      context.lineWidth = Math.max(1, scale * thickness);
      context.stroke();
    },
    dot(x, y, radius, colour) {
      context.beginPath();
      context.arc(...at(x, y), scale * radius, 0, 2 * Math.PI);
      context.fillStyle = colour;
      context.fill();
    },
    box(x, y, boxWidth, boxHeight, colour) {
      context.fillStyle = colour;
      context.fillRect(...at(x, y + boxHeight), scale * boxWidth, scale * boxHeight);
    },
  };
}
