// The set-up: which steps there are, and in what order. Safe to run again, to interrupt and to start twice.
import { engineStep } from "./setup/engine.mjs";
import { jupyterStep } from "./setup/jupyter.mjs";
import { libraryStep } from "./setup/library.mjs";
import { npmStep } from "./setup/node-packages.mjs";
import { endChildren, SetupError } from "./setup/process.mjs";
import { createProgress } from "./setup/progress.mjs";
import { packagesStep, pythonStep, testPackagesStep } from "./setup/python.mjs";
import { bringUpToDate, isSettled } from "./setup/steps.mjs";

export const requiredSteps = [npmStep, pythonStep, packagesStep, jupyterStep, libraryStep];
export const testSteps = [...requiredSteps, testPackagesStep];

/**
 * Does whatever is missing.
 *
 * @param options.steps       what the caller cannot do without
 * @param options.engineAfter a promise that the engine's step waits for, so as not to slow what comes first
 * @returns `{ required, engine }`: two promises; the engine's never rejects, its failure costs speed only
 */
export function setUp({ steps = requiredSteps, progress = createProgress(), engineAfter } = {}) {
  if (![...steps, engineStep].every(isSettled)) {
    progress.say(
      "Setting up what is missing. Interrupt it at any time: the next start goes on from there.",
    );
  }
  const base = bringUpToDate(steps, { lock: "setup", progress });
  const options = { lock: "engine", progress, ready: base.ready };
  const engine = Promise.resolve(engineAfter).then(() => bringUpToDate([engineStep], options).done);
  return { required: base.done, engine };
}

/** Runs a command's main function: a sentence for what a person can mend, a stack only for a fault of ours. */
export function command(main) {
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
    process.on(signal, () => {
      endChildren();
      if (process.listenerCount(signal) === 1) process.exit(code);
    });
  }
  main().then(
    (code) => finish(code ?? 0),
    (error) => {
      console.error(isPlain(error) ? `\n${error.message}` : error);
      finish(1);
    },
  );
}

function isPlain(error) {
  return error instanceof SetupError || String(error.code).startsWith("ERR_PARSE_ARGS");
}

function finish(code) {
  endChildren();
  process.exit(code);
}
