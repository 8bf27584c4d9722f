/**
 * The last step of compilation: an ES module, as TypeScript emits it for a cell, becomes the body of
 * a function (publish.ts says how its variables are shared, checks.ts how it is interrupted).
 */
import { addChecks } from "./checks";
import { publishBindings } from "./publish";
import { ts } from "./typescript";

/** What a compiled cell is given, in this order. */
export const parameters = ["exports", "require", "__stop", "__halt", "__publish"] as const;

const mapPattern =
  /\/\/# sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,(\S+)\s*$/i;

/** JavaScript with the source maps that lead back to the student's text. */
export interface Transpiled {
  readonly text: string;
  /** Maps in the order in which a position is to be looked up: ours first, TypeScript's second. */
  readonly maps: readonly string[];
  /** Names the cell declares or imports. */
  readonly names: readonly string[];
}

/**
 * @param text   an ES module with an inline source map
 * @param isCell false for a module beside the notebook, which keeps its exports
 */
export function transpile(text: string, isCell: boolean): Transpiled {
  const inline = mapPattern.exec(text);
  const source = inline ? text.slice(0, inline.index) : text;
  const module = isCell ? publishBindings(source) : { text: source, names: [] };
  const { outputText, sourceMapText } = ts.transpileModule(module.text, {
    fileName: "custom.js",
    transformers: { before: [addChecks] },
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      target: ts.ScriptTarget.ES2022,
      newLine: ts.NewLineKind.LineFeed,
      noImplicitUseStrict: true,
      sourceMap: true,
    },
  });
  const first = inline?.[1] && Buffer.from(inline[1], "base64").toString();
  const maps = [sourceMapText, first].filter((map): map is string => map !== undefined);
  return {
    text: outputText.replace(/\/\/# sourceMappingURL=\S+\s*$/, ""),
    maps,
    names: module.names,
  };
}
