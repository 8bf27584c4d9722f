/** Pictures of items for readers without a kernel: an SVG that stands inside an image. */
import { escapeHtml } from "./text";
import { outcomeColours, type ClipPicture, type Outcome, type Picture } from "./widgetPictures";
import { drawFrame, type Surface } from "./worldDrawing";

const ink = "#2b2f36";
const paper = "#f4f5f7"; // its own, so that the ink is legible in a dark notebook too
const below = "#c8672a";
const above = "#4e8fd0";
const font = "font-family='system-ui, sans-serif' font-size='13'";

/**
 * The picture as the source of an image, which no notebook strips and in which no script runs.
 *
 * @returns a data URL; undefined for a text or a transcript, whose words say all
 */
export function pictureUrl(picture: Picture): string | undefined {
  const drawn = pictureSvg(picture);
  return drawn && `data:image/svg+xml;base64,${Buffer.from(drawn).toString("base64")}`;
}

function pictureSvg(picture: Picture): string | undefined {
  switch (picture.kind) {
    case "clip":
      return lastFrame(picture);
    case "bars":
      return barsSvg(picture.bars);
    case "lottery":
      return lotterySvg(picture.outcomes);
    default:
      return undefined;
  }
}

/** A clip as it stands at its end. */
function lastFrame(clip: ClipPicture): string {
  const [width, height] = [300, 200];
  const parts: string[] = [];
  const surface: Surface = {
    width,
    height,
    line: (points, colour, thickness) => {
      const places = points.map(([x, y]) => `${short(x)},${short(y)}`).join(" ");
      const stroke = `stroke="${colour}" stroke-width="${short(thickness)}"`;
      parts.push(`<polyline points="${places}" ${stroke} ${round}/>`);
    },
    disc: (x, y, radius, colour) => {
      const place = `cx="${short(x)}" cy="${short(y)}" r="${short(radius)}"`;
      parts.push(`<circle ${place} fill="${colour}"/>`);
    },
    box: (x, y, wide, high, colour) => parts.push(box(x, y, wide, high, colour)),
  };
  drawFrame(surface, clip, clip.frames.length - 1);
  return svg(width, height, parts);
}

const round = `fill="none" stroke-linecap="round" stroke-linejoin="round"`;

function barsSvg(bars: readonly { label: string; value: number }[]): string {
  const largest = Math.max(...bars.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  const parts = bars.flatMap(({ label, value }, i) => {
    const y = 12 + 24 * i;
    const length = Math.max(1, (130 * Math.abs(value)) / largest);
    const bar = box(90, y, length, 14, value < 0 ? below : above);
    return [words(label, 82, y + 12, "end"), bar, words(String(value), 96 + length, y + 12)];
  });
  return svg(300, 14 + 24 * bars.length, parts);
}

function lotterySvg(outcomes: readonly Outcome[]): string {
  let left = 12;
  const parts = outcomes.flatMap(({ probability, prize }, i) => {
    const colour = outcomeColours[i % outcomeColours.length];
    const share = box(left, 12, 276 * probability, 30, colour);
    left += 276 * probability;
    const y = 54 + 20 * i;
    const percent = `${Number((100 * probability).toFixed(1))} %`;
    return [share, box(12, y, 12, 12, colour), words(`${percent}  ${prize}`, 32, y + 11)];
  });
  return svg(300, 60 + 20 * outcomes.length, parts);
}

function svg(width: number, height: number, parts: readonly string[]): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const ground = `<rect width="${width}" height="${height}" rx="6" fill="${paper}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${ground}${parts.join("")}</svg>`;
}

function box(x: number, y: number, width: number, height: number, colour: string): string {
  const place = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
  return `<rect ${place} fill="${colour}"/>`;
}

function words(text: string, x: number, y: number, anchor: "start" | "end" = "start"): string {
  const place = `x="${short(x)}" y="${y}" text-anchor="${anchor}"`;
  return `<text ${place} ${font} fill="${ink}">${escapeHtml(text)}</text>`;
}

function short(x: number): string {
  return String(Math.round(10 * x) / 10);
}
