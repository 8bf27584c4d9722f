/** The same work for many seeds, on all cores. */
import { availableParallelism } from "node:os";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { checkInteger } from "./checks";
import { tick } from "./tick";

/** A function that worker threads can find again: by the module it is exported from, and its name. */
export interface ParallelTask<I, O> {
  readonly module: string;
  readonly name: string;
  /** The function itself, for one input on this thread. */
  readonly run: (input: I) => O;
}

/**
 * Makes a function known to worker threads. It must be exported under this very name.
 *
 *     export const trainOnce = parallelTask(__filename, "trainOnce", (seed: number) => …);
 *
 * What goes in and what comes out is copied (structured clone): numbers, text, lists, typed arrays.
 *
 * @param module `__filename` of the module that exports it
 * @param name   the name of the export
 */
export function parallelTask<I, O>(
  module: string,
  name: string,
  run: (input: I) => O,
): ParallelTask<I, O> {
  return { module, name, run };
}

export interface ParallelOptions<O> {
  /** Threads; by default as many as there are cores, and no more than inputs. */
  workers?: number;
  /** Called as each result comes, in the order in which they come. */
  onResult?: (output: O, index: number) => void;
}

/** What a worker thread sends back. */
export type WorkerReply<O> =
  | { readonly index: number; readonly output: O }
  | { readonly index: number; readonly failure: { name: string; message: string; stack: string } };

/**
 * Runs a task for every input in worker threads, and leaves this thread free for the page.
 *
 *     const bar = progress(20, { label: "20 seeds" });
 *     const runs = await inParallel(trainOnce, seeds, { onResult: () => bar.step() });
 *
 * @returns the outputs, in the order of the inputs; the same numbers for any number of workers
 * @throws what the task throws, as soon as one does; InterruptedError when the cell is stopped. The
 *   other threads are then ended
 */
export async function inParallel<I, O>(
  task: ParallelTask<I, O>,
  inputs: readonly I[],
  { workers = availableParallelism(), onResult = () => {} }: ParallelOptions<O> = {},
): Promise<O[]> {
  checkInteger("inParallel: workers", workers, 1);
  const outputs = new Array<O>(inputs.length);
  let [next, done] = [0, 0];
  let failure: Error | undefined;
  const threads = Array.from({ length: Math.min(workers, inputs.length) }, () => startWorker(task));
  const feed = (thread: Worker): void => {
    if (next < inputs.length) thread.postMessage({ index: next, input: inputs[next++] });
  };
  for (const thread of threads) {
    thread.on("error", (error) => (failure ??= error));
    thread.on(
      "exit",
      (code) => (failure ??= new Error(`inParallel: a thread ended, code ${code}.`)),
    );
    thread.on("message", (reply: WorkerReply<O>) => {
      if ("failure" in reply) failure ??= revived(reply.failure);
      else {
        outputs[reply.index] = reply.output;
        done += 1;
        onResult(reply.output, reply.index);
        feed(thread);
      }
    });
    feed(thread);
  }
  try {
    while (done < inputs.length && failure === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 20)); // ms; a worker's reply needs no hurry
      await tick();
    }
    if (failure !== undefined) throw failure;
    return outputs;
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

function startWorker({ module, name }: { module: string; name: string }): Worker {
  const ending = extname(__filename); // .js as built; .ts where a test runs the sources
  const execArgv =
    ending === ".ts" ? ["--require", createRequire(__filename).resolve("tsx/cjs")] : [];
  const file = join(__dirname, `parallelWorker${ending}`);
  return new Worker(file, { workerData: { module, name }, execArgv });
}

/** The error of another thread, with its name and where it was thrown. */
function revived({
  name,
  message,
  stack,
}: {
  name: string;
  message: string;
  stack: string;
}): Error {
  const error = new Error(message);
  return Object.assign(error, { name, stack });
}
