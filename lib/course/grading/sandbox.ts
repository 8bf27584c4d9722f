/**
 * Asks a submission's functions for values. Whatever goes wrong on the other side of the wall —
 * silence, an endless loop, an early end, nonsense — costs the call that was due and no other: the
 * process is ended and the remaining calls are made in a fresh one.
 */
import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "../../core/schema";
import type { Answer } from "../exercise";
import type { Limits, Walls } from "./bubblewrap";
import type { Call } from "./marking";
import { treeMemory } from "./memory";
import type { Piece } from "./submission";

/** What a submission answered. */
export interface Outcome {
  /** for each group of calls one answer a call; undefined where it was not asked any more */
  readonly answers: (Answer | undefined)[][];
  /** cells that did not run to their end */
  readonly failures: { readonly cell: string; readonly error: string }[];
}

const eventSchema = z.union([
  z.object({ starts: z.number().int() }),
  z.object({ piece: z.number().int(), error: z.string() }),
  z.object({ ready: z.literal(true) }),
  z.object({ call: z.number().int(), value: z.unknown(), after: z.array(z.unknown()) }),
  z.object({ call: z.number().int(), threw: z.string() }),
]);

type Event = z.infer<typeof eventSchema>;

/** A call with its place in the outcome. */
interface Asked {
  readonly group: number;
  readonly position: number;
  readonly call: Call;
}

/** Makes calls of one submission behind walls. */
export class Sandbox {
  readonly #walls: Walls;
  readonly #limits: Limits;

  constructor(walls: Walls, limits: Limits) {
    this.#walls = walls;
    this.#limits = limits;
  }

  /** Whether the walls are real. */
  get kind(): Walls["kind"] {
    return this.#walls.kind;
  }

