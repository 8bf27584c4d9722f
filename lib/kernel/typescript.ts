/**
 * The TypeScript compiler as tslab's converter sees it. tslab brings its own build of TypeScript;
 * before its converter loads, four things about that build are put right here:
 *
 *  - no file is watched. tslab's converter holds at most one rebuild pending and throws "Unexpected
 *    pending rebuildTimer" for ever when a watched folder changes twice. Files of the student's own
 *    are looked at before each cell instead ({@link noticeChangedFiles}), packages when an import failed;
 *  - packages are also found beside the kernel, so that `import … from "rlhf"` works in any folder;
 *  - errors about how a declaration *file* would look are dropped: a cell has none;
 *  - every step writes a source map, and the last step from ES module to cell is ours (cellModule.ts).
 */
import { dirname, join, parse, sep } from "node:path";
import { createRequire } from "node:module";
import type * as TypeScript from "@tslab/typescript-for-tslab";

type Ts = typeof TypeScript;
type WatchHost = TypeScript.WatchCompilerHost<TypeScript.BuilderProgram>;

const fromTslab = createRequire(require.resolve("tslab/package.json"));
const compilerPath = fromTslab.resolve("@tslab/typescript-for-tslab");

/** The compiler as it was delivered. */
export const ts = fromTslab(compilerPath) as Ts;

/** Folders where packages are found from wherever the notebook lies, nearest first. */
export const packageFolders: readonly string[] = (require.resolve.paths("rlhf") ?? []).filter(
  (folder) => ts.sys.directoryExists(folder),
);

interface Hooks {
  /** Turns an ES module into what runs; the text ends in an inline source map. */
  readonly transpile: (text: string) => string;
  /** Runs before tslab's own transformers. */
  readonly before: (
    program: TypeScript.Program,
  ) => TypeScript.TransformerFactory<TypeScript.SourceFile>;
}

/** Puts the mended compiler where tslab's converter will look for it. Call once, before it loads. */
export function mendCompiler(hooks: Hooks): void {
  watchNothing(ts.sys);
  findPackagesBesideKernel(ts.sys);
  const delivered = require.cache[compilerPath];
  if (!delivered) throw new Error(`The compiler is not loaded from ${compilerPath}.`);
  delivered.exports = {
    ...ts,
    transpileModule: (text: string) => ({ outputText: hooks.transpile(text) }),
    createWatchCompilerHost: (...parameters: Parameters<Ts["createWatchCompilerHost"]>) =>
      createHost(hooks, parameters),
    getPreEmitDiagnosticsOfFiles: (...parameters: unknown[]) =>
      preEmitDiagnostics(...parameters).filter(({ code }) => !concernsDeclarationFile(code)),
  };
}

function preEmitDiagnostics(...parameters: unknown[]): TypeScript.Diagnostic[] {
  type Fork = { getPreEmitDiagnosticsOfFiles(...all: unknown[]): TypeScript.Diagnostic[] };
  return (ts as unknown as Fork).getPreEmitDiagnosticsOfFiles(...parameters);
}

/** TS4000–4130, TS2742 and the like: "exported … has or is using private name". */
function concernsDeclarationFile(code: number): boolean {
  return (code >= 4000 && code < 4111) || code === 2742 || code === 2883 || code === 7056;
}

function createHost(hooks: Hooks, parameters: unknown[]): WatchHost {
  const [files, options, system, , ...rest] = parameters as [
    string[],
    object,
    object,
    ...unknown[],
  ];
  keepTimersApart(system as Timers);
  const typeRoots = packageFolders.map((folder) => join(folder, "@types"));
  const mended = { ...options, inlineSourceMap: true, types: ["node"], typeRoots };
  const create = ts.createWatchCompilerHost as unknown as (...all: unknown[]) => WatchHost;
  const host = create(files, mended, system, ts.createAbstractBuilder, ...rest);
  let created: ((program: TypeScript.BuilderProgram) => void) | undefined;
  Object.defineProperty(host, "afterProgramCreate", {
    get: () => (program: TypeScript.BuilderProgram) => created?.(addTransformer(hooks, program)),
    set: (callback: typeof created) => (created = callback),
  });
  return host;
}

/**
 * The builder that TypeScript would take writes a list of who imports whom, over all files, before
 * each cell: half the time of a compilation. Nobody asks for more than a cell's own modules.
 */
