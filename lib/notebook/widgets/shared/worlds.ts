/** The environments on a canvas. */
import type { ClipPicture, WorldName } from "../../widgetPictures";
import { drawFrame, placing, type Surface } from "../../worldDrawing";

/**
 * Draws frame number t of a clip.
 *
 * @param credit for each frame how much it was praised (above 0) or blamed; shown along the trail
 */
export function drawWorld(
  canvas: HTMLCanvasElement,
  clip: ClipPicture,
  t: number,
  credit: readonly number[] = [],
): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const density = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * density);
  const height = Math.round(canvas.clientHeight * density);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  context.clearRect(0, 0, width, height);
  drawFrame(surfaceOf(context, width, height), clip, t, credit);
}

/** A frame on the way from one to the next: what moves by small steps glides, the rest jumps at the end. */
export function between(
  world: WorldName,
  from: readonly number[],
  to: readonly number[],
  share: number,
): readonly number[] {
  const moving = gliding[world] ?? 0;
  return to.map((x, i) => {
    const before = from[i] ?? x;
    if (i < moving) return before + share * (x - before);
    return share < 1 && moving > 0 ? before : x;
  });
}

/** How many coordinates, from the first, glide; angles and targets do not. */
const gliding: Partial<Record<WorldName, number>> = { MountainCar: 1, Dot: 2, Target: 2, Grid: 2 };

/** The place in the world under a point of the canvas (CSS pixels from its upper left). */
export function placeIn(
  canvas: HTMLCanvasElement,
  world: WorldName,
  size: readonly [number, number],
  x: number,
  y: number,
): [number, number] {
  const shown = { width: canvas.clientWidth, height: canvas.clientHeight };
  const { scale, left, bottom } = placing(shown, world, size);
  return [(x - left) / scale, (bottom - y) / scale];
}

function surfaceOf(context: CanvasRenderingContext2D, width: number, height: number): Surface {
  context.lineCap = context.lineJoin = "round";
  return {
    width,
    height,
    line(points, colour, thickness) {
      context.beginPath();
      for (const [x, y] of points) context.lineTo(x, y);
      context.strokeStyle = colour;
      context.lineWidth = thickness;
      context.stroke();
    },
    disc(x, y, radius, colour) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = colour;
      context.fill();
    },
    box(x, y, boxWidth, boxHeight, colour) {
      context.fillStyle = colour;
      context.fillRect(x, y, boxWidth, boxHeight);
    },
  };
}
