/** What `import` in a cell finds: modules beside the notebook, its packages, the course's packages. */
import { existsSync, readFileSync, statSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import type { CompiledModule } from "./compiler";
import type { Source, Sources } from "./sources";

const besideKernel = createRequire(__filename);

type Check = { readonly stop: Int32Array; readonly halt: () => void };

export class Modules {
  private readonly fromNotebook: NodeJS.Require;
  private readonly texts = new Map<string, string>();
  private readonly loaded = new Map<string, { exports: unknown }>();
  private readonly virtual = new Map<string, string>();
  private readonly loadedFiles = new Map<string, { modified: number; text: string }>();

  constructor(
    private readonly folder: string,
    private readonly check: Check,
    private readonly sources: Sources,
  ) {
    this.fromNotebook = createRequire(join(folder, "notebook.js"));
  }

  /** Takes compiled modules beside the notebook; a changed one is loaded anew at its next import. */
  update(modules: readonly CompiledModule[]): void {
    for (const module of modules) {
      const file = resolve(module.path);
      this.texts.set(file, module.text);
      this.loaded.delete(file);
      this.sources.add({ file, maps: module.maps, ...this.originalOf(file) });
    }
  }

  /** Remembers the text of a cell that is a module, whose file does not exist. */
  define(name: string, text: string): void {
    this.virtual.set(join(this.folder, name), text);
  }

  private originalOf(file: string): Pick<Source, "label" | "text" | "linesAbove"> {
    const stem = file.replace(/\.js$/, "");
    const text = this.virtual.get(stem);
    if (text !== undefined) return { label: `module ${basename(stem)}`, text, linesAbove: 1 };
    const path = [`${stem}.ts`, `${stem}.tsx`, file].find((each) => existsSync(each)) ?? file;
    return { label: relative(this.folder, path), text: readFileSync(path, "utf8"), linesAbove: 0 };
  }

  /** `require` for code in `folder`. */
  requireFrom(folder = this.folder): NodeJS.Require {
    const find = (id: string): unknown => this.load(id, folder);
    return Object.assign(find, this.fromNotebook);
  }

  /** Whether a file of the course's library has changed since it was loaded; true once a change. */
  libraryHasChanged(): boolean {
    const library = dirname(__dirname) + sep;
    const own = __dirname + sep;
    const files = Object.keys(this.fromNotebook.cache).filter(
      (file) => file.startsWith(library) && !file.startsWith(own),
    );
    return files.map((file) => this.hasChanged(file)).includes(true);
  }

  /** A rebuild that writes the same text again is no change. */
  private hasChanged(file: string): boolean {
    const before = this.loadedFiles.get(file);
    const modified = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (modified === undefined || modified === before?.modified) return false;
    const text = readFileSync(file, "utf8");
    this.loadedFiles.set(file, { modified, text });
    return before !== undefined && before.text !== text;
  }

  private load(id: string, folder: string): unknown {
    const own = this.loadOwn(id, folder);
    if (own) return own.exports;
    if (id === "tslab") return besideKernel(id); // whose display functions speak to this kernel
    try {
      return this.fromNotebook(id);
    } catch (error) {
      if (!isMissing(error, id)) throw error;
      return this.loadBesideKernel(id, error);
    }
  }

  private loadBesideKernel(id: string, missing: Error): unknown {
    try {
      return besideKernel(id);
    } catch (error) {
      throw isMissing(error, id) ? missing : error;
    }
  }

  private loadOwn(id: string, folder: string): { exports: unknown } | undefined {
    const path = resolve(folder, id);
    const file = extname(path) === "" ? `${path}.js` : path;
    const text = this.texts.get(file);
    if (text === undefined) return undefined;
    const known = this.loaded.get(file);
    if (known) return known;
    const module = new Module(file) as Module & { _compile(text: string, file: string): void };
    module.filename = file;
    module.require = this.requireFrom(dirname(file));
    this.loaded.set(file, module);
    const scope = globalThis as Record<string, unknown>;
    scope.__stop = this.check.stop;
    scope.__halt = this.check.halt;
    module._compile(text, file);
    return module;
  }
}

function isMissing(error: unknown, id: string): error is Error {
  return (
    error instanceof Error &&
    (error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND" &&
    error.message.startsWith(`Cannot find module '${id}'`)
  );
}
