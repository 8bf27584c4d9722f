/** Runs cells, one after another, in one shared scope. */
import { Script } from "node:vm";
import { setImmediate as turn } from "node:timers/promises";
import type { Activity } from "./activity";
import { parameters } from "./cellModule";
import { Compiler, type CompiledCell, type Mistake } from "./compiler";
import type { Interrupts } from "./interrupt";
import { InterruptedError } from "./interrupt";
import { Modules } from "./modules";
import { published } from "./publish";
import type { Sources } from "./sources";

export type Outcome =
  | { readonly status: "ok"; readonly value: unknown }
  | { readonly status: "thrown"; readonly error: unknown }
  | { readonly status: "mistakes"; readonly mistakes: readonly Mistake[] };

interface Left {
  readonly bindings: object;
  readonly result?: () => unknown;
}

export class Cells {
  readonly compiler = new Compiler();
  /** What the cells so far have defined, as TypeScript declarations. */
  declarations = "";
  private readonly shared: Record<string, unknown> = {};
  private readonly modules: Modules;

  constructor(
    private readonly interrupts: Interrupts,
    private readonly sources: Sources,
    private readonly warn: (text: string) => void,
  ) {
    const check = { stop: interrupts.flags, halt: interrupts.halt };
    this.modules = new Modules(process.cwd(), check, sources);
  }

  /** Never rejects: what a cell throws is its outcome. */
  async run(activity: Activity, label: string, source: string): Promise<Outcome> {
    const failed = new Promise<never>((_, reject) => (activity.fail = reject));
    failed.catch(() => undefined); // a cell that fails before anyone waits is told by the race
    try {
      const module = moduleName(source);
      if (module !== undefined) return this.defineModule(module, source);
      const compilation = this.compiler.compile(this.declarations, source);
      if ("mistakes" in compilation) return { status: "mistakes", mistakes: compilation.mistakes };
      this.warnIfStale();
      const value = await Promise.race([this.execute(label, source, compilation.cell), failed]);
      await Promise.race([turn(), failed]); // lets a rejection that nobody handles be noticed
      return { status: "ok", value };
    } catch (error) {
      return { status: "thrown", error: isInterruption(error) ? new InterruptedError() : error };
    } finally {
      activity.fail = undefined;
    }
  }

  /** A cell whose first comment says `@module name` can be imported as "./name" from then on. */
  private defineModule(name: string, source: string): Outcome {
    this.modules.define(name, source);
    const mistakes = this.compiler.addModule(name, source);
    return mistakes.length > 0
      ? { status: "mistakes", mistakes }
      : { status: "ok", value: undefined };
  }

  private warnIfStale(): void {
    if (!this.modules.libraryHasChanged()) return;
    this.warn(
      "The library was rebuilt after this kernel had loaded it: the old one stays in use. " +
        "Restart the kernel to use the new one.\n",
    );
  }

  private async execute(label: string, source: string, cell: CompiledCell): Promise<unknown> {
    this.modules.update(cell.modules);
    this.sources.add({ file: label, label, text: source, maps: cell.maps, linesAbove: 1 });
    const text = `(async function (${parameters.join(", ")}) { { __publish(${published}());\n${cell.text}\n} })`;
    const script = new Script(text, { filename: label, lineOffset: -1 });
    const body = script.runInThisContext() as (...given: unknown[]) => Promise<void>;
    let left: Left | undefined;
    let restore = (): void => undefined;
    const publish = (given: Left): void => {
      left = given;
      restore = this.publish(given.bindings);
    };
    const { flags, halt } = this.interrupts;
    const given = [this.shared, this.modules.requireFrom(), flags, halt, publish];
    this.declarations = cell.declarations;
    try {
      await interruptible(() => body(...given));
    } catch (error) {
      restore();
      throw error;
    }
    return await left?.result?.();
  }

  /** Shares a cell's variables; what it returns gives back the old ones that were not reached. */
  private publish(bindings: object): () => void {
    const names = Object.keys(bindings);
    const before = Object.getOwnPropertyDescriptors(this.shared);
    Object.defineProperties(this.shared, Object.getOwnPropertyDescriptors(bindings));
    makeFast(this.shared);
    return () => {
      for (const name of names) {
        if (isReached(bindings, name)) continue;
        Object.defineProperty(this.shared, name, before[name] ?? withoutValue(name));
      }
    };
  }
}

function moduleName(source: string): string | undefined {
  const { getCodeMetadata } =
    require("tslab/dist/metadata") as typeof import("tslab/dist/metadata"); // eslint-disable-line
  return getCodeMetadata(source).module;
}

function withoutValue(name: string): PropertyDescriptor {
  const get = (): never => {
    throw new ReferenceError(
      `${name} has no value: the cell that defines it stopped before. Run that cell again.`,
    );
  };
  return { get, configurable: true, enumerable: true };
}

/** Whether the cell got as far as the declaration of this variable. */
function isReached(bindings: object, name: string): boolean {
  try {
    return name in bindings && (Reflect.get(bindings, name), true);
  } catch {
    return false; // "Cannot access … before initialization"
  }
}

/** V8 keeps an object whose properties were often redefined in a slow form, unless it is a prototype. */
function makeFast(shared: object): void {
  const Holder = function (): void {} as unknown as new () => object;
  Holder.prototype = shared;
  new Holder();
}

const launch = Symbol.for("rlhf.launch");
const launcher = new Script(`globalThis[Symbol.for("rlhf.launch")]()`, { filename: __filename });

/** Calls `body` so that SIGINT can end it before its first await. */
function interruptible<T>(body: () => T): T {
  (globalThis as Record<symbol, unknown>)[launch] = body;
  return launcher.runInThisContext({ breakOnSigint: true }) as T;
}

function isInterruption(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}