function addTransformer(
  hooks: Hooks,
  program: TypeScript.BuilderProgram,
): TypeScript.BuilderProgram {
  const emit = program.emit.bind(program);
  program.emit = (file, write, token, declarationsOnly, transformers) => {
    const before = [hooks.before(program.getProgram())];
    return emit(file, write, token, declarationsOnly, { ...transformers, before });
  };
  program.getProgram().getTypeChecker(); // tslab reads the names that it binds
  program.getAllDependencies = (file) => ownModules(program.getProgram(), file);
  return program;
}

/** Names of a file and of all modules it imports, and they import, that are not declarations. */
function ownModules(program: TypeScript.Program, file: TypeScript.SourceFile): string[] {
  const found = new Set([file]);
  for (const each of found)
    for (const name of importedFiles(each)) {
      const imported = program.getSourceFile(name);
      if (imported && !imported.isDeclarationFile) found.add(imported);
    }
  return [...found].map(({ fileName }) => fileName);
}

function importedFiles(file: TypeScript.SourceFile): string[] {
  type Resolution = { resolvedModule?: { resolvedFileName: string } };
  type Resolved = { resolvedModules?: { forEach(callback: (each: Resolution) => void): void } };
  const names: string[] = [];
  (file as unknown as Resolved).resolvedModules?.forEach(({ resolvedModule }) => {
    if (resolvedModule) names.push(resolvedModule.resolvedFileName);
  });
  return names;
}

interface Timers {
  setTimeout(callback: () => void): unknown;
  clearTimeout(timer: unknown): void;
}

/**
 * tslab's converter has room for one pending timer, TypeScript uses several. They are kept here and
 * run together when the converter runs its one.
 */
function keepTimersApart(system: Timers): void {
  const pending = new Set<{ callback: () => void }>();
  const fillSlot = system.setTimeout.bind(system);
  let slotFilled = false;
  const runAll = (): void => {
    slotFilled = false;
    for (const timer of pending) {
      pending.delete(timer);
      timer.callback();
    }
  };
  system.setTimeout = (callback) => {
    const timer = { callback };
    pending.add(timer);
    if (!slotFilled) fillSlot(runAll);
    slotFilled = true;
    return timer;
  };
  system.clearTimeout = (timer) => void pending.delete(timer as { callback: () => void });
}

interface Watched {
  readonly path: string;
  readonly callback: TypeScript.FileWatcherCallback;
  modified: number;
}

const watched = new Set<Watched>();

function modifiedAt(path: string): number {
  return ts.sys.getModifiedTime?.(path)?.getTime() ?? 0;
}

function watchNothing(system: TypeScript.System): void {
  system.watchFile = (path, callback) => {
    const file = { path, callback, modified: modifiedAt(path) };
    const isOwn = !path.endsWith(".d.ts") && !path.includes("/node_modules/");
    if (isOwn) watched.add(file);
    return { close: () => void watched.delete(file) };
  };
  system.watchDirectory = () => ({ close: () => undefined });
}

/** Tells the compiler which of the student's own modules have changed since the last cell. */
export function noticeChangedFiles(): void {
  for (const file of watched) {
    const modified = modifiedAt(file.path);
    if (modified === file.modified) continue;
    file.modified = modified;
    file.callback(file.path, ts.FileWatcherEventKind.Changed);
  }
}

/**
 * A search for a package ends at the root of the file system: there, in a folder that does not
 * exist, the packages beside the kernel are shown, after all that the student has installed nearer.
 */
function findPackagesBesideKernel(system: TypeScript.System): void {
  const last = join(parse(process.cwd()).root, "node_modules").split(sep).join("/");
  const fileExists = system.fileExists.bind(system);
  const directoryExists = system.directoryExists.bind(system);
  const readFile = system.readFile.bind(system);
  const realpath = system.realpath?.bind(system);
  const candidates = (path: string): string[] =>
    path.startsWith(`${last}/`)
      ? [path, ...packageFolders.map((folder) => folder + path.slice(last.length))]
      : [path];
  system.fileExists = (path) => candidates(path).some((candidate) => fileExists(candidate));
  system.directoryExists = (path) =>
    path === last || candidates(path).some((candidate) => directoryExists(candidate));
  system.readFile = (path, encoding) => readFile(existing(path), encoding);
  system.realpath = (path) => realpath?.(existing(path)) ?? path;

  function existing(path: string): string {
    const found = candidates(path).find((each) => fileExists(each) || directoryExists(each));
    return found ?? path;
  }
}

/** The folder of tslab's own modules, whose frames no student wants to see. */
export const tslabFolder = dirname(require.resolve("tslab/package.json"));
