/**
 * Who is running: each run of a cell, and each call of a widget's callback, is an activity. Node's
 * AsyncLocalStorage carries it through promises and timers, so that whatever the code prints or
 * throws later still arrives under the cell it came from.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Header } from "./wire";

let begun = 0;

export class Activity {
  /** Order of beginning; an interrupt stops everything that has begun so far. */
  readonly sequence = ++begun;
  /** Ends the activity with this error, while its reply has not been sent. */
  fail: ((error: unknown) => void) | undefined;

  /** @param parent header of the execute_request under which output appears */
  constructor(readonly parent: Header) {}
}

const storage = new AsyncLocalStorage<Activity>();
let latest: Activity | undefined;

/** Runs `body`, and all that it starts, as this activity. */
export function runAs<T>(activity: Activity, body: () => T): T {
  latest = activity;
  return storage.run(activity, body);
}

/** The activity the calling code belongs to; code of nobody counts as the last cell's. */
export function currentActivity(): Activity | undefined {
  return storage.getStore() ?? latest;
}

/** As {@link currentActivity}, but undefined for code that no cell has started. */
export function ownActivity(): Activity | undefined {
  return storage.getStore();
}

/** How many activities have begun. */
export function activitiesBegun(): number {
  return begun;
}
