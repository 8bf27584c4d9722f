// npm run doctor: one table of what was found, what it is used for, what it costs, and what to install for more.
import { parseArgs } from "node:util";
import * as look from "./doctor/look.mjs";
import { formatTable } from "./doctor/table.mjs";
import { command, setUp } from "./setup.mjs";
import { forgetFailures } from "./setup/stamp.mjs";

const help = `npm run doctor [-- options]

Shows what was found on this machine, what it is used for, what it costs, and what to install for more.

  --retry   try again what failed before (the training engine), then show the table
  --json    the same as JSON
  --help    this text`;

async function main() {
  const { values } = parseArgs({
    options: { retry: { type: "boolean" }, json: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) return void console.log(help);
  if (values.retry) await retry();
  const rows = [
    look.machineRow(),
    look.setUpRow(),
    look.nodeRow(),
    await look.pythonRow(),
    look.jupyterRow(),
    look.kernelRow(),
    await look.compilerRow(),
    await look.gpuRow(),
    ...(await look.trainingRows()),
    ...look.systemRows(),
    look.diskRow(),
  ];
  if (values.json) return void console.log(JSON.stringify(rows, null, 2));
  const head = ["Part", "Found", "Used for", "Costs", "For more"];
  const cells = rows.map(({ part, found, used, costs, more }) => [part, found, used, costs, more]);
  console.log(formatTable(head, cells, process.stdout.columns ?? 120));
}

async function retry() {
  forgetFailures();
  const { required, engine } = setUp();
  await required;
  await engine;
}

command(main);
