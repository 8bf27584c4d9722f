// npm run build: the library, the widgets' front ends, and the notebooks from their sources.
import { parseArgs } from "node:util";
import { command, setUp } from "./setup.mjs";
import { run, SetupError } from "./setup/process.mjs";
import { createProgress } from "./setup/progress.mjs";
import { venvProgram } from "./setup/python.mjs";

const help = `npm run build [-- --check]

Compiles lib/ to lib/dist with the widgets' front ends, and builds notebooks/*.ipynb from notebooks/source/*.ts.

  --check   build no notebook; say which differ from their sources, and fail if any does
  --help    this text`;

async function main() {
  const { values } = parseArgs({
    options: { check: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) return void console.log(help);
  const progress = createProgress();
  await setUp({ progress }).required;
  return await buildNotebooks(values.check ? ["--check"] : []);
}

async function buildNotebooks(flags) {
  const args = ["scripts/build_notebooks.py", ...flags, "notebooks/source", "notebooks"];
  try {
    await run(venvProgram("python"), args, {
      log: "notebooks",
      doing: "building the notebooks",
      onLine: (line) => console.log(line),
    });
    console.log("The notebooks agree with their sources.");
    return 0;
  } catch (error) {
    if (error instanceof SetupError) return 1; // what differs has been printed
    throw error;
  }
}

command(main);
