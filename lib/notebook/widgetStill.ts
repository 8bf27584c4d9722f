/** What a widget leaves for those who have no kernel: a small table in HTML without any script. */

import { pictureUrl } from "./pictureStill";
import { escapeHtml } from "./text";
import { pictureInWords, type Picture } from "./widgetPictures";

/** The parts of a still; all of it is shown as text, never as HTML. */
export interface StillText {
  readonly title: string;
  readonly lines: readonly string[];
  readonly columns?: readonly { heading: string; picture: Picture }[];
}

/** Shows nothing. */
export const emptyStill: Record<string, unknown> = { "text/html": "", "text/plain": "" };

/**
 * A still as a MIME bundle.
 *
 * @param name the element's class, by which a live widget hides its own still
 */
export function stillOf(
  { title, lines, columns = [] }: StillText,
  { note, name }: { note: string; name: string },
): Record<string, unknown> {
  const all = [...lines, ...(note === "" ? [] : [note])];
  const cells = columns.map(
    ({ heading, picture }) =>
      `<td style="text-align:left;vertical-align:top;white-space:pre-wrap;padding:8px 16px;border:1px solid #bdbdbd">` +
      `<b>${escapeHtml(heading)}</b><br>${pictureHtml(picture)}</td>`,
  );
  const table =
    cells.length === 0 ? "" : `<table><tbody><tr>${cells.join("")}</tr></tbody></table>`;
  const paragraphs = all.map((line) => `<p>${escapeHtml(line)}</p>`).join("");
  const words = [
    title,
    ...columns.map((c) => `${c.heading}: ${pictureInWords(c.picture)}`),
    ...all,
  ].join("\n");
  return {
    "text/html":
      `<div class="${name}"><p><b>${escapeHtml(title)}</b></p>` + `${table}${paragraphs}</div>`,
    "text/plain": words,
  };
}

/** An image with its words beside it for who cannot see it, or the words. */
function pictureHtml(picture: Picture): string {
  const text = escapeHtml(pictureInWords(picture));
  const url = pictureUrl(picture);
  return url === undefined ? text : `<img src="${url}" alt="${text}">`;
}
