/**
 * From a place in compiled JavaScript back to the student's text. Every cell is compiled under a file
 * name of its own; its source maps are read when an error first points there.
 */
import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, relative, sep } from "node:path";
import { packageFolders, tslabFolder } from "./typescript";

/** A place in a cell; line and column count from 1. */
export interface Place {
  readonly label: string;
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

interface Source {
  readonly label: string;
  readonly text: string;
  readonly maps: (SourceMap | string)[];
}

const callDepth = 50;

export class Sources {
  private readonly sources = new Map<string, Source>();

  /** Remembers a text under the name with which its JavaScript is run. */
  add(label: string, text: string, maps: readonly string[]): void {
    this.sources.set(label, { label, text, maps: [...maps] });
  }

  /** The place a line of a stack trace names, when it lies in a cell. */
  locate(frame: string): Place | undefined {
    const [, label, line, column] = /((?:silent )?cell \d+):(\d+):(\d+)\)?$/.exec(frame) ?? [];
    const source = this.sources.get(label ?? "");
    if (!source) return undefined;
    return { label: source.label, text: source.text, line: Number(line), column: Number(column) };
  }

  /** Makes every `error.stack` of this process speak of cells instead of compiled JavaScript. */
  install(): void {
    Error.stackTraceLimit = callDepth;
    Error.prepareStackTrace = (error, calls) => {
      const frames = calls.map((call) => this.frame(call)).filter((frame) => frame !== undefined);
      return [headline(error), ...frames.map((frame) => `    at ${frame}`)].join("\n");
    };
  }

  private frame(call: NodeJS.CallSite): string | undefined {
    const file = call.getFileName() ?? call.getEvalOrigin() ?? "";
    const text = `${call as unknown as string}`; // as V8 would write it
    const line = call.getLineNumber() ?? 1;
    const column = call.getColumnNumber() ?? 1;
    const source = this.sources.get(file);
    if (source) {
      const place = this.lookUp(source, line, column);
      const where = `${source.label}:${place.line}:${place.column}`;
      // an earlier cell's function is called as a property of the shared scope
      return text
        .replace(`${file}:${line}:${column}`, where)
        .replace(/^(async |new )?Object\./, "$1");
    }
    return isHidden(file) ? undefined : text.replace(file, shorten(file));
  }

  private lookUp(source: Source, line: number, column: number): { line: number; column: number } {
    let place = { line, column };
    source.maps.forEach((map, index) => {
      const parsed = typeof map === "string" ? parse(map) : map;
      source.maps[index] = parsed;
      const entry = parsed.findEntry(place.line - 1, place.column - 1);
      if ("originalLine" in entry)
        place = { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
    });
    // tslab puts "export {};" on a line of its own above the cell
    return source.maps.length > 1
      ? { line: Math.max(1, place.line - 1), column: place.column }
      : place;
  }
}

function parse(map: string): SourceMap {
  return new SourceMap(JSON.parse(map) as SourceMapPayload);
}

function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error"; // its name or message is a getter that throws
  }
}

/** Frames of the kernel, of tslab and of Node itself say nothing to a student. */
function isHidden(file: string): boolean {
  return (
    file === "" ||
    file.startsWith("node:") ||
    file.startsWith(__dirname + sep) ||
    file.startsWith(tslabFolder + sep)
  );
}

/** Files of the library are named from "rlhf" on, files of packages from their package. */
function shorten(file: string): string {
  const library = dirname(__dirname);
  const slashed = (folder: string): string => relative(folder, file).split(sep).join("/");
  if (file.startsWith(library + sep)) return `rlhf/${slashed(library)}`;
  const folder = packageFolders.find((each) => file.startsWith(each + sep));
  return folder ? slashed(folder) : file;
}
