// npm start: sets up what is missing and opens JupyterLab at the first lesson.
import { once } from "node:events";
import { parseArgs } from "node:util";
import { command, setUp } from "./setup.mjs";
import { choosePort, startLab } from "./setup/lab.mjs";
import { SetupError } from "./setup/process.mjs";
import { isSettled } from "./setup/steps.mjs";
import { engineStep } from "./setup/engine.mjs";
import { createProgress } from "./setup/progress.mjs";

const help = `npm start [-- options]

Sets up whatever is missing (npm packages, a private Python environment with JupyterLab, the compiled
library, the TypeScript kernel) and opens JupyterLab at the first lesson. Ctrl-C ends it.

  --port N     listen on port N (default: the first free one from 8888 on)
  --no-open    print the address with its token, open no browser
  --help       this text

RLHF_PYTHON=/path/to/python names the Python (3.11 or newer) to set up with.`;

async function main() {
  const options = readOptions();
  if (options.help) return void console.log(help);
  if (options.port !== undefined) await choosePort(options.port); // before a minute of set-up
  const progress = createProgress();
  let opened;
  const engineAfter = new Promise((resolve) => (opened = resolve));
  const { required, engine } = setUp({ progress, engineAfter });
  await required;
  const opening = progress.begin("JupyterLab");
  const lab = await startLab({ port: options.port, open: options.open && hasScreen() });
  opening.end();
  progress.say(`\n  ${lab.url}\n\nCtrl-C ends JupyterLab and its kernels.`);
  if (!isSettled(engineStep)) {
    progress.say("The training engine is now being prepared; the first lessons do not need it.");
  }
  opened();
  engine.catch((error) => progress.say(error.message));
  return await untilEnd(lab.child);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      port: { type: "string" },
      "no-open": { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
    throw new SetupError(`--port needs a number from 1 to 65535, got "${values.port}".`);
  }
  return { port, open: !values["no-open"], help: values.help };
}

// Without a screen Python's browser module takes a text browser, which would sit on the terminal.
function hasScreen() {
  const { DISPLAY, WAYLAND_DISPLAY, BROWSER } = process.env;
  return process.platform !== "linux" || Boolean(DISPLAY || WAYLAND_DISPLAY || BROWSER);
}

/** Passes an interrupt on (a terminal sends it to both, a `kill` only to us) and waits for the kernels to be ended. */
async function untilEnd(child) {
  if (child.exitCode !== null) return child.exitCode;
  const ended = once(child, "exit");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill("SIGTERM"));
  const [code] = await ended;
  return code ?? 0;
}

command(main);