  /**
   * Runs a program and makes groups of calls.
   *
   * @param slot which of the parallel places this is; each has its own user and its own limits
   */
  async ask(
    program: readonly Piece[],
    groups: readonly (readonly Call[])[],
    slot: number,
  ): Promise<Outcome> {
    const deadline = Date.now() + 1000 * this.#limits.totalSeconds;
    const answers = groups.map((group) => group.map((): Answer | undefined => undefined));
    const failures = new Map<number, string>();
    const skip: number[] = [];
    let left = groups.flatMap((calls, group) =>
      calls.map((call, position) => ({ group, position, call })),
    );
    while (left.length > 0) {
      const run = new Run(this.#walls.start(slot), this.#limits, deadline);
      const end = await run.go(
        jobText(program, skip, left, this.#walls.compiler),
        left,
        (asked, answer) => {
          answers[asked.group][asked.position] ??= answer;
        },
      );
      for (const [piece, error] of run.errors) failures.set(piece, error);
      if (end.stage === "done") break;
      if (end.stage === "call") {
        const { group, position } = left[end.index];
        answers[group][position] ??= { missing: end.why };
        left = left.slice(end.index + 1).filter((asked) => asked.group !== group);
      } else if (end.stage === "piece" && !skip.includes(end.index)) {
        skip.push(end.index);
        failures.set(end.index, end.why);
      } else {
        for (const { group, position } of left) answers[group][position] ??= { missing: end.why };
        break;
      }
    }
    const named = [...failures].map(([i, error]) => ({ cell: program[i]?.cell ?? "", error }));
    return { answers, failures: named };
  }
}

function jobText(
  program: readonly Piece[],
  skip: number[],
  left: readonly Asked[],
  compiler: string,
) {
  const calls = left.map(({ call }) => ({ name: call.name, inputs: JSON.stringify(call.inputs) }));
  return JSON.stringify({ pieces: program, skip, calls, compiler });
}

/** Where a process stopped, and why. */
type End =
  | { readonly stage: "done" }
  | { readonly stage: "start"; readonly why: string }
  | { readonly stage: "piece" | "call"; readonly index: number; readonly why: string };

/** One process from its start to its end. */
class Run {
  readonly errors = new Map<number, string>();
  readonly #child: ChildProcess;
  readonly #limits: Limits;
  readonly #deadline: number;
  #stage: "start" | "piece" | "call" = "start";
  #index = 0;
  #why: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(child: ChildProcess, limits: Limits, deadline: number) {
    this.#child = child;
    this.#limits = limits;
    this.#deadline = deadline;
  }

  async go(
    job: string,
    left: readonly Asked[],
    give: (asked: Asked, answer: Answer) => void,
  ): Promise<End> {
    const child = this.#child;
    const closed = new Promise<void>((resolve) => {
      child.once("close", () => resolve());
      child.once("error", (error) => {
        this.#stop(`the sandbox did not start: ${error.message}`);
        resolve();
      });
    });
    child.stdin?.on("error", () => undefined); // a process that ended early does not read its job
    child.stdin?.end(job);
    this.#allow(this.#limits.pieceSeconds + 5, "did not start in time");
    const watch = this.#watchMemory();
    this.#read(left, give);
    await closed;
    clearInterval(watch);
    clearTimeout(this.#timer);
    if (this.#stage === "call" && this.#index >= left.length) return { stage: "done" };
    const why = this.#why ?? "the process ended before it answered";
    return this.#stage === "start"
      ? { stage: "start", why }
      : { stage: this.#stage, index: this.#index, why };
  }

  #read(left: readonly Asked[], give: (asked: Asked, answer: Answer) => void): void {
    const stream = this.#child.stdio[3] as NodeJS.ReadableStream;
    let bytes = 0;
    stream.on("error", () => undefined); // the end of the process is what counts
    stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > this.#limits.outputBytes) this.#stop("it sent too much output");
    });
    createInterface({ input: stream }).on("line", (line) => {
      if (this.#why !== undefined) return;
      const event = parseEvent(line);
      if (event !== undefined) this.#take(event, left, give);
    });
  }

  #take(event: Event, left: readonly Asked[], give: (asked: Asked, answer: Answer) => void): void {
    const { pieceSeconds, callSeconds } = this.#limits;
    if ("starts" in event && this.#stage !== "call") {
      this.#stage = "piece";
      this.#index = event.starts;
      this.#allow(pieceSeconds, `it ran longer than ${pieceSeconds} s`);
    } else if ("piece" in event) {
      this.errors.set(event.piece, event.error.slice(0, 300));
    } else if ("ready" in event && this.#stage !== "call") {
      this.#stage = "call";
      this.#index = 0;
      this.#allow(callSeconds, `it took longer than ${callSeconds} s`);
    } else if ("call" in event && this.#stage === "call" && event.call === this.#index) {
      give(
        left[this.#index],
        "threw" in event ? { threw: event.threw.slice(0, 300) } : answered(event),
      );
      this.#index += 1;
      if (this.#index === left.length) this.#stop("done");
      else this.#allow(callSeconds, `it took longer than ${callSeconds} s`);
    }
  }

  /** Gives the process so long until its next event. */
  #allow(seconds: number, why: string): void {
    clearTimeout(this.#timer);
    const left = this.#deadline - Date.now();
    const whole = `the submission as a whole took longer than ${this.#limits.totalSeconds} s`;
    if (left < 1000 * seconds) this.#timer = setTimeout(() => this.#stop(whole), Math.max(0, left));
    else this.#timer = setTimeout(() => this.#stop(why), 1000 * seconds);
  }

  /** Many processes, or memory that no single limit sees, count together. */
  #watchMemory(): NodeJS.Timeout {
    return setInterval(() => {
      const { pid } = this.#child;
      if (pid === undefined || treeMemory(pid) <= this.#limits.treeBytes) return;
      this.#stop(`it used more than ${Math.round(this.#limits.treeBytes / 1e6)} MB of memory`);
    }, 100);
  }

  #stop(why: string): void {
    this.#why ??= why;
    this.#child.kill("SIGKILL");
  }
}

function parseEvent(line: string): Event | undefined {
  try {
    return eventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // not from the harness: as if it had not been said
  }
}

function answered(event: { value?: unknown; after: unknown[] }): Answer {
  return { value: plainValue(event.value, 0), after: event.after.map((v) => plainValue(v, 0)) };
}

/** What crossed the wall as the values it stands for; deeper than any answer is cut. */
function plainValue(value: unknown, depth: number): unknown {
  if (Array.isArray(value)) return depth > 4 ? null : value.map((v) => plainValue(v, depth + 1));
  if (typeof value !== "object" || value === null) return value;
  const { number, kind } = value as { number?: unknown; kind?: unknown };
  if (typeof number === "string") return Number(number);
  if (kind === "undefined") return undefined;
  return kind === "function" ? () => undefined : {};
}
