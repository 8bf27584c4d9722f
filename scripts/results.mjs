// npm run results: every experiment over its full number of seeds, into RESULTS.md. May be interrupted.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const help = `npm run results [-- options] [RECIPE …]

Runs the experiments of the lessons over many seeds and writes RESULTS.md. A recipe is a file in results/,
named by its beginning: "05" is all of lesson 05, "05-ppo" one; all of them by default. Each seed that is done
is kept, so a run that is interrupted (Ctrl-C) goes on where it stopped when it is started again.

  --budget NAME   smoke, quick or full: how many seeds (RLHF_BUDGET, else full)
  --list          the recipes there are
  --write         run nothing, only write RESULTS.md from the seeds that are kept
  --recipes DIR   where the recipes are (results)
  --data DIR      where the seeds are kept (results/data)
  --output FILE   what is written (RESULTS.md)
  --help          this text`;

const options = {
  budget: { type: "string", default: process.env.RLHF_BUDGET ?? "full" },
  list: { type: "boolean" },
  write: { type: "boolean" },
  recipes: { type: "string" },
  data: { type: "string" },
  output: { type: "string" },
  help: { type: "boolean" },
};

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

function read() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    return undefined;
  }
}

function main() {
  const parsed = read();
  if (parsed === undefined) return void (process.exitCode = 1);
  const { budget, help: wanted, ...values } = parsed.values;
  if (wanted) return console.log(help);
  if (!["smoke", "quick", "full"].includes(budget)) {
    console.error(`--budget must be smoke, quick or full, got "${budget}".`);
    return void (process.exitCode = 1);
  }
  const passed = Object.entries(values).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, value],
  );
  const words = ["--import", "tsx", join(root, "results", "main.ts"), ...passed];
  const child = spawn(process.execPath, [...words, ...parsed.positionals], {
    stdio: "inherit",
    cwd: root,
    env: { ...process.env, RLHF_BUDGET: budget },
  });
  process.on("SIGINT", () => undefined); // the child gets it too, and ends
  child.on("exit", (code) => (process.exitCode = code ?? 1));
}

main();
