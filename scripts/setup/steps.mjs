// Steps that know their inputs: done ones are passed over, the others run side by side as far as they may.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { acquire } from "./lock.mjs";
import { endOrphans, SetupError } from "./process.mjs";
import {
  fingerprint,
  markBegun,
  readFailure,
  readStamp,
  state,
  writeFailure,
  writeStamp,
} from "./stamp.mjs";

/**
 * @typedef {object} Step
 * @property {string} name        stamp .setup/<name>.json
 * @property {string} title       what the progress shows
 * @property {string[]} [after]   steps that come first, and whose renewal renews this one
 * @property {boolean} [optional] a failure is told, and the rest goes on
 * @property {() => string[]} inputs   whatever changes the result; cheap, called at every start
 * @property {() => string[]} outputs  paths without which the stamp does not count
 * @property {(report: (text: string) => void, ready: (name: string) => Promise<void>, interrupted: boolean) => Promise<void>} run
 */

/** The fingerprint of a step's inputs today, the stamps of the steps before it included. */
export function fingerprintOf(step) {
  const before = (step.after ?? []).map((name) => readStamp(name)?.made ?? "not made");
  return fingerprint([...step.inputs(), ...before]);
}

/** Whether a step is done, for today's inputs, and what it made is still there. */
export function isFresh(step) {
  const stamp = readStamp(step.name);
  return (
    stamp?.fingerprint === fingerprintOf(step) && step.outputs().every((path) => existsSync(path))
  );
}

/** A failed optional step is not tried again with the same inputs. @returns its message, or null */
export function knownFailure(step) {
  const failed = readFailure(step.name);
  return failed?.fingerprint === fingerprintOf(step) ? failed.message : null;
}

/** Whether a step needs no run today: it is done, or is known to fail. */
export function isSettled(step) {
  return isFresh(step) || knownFailure(step) !== null;
}

/**
 * Brings steps up to date under one lock.
 *
 * @param steps            in an order in which each comes after those it names
 * @param options.lock     name of the lock
 * @param options.progress see progress.mjs
 * @param options.ready    where the steps of another call are waited for
 * @returns `{ done, ready }`: all is done (rejects with the first failure of a required step), and one step is
 */
export function bringUpToDate(steps, { lock, progress, ready: outside }) {
  const pending = new Map();
  const ready = (name) => {
    const promise = pending.get(name) ?? outside?.(name);
    if (promise === undefined) throw new Error(`no step is called "${name}"`);
    return promise.catch(() => {
      throw new SetupError(`${name} did not get ready`, { transient: true });
    });
  };
  const stale = steps.filter((step) => !isSettled(step));
  const locked = stale.length === 0 ? Promise.resolve(() => {}) : takeLock(lock, progress);
  for (const step of steps) {
    const promise = locked.then(() => bringOne(step, ready, progress));
    promise.catch(() => {}); // whoever awaits it gets the failure; nobody has to
    pending.set(step.name, promise);
  }
  const release = async () => (await locked)();
  const done = Promise.all(pending.values()).then(release); // the first failure is told while others still run
  done.catch(() => Promise.allSettled(pending.values()).then(release));
  return { done, ready };
}

async function takeLock(name, progress) {
  const release = await acquire(join(state, `${name}.lock`), (pid) =>
    progress.say(`Another set-up of this folder is at work (process ${pid}); waiting for it.`),
  );
  endOrphans();
  return release;
}

async function bringOne(step, ready, progress) {
  for (const name of step.after ?? []) await ready(name);
  if (isSettled(step)) return; // also when another set-up did it while we waited
  const mark = fingerprintOf(step);
  const interrupted = markBegun(step.name);
  const line = progress.begin(step.title);
  try {
    const before = Date.now();
    await step.run((text) => line.report(text), ready, interrupted);
    const missing = step.outputs().find((path) => !existsSync(path));
    if (missing !== undefined) throw new SetupError(`${step.title}: ${missing} was not made.`);
    writeStamp(step.name, {
      fingerprint: mark,
      made: new Date().toISOString(),
      seconds: (Date.now() - before) / 1000,
    });
    line.end();
  } catch (error) {
    line.fail(error);
    if (!step.optional && error.tolerable !== true) throw error;
    if (!(error instanceof SetupError && error.transient))
      writeFailure(step.name, { fingerprint: mark, message: error.message });
  }
}
