/**
 * The thread that receives SIGINT. Node gives a signal to the script that was started last with
 * `breakOnSigint`, in whatever thread it runs; a listener on `process` would have to wait until the
 * main thread is idle. Two such scripts run here, one inside the other:
 *
 *   the inner one starts anew every 100 ms, so that it is the last and gets the signal first;
 *   the outer one never ends, so that a signal always finds somebody.
 *
 * When the main thread has not answered after a moment, the inner script stays away and the signal
 * is sent again: it then ends the script in the main thread, or, if none runs there, the outer one.
 */
import { Script } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";
import { answered, asked, raise } from "./signals";

const patience = 300; // ms
const { flags } = workerData as { flags: Int32Array };
const sleeper = new Int32Array(new SharedArrayBuffer(4));

const shared = globalThis as typeof globalThis & {
  __rlhfWait?: () => void;
  __rlhfWatch?: () => void;
};
shared.__rlhfWait = () => void Atomics.wait(sleeper, 0, 0, 100);
shared.__rlhfWatch = watch;
const inner = new Script("__rlhfWait()");
const outer = new Script("__rlhfWatch()");

function watch(): void {
  for (;;) if (signalled(inner)) pass();
}

/** Runs a script; true when a signal ended it. */
function signalled(script: Script): boolean {
  try {
    script.runInThisContext({ breakOnSigint: true });
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") return true;
    throw error;
  }
}

function pass(): void {
  raise(flags);
  parentPort?.postMessage("interrupt");
  const before = Atomics.load(flags, answered);
  Atomics.wait(flags, answered, before, patience);
  if (Atomics.load(flags, answered) < Atomics.load(flags, asked))
    process.kill(process.pid, "SIGINT");
}

for (;;) signalled(outer);
