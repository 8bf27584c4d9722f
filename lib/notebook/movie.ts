/** Clips of a world that play in the page, several beside one another on one clock. */
import { writeFileSync } from "node:fs";
import { checkNotEmpty } from "../core/checks";
import { Chart, checkOptions, describe, frame, type ChartOptions } from "./chart";
import { displayHook, type Bundle } from "./frontEnd";
import { escapeHtml } from "./text";
import { fontFamily, stillInk } from "./theme";
import type { ClipPicture } from "./widgetPictures";
import { drawFrame, type Surface } from "./worldDrawing";

const [panelWidth, panelHeight, label, gap] = [216, 144, 22, 10]; // pixels
const paper = "#f4f5f7"; // its own, so that it is the same in a dark notebook

/** Clips that play; made by {@link movie}. */
export class Movie extends Chart {
  constructor(
    private readonly options: ChartOptions,
    description: string,
    private readonly drawing: string,
  ) {
    super(options.title, description);
  }

  override svg(): string {
    return this.drawing;
  }

  /**
   * Writes the clips to a file that any browser plays, without a script and without a network.
   *
   * @param path ends in .svg
   */
  save(path: string): void {
    if (!path.endsWith(".svg")) {
      throw new RangeError(`movie.save: the file must end in .svg, got "${path}".`);
    }
    writeFileSync(path, this.drawing);
  }

  /** An image in HTML: it plays without a script, in a notebook that is not trusted too. */
  override [displayHook](): Bundle {
    const { title, caption } = this.options;
    const source = Buffer.from(this.drawing).toString("base64");
    const html =
      `<figure style="margin:0"><div style="font:600 15px ${fontFamily};margin:6px 0 2px">` +
      `${escapeHtml(title)}</div><div style="font:12px/16px ${fontFamily};max-width:660px;` +
      `margin-bottom:8px">${escapeHtml(caption ?? "")}</div>` +
      `<img alt="${escapeHtml(this.description)}" src="data:image/svg+xml;base64,${source}"></figure>`;
    return { data: { "text/html": html, "text/plain": this.description } };
  }
}

/**
 * Plays clips over and over, up to three in a row, all from the same start. One that is over earlier
 * keeps its last frame until the longest has ended.
 *
 *     movie({ "before": clip("CartPole", first), "after": clip("CartPole", last) }, { title: "A pole" })
 *
 * @param clips by the words that stand above each
 */
export function movie(clips: Record<string, ClipPicture>, options: ChartOptions): Movie {
  frame("movie", options);
  checkOptions("movie", options, []);
  const entries = Object.entries(clips);
  checkNotEmpty("movie: clips", entries);
  const lengths = entries.map(([, c]) => (c.frames.length + c.framesPerSecond) / c.framesPerSecond);
  const seconds = Math.max(...lengths); // a second to look at the end
  const [columns, rows] = [Math.min(3, entries.length), Math.ceil(entries.length / 3)];
  const [wide, high] = [panelWidth + gap, panelHeight + label + gap];
  const panels = entries.map(([name, clip], i) => {
    const place = `translate(${(i % 3) * wide} ${Math.floor(i / 3) * high})`;
    return `<g transform="${place}">${panel(name, clip, seconds)}</g>`;
  });
  const size = `width="${columns * wide - gap}" height="${rows * high - gap}"`;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${panels.join("")}</svg>`;
  const spoken = entries.map(([name, c]) => `${name}: ${c.frames.length} frames of ${c.world}`);
  return new Movie(
    options,
    describe(`Moving: ${options.title}`, ...spoken, options.caption),
    drawing,
  );
}

function panel(name: string, clip: ClipPicture, seconds: number): string {
  const words =
    `<rect width="${panelWidth}" height="${panelHeight + label}" rx="6" fill="${paper}"/>` +
    `<text x="10" y="16" font-family="${fontFamily}" font-size="12" font-weight="600" ` +
    `fill="${stillInk}">${escapeHtml(name)}</text>`;
  const frames = clip.frames.map((_, t) => shapesOf(clip, t));
  const count = Math.max(...frames.map((shapes) => shapes.length));
  const drawn = Array.from({ length: count }, (_, k) => {
    const last = frames[frames.length - 1][k] ?? frames[0][k];
    const moving = Object.keys(last?.place ?? {}).map((key) => {
      const values = frames.map((shapes) => shapes[k]?.place[key] ?? last.place[key]);
      return animation(key, values, clip.framesPerSecond, seconds);
    });
    return last === undefined ? "" : `<${last.tag} ${attributes(last)}>${moving.join("")}</${last.tag}>`; // prettier-ignore
  });
  return `${words}<g transform="translate(0 ${label})">${drawn.join("")}</g>`;
}

/** A drawn thing: what stays the same of it, and what may move. */
interface Shape {
  tag: string;
  look: string;
  place: Record<string, string>;
}

const attributes = ({ look, place }: Shape): string =>
  [look, ...Object.entries(place).map(([key, value]) => `${key}="${value}"`)].join(" ");

/** Nothing where nothing moves. */
function animation(key: string, values: string[], perSecond: number, seconds: number): string {
  if (values.every((value) => value === values[0])) return "";
  const times = values.map((_, t) => (t / perSecond / seconds).toFixed(4));
  return (
    `<animate attributeName="${key}" values="${values.join(";")}" keyTimes="${times.join(";")}" ` +
    `calcMode="discrete" dur="${seconds.toFixed(2)}s" repeatCount="indefinite"/>`
  );
}

/** One frame, as the shapes that it is drawn with. */
function shapesOf(clip: ClipPicture, t: number): Shape[] {
  const shapes: Shape[] = [];
  const surface: Surface = {
    width: panelWidth,
    height: panelHeight,
    line: (points, colour, width) => {
      const places = points.map(([x, y]) => `${short(x)},${short(y)}`).join(" ");
      const look = `fill="none" stroke="${colour}" stroke-width="${short(width)}" stroke-linecap="round" stroke-linejoin="round"`;
      shapes.push({ tag: "polyline", look, place: { points: places } });
    },
    disc: (x, y, radius, colour) => {
      const look = `r="${short(radius)}" fill="${colour}"`;
      shapes.push({ tag: "circle", look, place: { cx: short(x), cy: short(y) } });
    },
    box: (x, y, width, height, colour) => {
      const look = `width="${short(width)}" height="${short(height)}" fill="${colour}"`;
      shapes.push({ tag: "rect", look, place: { x: short(x), y: short(y) } });
    },
  };
  drawFrame(surface, clip, t);
  return shapes;
}

const short = (x: number): string => String(Math.round(10 * x) / 10);
