/** Shows a chart, a table or a text: in the notebook, or outside one in a file. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describeValue } from "../core/checks";
import { plotlyMime, plotlyPage, type Figure } from "./figure";
import { displayHook, frontEnd, isDisplayable, type Bundle, type Displayable } from "./frontEnd";

/**
 * Draws under the cell. The last expression of a cell is drawn without it.
 *
 * Outside a notebook the picture is written to the folder `.rlhf/charts` (or the one that the
 * environment variable RLHF_CHARTS names), and a line on stderr says where.
 *
 * @throws TypeError when the value is no chart, table or text of this library
 */
export function show(thing: Displayable): void {
  if (!isDisplayable(thing)) {
    throw new TypeError(
      `show takes a chart, a table or a text of this library, got ${describeValue(thing)}. ` +
        `Other values are printed with console.log.`,
    );
  }
  const page = frontEnd();
  const { data, metadata } = thing[displayHook]();
  if (page === undefined) writeStill({ data });
  else page.display(data, metadata);
}

/** Text in Markdown, with formulas between dollar signs. */
export class MarkdownText implements Displayable {
  constructor(readonly text: string) {}

  [displayHook](): Bundle {
    return { data: { "text/markdown": this.text, "text/plain": this.text } };
  }
}

/** Shows Markdown that the cell has put together; outside a notebook it is printed. */
export function showMarkdown(text: string): void {
  if (typeof text !== "string") {
    throw new TypeError(`showMarkdown takes a text, got ${describeValue(text)}.`);
  }
  if (frontEnd() === undefined) console.log(text);
  else show(new MarkdownText(text));
}

let written = 0;

/**
 * Writes a bundle to a file: what turns as a page, anything else as its still.
 *
 * @returns the file's path
 */
export function writeStill({ data }: Pick<Bundle, "data">): string {
  const folder = process.env["RLHF_CHARTS"] ?? join(process.cwd(), ".rlhf", "charts");
  const [content, ending] = fileContent(data);
  const [plain = ""] = textOf(data, "text/plain").split(/[.\n]/);
  written += 1;
  const number = String(written).padStart(2, "0");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${number}-${slug(plain)}.${ending}`);
  writeFileSync(path, content);
  process.stderr.write(`Written to ${relative(process.cwd(), path) || path}\n`);
  return path;
}

function fileContent(data: Bundle["data"]): [content: string, ending: string] {
  if (plotlyMime in data) return [plotlyPage(data[plotlyMime] as Figure), "html"];
  for (const [mime, ending] of Object.entries(endings)) {
    if (mime in data) return [textOf(data, mime), ending];
  }
  return [textOf(data, "text/plain"), "txt"];
}

const endings = { "image/svg+xml": "svg", "text/html": "html", "text/markdown": "md" };

function textOf(data: Bundle["data"], mime: string): string {
  const text = data[mime];
  return typeof text === "string" ? text : "";
}

function slug(text: string): string {
  const words = text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-");
  return words.replace(/^-|-$/g, "").slice(0, 48).replace(/-$/, "") || "output";
}
