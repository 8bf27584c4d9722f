/**
 * Errors as a student should see them: the name and the message, the line of the cell with its text,
 * then the calls that led there, without the kernel's own.
 */
import { inspect } from "node:util";
import type { Mistake } from "./compiler";
import type { Sources } from "./sources";

/** The content of Jupyter's `error` message. */
export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

const maxFrames = 12;
const maxCauses = 3;
const maxMistakes = 10;

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;
const grey = (text: string): string => `\u001b[90m${text}\u001b[39m`;

/** A thrown value, as it came out of a cell. */
export function reportThrown(thrown: unknown, sources: Sources): ErrorReport {
  if (!isError(thrown)) {
    const evalue = `${inspect(thrown)} was thrown. Throw an Error to see where: throw new Error("…")`;
    return { ename: "Thrown", evalue, traceback: [`${red("Thrown")}: ${evalue}`] };
  }
  const ename = String(thrown.name || "Error");
  return { ename, evalue: String(thrown.message), traceback: describe(thrown, sources, 0) };
}

function isError(value: unknown): value is Error {
  return typeof value === "object" && value !== null && "message" in value && "stack" in value;
}

function describe(error: Error, sources: Sources, depth: number): string[] {
  const lines = [`${red(String(error.name || "Error"))}: ${error.message}`];
  const frames = stackFrames(error);
  const inCell = frames.map((frame) => sources.locate(frame)).find((place) => place !== undefined);
  if (inCell) lines.push(...quote(inCell.text, inCell.line, inCell.column, 1));
  const distinct = frames.filter((frame, index) => frame !== frames[index - 1]);
  lines.push(...distinct.slice(0, maxFrames).map((frame) => grey(frame)));
  if (distinct.length > maxFrames) lines.push(grey(`    … ${distinct.length - maxFrames} more`));
  if (isError(error.cause) && depth < maxCauses)
    lines.push("", "Caused by", ...describe(error.cause, sources, depth + 1));
  return lines;
}

function stackFrames(error: Error): string[] {
  const stack = String(error.stack);
  return stack.split("\n").filter((line) => /^\s+at /.test(line));
}

/** Mistakes that TypeScript found before the cell ran. */
export function reportMistakes(all: readonly Mistake[], text: string): ErrorReport {
  const syntax = all.filter(isSyntax);
  const mistakes = syntax.length > 0 ? syntax : all; // a half-read cell makes further "mistakes"
  const first = mistakes[0];
  if (!first) throw new Error("A report needs at least one mistake.");
  const ename = isSyntax(first) ? "SyntaxError" : "TypeScriptError";
  const lines = mistakes.slice(0, maxMistakes).flatMap((each) => explain(each, text));
  if (mistakes.length > maxMistakes) lines.push(`… and ${mistakes.length - maxMistakes} more.`);
  const where = `${first.file ? `${first.file}, ` : ""}line ${first.line}, column ${first.column}`;
  return { ename, evalue: `${where}: ${first.message}${advice(first)}`, traceback: lines };
}

/** TS1xxx are the parser's. */
function isSyntax(mistake: Mistake): boolean {
  return mistake.code >= 1000 && mistake.code < 2000;
}

function explain(mistake: Mistake, text: string): string[] {
  const { line, column, length, file } = mistake;
  const ename = isSyntax(mistake) ? "SyntaxError" : "TypeScriptError";
  const where = `${file ? `${file}, ` : ""}line ${line}, column ${column}`;
  const code = grey(`(TS${mistake.code})`);
  const head = `${red(ename)}: ${where}: ${mistake.message} ${code}${advice(mistake)}`;
  return file ? [head] : [head, ...quote(text, line, column, length)];
}

function advice({ code, message }: Mistake): string {
  if (code === 2307)
    return "\n  Is the name right? If the package is missing, install it (npm install …) and run the cell again.";
  if (code === 2323 || code === 2484)
    return "\n  A cell shares its variables with later cells by itself: leave out the word export.";
  if (code === 2304 && /'(prompt|alert|document|window)'/.test(message))
    return "\n  A notebook's code runs in Node, not in the page.";
  return "";
}

/** The line with its neighbours above, and a mark under the place. */
function quote(text: string, line: number, column: number, length: number): string[] {
  const lines = text.split("\n");
  const width = String(line).length;
  const number = (n: number): string => String(n).padStart(width);
  const above = lines
    .slice(Math.max(0, line - 3), line - 1)
    .map((each, index, all) => grey(`    ${number(line - all.length + index)} | ${each}`));
  const current = `${red("  >")} ${bold(`${number(line)} | ${lines[line - 1] ?? ""}`)}`;
  const mark = `    ${" ".repeat(width)} | ${" ".repeat(column - 1)}${red("^".repeat(length))}`;
  return [...above, current, mark];
}
