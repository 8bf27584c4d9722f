// Which file of the library imports what, as the compiler sees it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join, posix, relative, sep } from "node:path";
import ts from "typescript";

export const library = join(__dirname, "..", "..", "lib");

export interface Import {
  /** The importing file, from lib/: "algorithms/dpo.ts". */
  readonly from: string;
  /** What the import names: a path from lib/ without its ending, or a package's name. */
  readonly to: string;
  readonly outside: boolean;
  /** Only a type is imported: nothing of it is left when the program runs. */
  readonly typeOnly: boolean;
}

/** Every import, export-from, dynamic import and require of the library's sources, in the file's order. */
export function importsOfLibrary(): Import[] {
  return sources(library).flatMap((file) =>
    importsOf(file, readFileSync(join(library, file), "utf8")),
  );
}

/** The imports of one file's text; node's own modules are left out. */
export function importsOf(file: string, text: string): Import[] {
  const values = named(text.replace(/^(import|export) type [^;]*;/gm, ""));
  return named(text).map((name) => {
    const typeOnly = !values.includes(name);
    if (!name.startsWith(".")) return { from: file, to: packageOf(name), outside: true, typeOnly };
    const to = posix.join(posix.dirname(file), name);
    return { from: file, to, outside: false, typeOnly };
  });
}

function named(text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => !name.startsWith("node:") && !builtinModules.includes(name));
}

function packageOf(name: string): string {
  return name.split("/", name.startsWith("@") ? 2 : 1).join("/");
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .filter((name) => !/(^|\/)(dist|node_modules)\//.test(name))
    .sort();
}

/** The room a path of lib/ lies in: its first folder; "" for the door itself. */
export function roomOf(path: string): string {
  const [first = "", ...rest] = path.split("/");
  const isFolder = rest.length > 0 || existsSync(join(library, first, "index.ts"));
  return isFolder && first !== "." && first !== ".." ? first : "";
}
