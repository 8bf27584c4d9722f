/** The main thread's side of an interrupt: who is meant, and how it is told. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { activitiesBegun, ownActivity, type Activity } from "./activity";
import { answered, asked, createFlags, stop } from "./signals";

/** Thrown into the interrupted cell, in the words of the library's `tick`. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
  constructor() {
    super("Interrupted: this cell was asked to stop.");
  }
}

/** A cell that awaits gets this long to notice by itself (by `tick`), then it is given up. */
const grace = 100; // ms
/** For so long after an interrupt every loop of a cell looks whether it was meant. */
const attention = 3000; // ms

export class Interrupts {
  readonly flags = createFlags();
  private upTo = 0;
  private clearing: NodeJS.Timeout | undefined;

  /** @param running the cell that has not yet got its reply */
  constructor(private readonly running: () => Activity | undefined) {
    const interrupted = (): boolean => this.isInterrupted(ownActivity());
    const library = { get requested() { return interrupted(); } }; // prettier-ignore
    (globalThis as Record<symbol, unknown>)[Symbol.for("rlhf.interrupt")] = library;
  }

  /** Starts to listen for SIGINT (there are no signals on Windows). */
  listen(): void {
    if (process.platform === "win32") return;
    const workerData = { flags: this.flags };
    const thread = new Worker(join(__dirname, "signalThread.js"), { workerData, stdin: false });
    thread.on("message", () => this.answer());
    thread.unref();
  }

  /** Marks all that has begun as interrupted, and gives up the running cell after the grace. */
  answer(): void {
    Atomics.store(this.flags, answered, Atomics.load(this.flags, asked));
    Atomics.notify(this.flags, answered);
    this.upTo = activitiesBegun();
    const cell = this.running();
    if (cell) setTimeout(() => cell.fail?.(new InterruptedError()), grace);
    clearTimeout(this.clearing);
    this.clearing = setTimeout(() => Atomics.store(this.flags, stop, 0), attention).unref();
  }

  /** Called by a cell's loops and functions while the stop flag is raised. */
  readonly halt = (): void => {
    const unanswered = Atomics.load(this.flags, answered) < Atomics.load(this.flags, asked);
    if (unanswered) this.answer();
    if (this.isInterrupted(ownActivity())) throw new InterruptedError();
  };

  private isInterrupted(activity: Activity | undefined): boolean {
    return activity !== undefined && activity.sequence <= this.upTo;
  }
}
