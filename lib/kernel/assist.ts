/** Help while typing: completion, Shift-Tab and whether a piece of code is complete. */
import type { QuickInfo } from "@tslab/typescript-for-tslab";
import type * as TypeScript from "@tslab/typescript-for-tslab";
import type { Cells } from "./cells";
import { ts } from "./typescript";
import type { Content } from "./wire";

/** Jupyter counts Unicode characters, JavaScript UTF-16 units. */
function toUnits(text: string, characters: number): number {
  return [...text].slice(0, characters).join("").length;
}

function toCharacters(text: string, units: number): number {
  return [...text.slice(0, units)].length;
}

interface Question {
  readonly code: string;
  readonly position: number;
}

function question({ code, cursor_pos }: Content): Question {
  const text = typeof code === "string" ? code : "";
  const cursor = typeof cursor_pos === "number" ? cursor_pos : Infinity;
  return { code: text, position: toUnits(text, cursor) };
}

export function complete(cells: Cells, request: Content): Content {
  const { code, position } = question(request);
  const found = cells.compiler.use((converter) =>
    converter.complete(cells.declarations, code, position),
  );
  const start = toCharacters(code, found.start);
  const end = toCharacters(code, found.end);
  const kinds = new Map(found.original?.entries.map(({ name, kind }) => [name, kind]));
  const types = found.candidates.map((text) => ({ start, end, text, type: kinds.get(text) ?? "" }));
  return {
    status: "ok",
    matches: found.candidates,
    cursor_start: start,
    cursor_end: end,
    metadata: { _jupyter_types_experimental: types },
  };
}

/** What stands at the cursor; inside a call's parentheses, what is called. */
export function inspect(cells: Cells, request: Content): Content {
  const { code, position } = question(request);
  for (const place of [position, ...calleesAround(code, position)]) {
    const info = cells.compiler.use((converter) =>
      converter.inspect(cells.declarations, code, place),
    );
    if (info) return { status: "ok", found: true, data: describe(info), metadata: {} };
  }
  return { status: "ok", found: false, data: {}, metadata: {} };
}

/** Ends of the functions whose argument lists hold the position, innermost first. */
function calleesAround(code: string, position: number): number[] {
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, true);
  const ends: number[] = [];
  const visit = (node: TypeScript.Node): void => {
    if (position < node.pos || position > node.end) return;
    const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
    if (isCall && position > node.expression.end) ends.unshift(node.expression.end);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return ends;
}

function describe(info: QuickInfo): Record<string, string> {
  const signature = ts.displayPartsToString(info.displayParts);
  const documentation = ts.displayPartsToString(info.documentation);
  const tags = (info.tags ?? []).map(
    ({ name, text }) => `@${name} ${ts.displayPartsToString(text)}`,
  );
  const parts = [signature, documentation, tags.join("\n")].filter((part) => part !== "");
  return { "text/plain": parts.join("\n\n") };
}

/** Whether Enter in a console should run the code or go on to the next line. */
export function isComplete({ code }: Content): Content {
  const text = typeof code === "string" ? code : "";
  const mistake = firstSyntaxMistake(text);
  if (!mistake) return { status: "complete" };
  const atEnd = mistake.length === 0 && (mistake.start ?? 0) >= text.trimEnd().length;
  if (!atEnd || mistake.code === unterminatedString) return { status: "invalid" };
  return { status: "incomplete", indent: indentation(text) };
}

/** A quoted string cannot go on in the next line. */
const unterminatedString = 1002;

function firstSyntaxMistake(text: string): TypeScript.Diagnostic | undefined {
  type Parsed = { parseDiagnostics: TypeScript.Diagnostic[] };
  const file = ts.createSourceFile("cell.ts", text, ts.ScriptTarget.Latest);
  return (file as unknown as Parsed).parseDiagnostics[0];
}

/** As in the last line, one step deeper after an opening bracket. */
function indentation(text: string): string {
  const line = text.trimEnd().split("\n").at(-1) ?? "";
  const current = /^\s*/.exec(line)?.[0] ?? "";
  return /[{([]$/.test(line) ? `${current}  ` : current;
}
