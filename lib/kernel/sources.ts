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

/** A text whose JavaScript runs under the name `file`. */
export interface Source {
  readonly file: string;
  /** How a stack trace calls it: "cell 3", "helper.ts". */
  readonly label: string;
  readonly text: string;
  /** Source maps in the order of looking up. */
  readonly maps: readonly string[];
  /** Lines that tslab puts above the text. */
  readonly linesAbove: number;
}

const callDepth = 50;

export class Sources {
  private readonly sources = new Map<string, Source>();
  private readonly labels = new Map<string, Source>();
  private readonly parsed = new Map<string, SourceMap>();

  add(source: Source): void {
    this.sources.set(source.file, source);
    this.labels.set(source.label, source);
  }

  /** The place a line of a stack trace names, when it lies in a cell or a module beside it. */
  locate(frame: string): Place | undefined {
    const [, label, line, column] = /(?:\(|at |async )([^(]+):(\d+):(\d+)\)?$/.exec(frame) ?? [];
    const source = this.labels.get(label?.replace(/^(?:at |async )+/, "") ?? "");
    return (
      source && {
        label: source.label,
        text: source.text,
        line: Number(line),
        column: Number(column),
      }
    );
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
      if (place.line > source.text.split("\n").length) return undefined; // added by the kernel
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
    source.maps.forEach((map) => {
      const entry = this.parse(map).findEntry(place.line - 1, place.column - 1);
      if ("originalLine" in entry)
        place = { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
    });
    return { line: Math.max(1, place.line - source.linesAbove), column: place.column };
  }

  private parse(map: string): SourceMap {
    const parsed = this.parsed.get(map) ?? new SourceMap(JSON.parse(map) as SourceMapPayload);
    this.parsed.set(map, parsed);
    return parsed;
  }
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
