/** Compiles cells with tslab's converter: types are checked against all earlier cells. */
import type { Converter, ConvertResult, Diagnostic } from "tslab/dist/converter";
import { transpile, type Transpiled } from "./cellModule";
import { writeOutShorthand } from "./shorthand";
import { mendCompiler, noticeChangedFiles } from "./typescript";

/** "Cannot find module": the package may be installed a moment later. */
const moduleNotFound = 2307;

/** A module beside the notebook, ready to run. */
export interface CompiledModule extends Transpiled {
  readonly path: string;
}

/** A cell ready to run. */
export interface CompiledCell extends Transpiled {
  /** What later cells will know about this one, as TypeScript declarations. */
  readonly declarations: string;
  /** Modules beside the notebook that were compiled with it. */
  readonly modules: readonly CompiledModule[];
}

/** One mistake in the types or the syntax; line and column count from 1. */
export interface Mistake {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly code: number;
  readonly message: string;
  /** A module beside the notebook, or undefined for the cell. */
  readonly file: string | undefined;
}

export type Compilation =
  { readonly cell: CompiledCell } | { readonly mistakes: readonly Mistake[] };

export class Compiler {
  private converter: Converter | undefined;
  private transpiled = new Map<string, Transpiled>();
  private importFailed = false;

  constructor() {
    mendCompiler({
      before: writeOutShorthand,
      transpile: (text) => {
        const result = transpile(text, isCell(text));
        this.transpiled.set(result.text, result);
        return result.text;
      },
    });
  }

  /**
   * @param declarations of all earlier cells
   * @throws Error when TypeScript itself fails; the cell may be run again
   */
  compile(declarations: string, source: string): Compilation {
    const convert = (): ConvertResult => {
      this.transpiled.clear();
      return this.use((converter) => converter.convert(declarations, source));
    };
    let result = convert();
    if (isImportMissing(result) && this.importFailed) {
      this.forget(); // it remembers what was missing; the package may have been installed since
      result = convert();
    }
    this.importFailed ||= isImportMissing(result);
    if (result.diagnostics.length > 0)
      return { mistakes: join(result.diagnostics).map((each) => within(each, source)) };
    return { cell: this.assemble(result) };
  }

  /** Registers the text of a cell whose first comment says `@module name` as a module. */
  addModule(name: string, source: string): readonly Mistake[] {
    return join(this.use((converter) => converter.addModule(name, source)));
  }

  /** Asks the converter; after a failure inside TypeScript a new one is made for the next cell. */
  use<T>(question: (converter: Converter) => T): T {
    try {
      noticeChangedFiles();
      this.converter ??= createConverter();
      return question(this.converter);
    } catch (error) {
      this.forget();
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `The TypeScript compiler failed (${reason}). Run the cell again; if it fails again, restart the kernel.`,
        { cause: error },
      );
    }
  }

  private forget(): void {
    this.converter?.close();
    this.converter = undefined;
    this.importFailed = false;
  }

  private assemble({ output, declOutput, sideOutputs }: ConvertResult): CompiledCell {
    const compiled = this.take(output ?? "");
    const modules = (sideOutputs ?? []).map(({ path, data }) => ({ path, ...this.take(data) }));
    const declarations = withoutGap(declOutput ?? "", compiled.names);
    return { ...compiled, declarations, modules };
  }

  private take(text: string): Transpiled {
    return this.transpiled.get(text) ?? { text, maps: [], names: [] };
  }
}

/** When TypeScript cannot write a declaration, tslab appends to "undefined": any type will do. */
function withoutGap(declarations: string, names: readonly string[]): string {
  if (!declarations.startsWith("undefined")) return declarations;
  const untyped = names.map((name) => `declare let ${name}: any;\n`).join("");
  return untyped + declarations.slice("undefined".length);
}

function createConverter(): Converter {
  // loaded late: the mended compiler must be in place
  const tslab = require("tslab/dist/converter") as typeof import("tslab/dist/converter"); // eslint-disable-line
  return tslab.createConverter({ isJS: false, isBrowser: false });
}

/** Whether the emitted text is the cell itself: tslab calls its file `__tslab__.ts`. */
function isCell(text: string): boolean {
  const map = /base64,(\S+)\s*$/.exec(text)?.[1];
  if (map === undefined) return true;
  const { sources } = JSON.parse(Buffer.from(map, "base64").toString()) as { sources: string[] };
  return sources.some((source) => source.endsWith("__tslab__.ts"));
}

function isImportMissing({ diagnostics }: ConvertResult): boolean {
  return diagnostics.some(({ code }) => code === moduleNotFound);
}

/** A mistake found behind the end (tslab adds a line to a cell) is one at the end. */
function within(mistake: Mistake, source: string): Mistake {
  const lines = source.trimEnd().split("\n");
  if (mistake.file !== undefined || mistake.line <= lines.length) return mistake;
  return { ...mistake, line: lines.length, column: (lines.at(-1) ?? "").length + 1, length: 1 };
}

/** tslab gives each link of a message's chain by itself, all at one place: they are one mistake. */
function join(diagnostics: readonly Diagnostic[]): Mistake[] {
  const mistakes: Mistake[] = [];
  let last: Diagnostic | undefined;
  for (const each of diagnostics) {
    const before = mistakes.at(-1);
    const isLink =
      before && last?.start.offset === each.start.offset && last.end.offset === each.end.offset;
    if (isLink)
      mistakes[mistakes.length - 1] = {
        ...before,
        message: `${before.message}\n  ${each.messageText}`,
      };
    else mistakes.push(mistake(each));
    last = each;
  }
  return mistakes;
}

function mistake({ start, end, code, messageText, fileName }: Diagnostic): Mistake {
  return {
    line: start.line + 1,
    column: start.character + 1,
    length: start.line === end.line ? Math.max(1, end.character - start.character) : 1,
    code,
    message: messageText,
    file: fileName,
  };
}
