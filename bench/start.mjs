// What `npm start` costs: the second start against JupyterLab alone, in pairs of one run, and one start from nothing.
//
//   npm run bench -- start [--pairs N] [--cold]     writes bench/results/start.md
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({ options: { pairs: { type: "string" }, cold: { type: "boolean" } } });

/** Seconds from the launch until a line matches; the program is then ended, and waited for. */
async function secondsUntil(pattern, command, args, cwd) {
  const began = performance.now();
  const detached = process.platform !== "win32"; // an interrupt goes to npm and what it started, as from a terminal
  const child = spawn(command, args, { cwd, detached, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let output = "";
  const seconds = await new Promise((resolve, reject) => {
    const look = (data) => {
      output += data;
      if (pattern.test(output)) resolve((performance.now() - began) / 1000);
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.once("close", () => reject(new Error(`${command} ended first:\n${output}`)));
  });
  if (detached) process.kill(-child.pid, "SIGINT");
  else child.kill();
  await ended;
  return seconds;
}

const start = (folder) =>
  secondsUntil(/token=[0-9a-f]{48}/, "npm", ["start", "--", "--no-open"], folder);

const labAlone = () =>
  secondsUntil(
    /is running at/,
    join(root, ".venv", "bin", "python"),
    ["-m", "jupyterlab", "--no-browser", "-y", "--allow-root", "--ServerApp.ip=127.0.0.1"],
    root,
  );

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const show = (number) => number.toFixed(2).padStart(6);

/** What was measured, one Markdown table. */
const table = ["| | `npm start` (s) | JupyterLab alone (s) | bar (s) |", "|---|---|---|---|"];

async function pairs(count) {
  const rows = [];
  for (let i = 0; i < count; i++) {
    const order = i % 2 === 0 ? [start, labAlone] : [labAlone, start];
    const times = new Map();
    for (const run of order) times.set(run, await run(root));
    rows.push([times.get(start), times.get(labAlone)]);
    console.log(
      `pair ${i + 1}: npm start ${show(rows[i][0])} s, JupyterLab alone ${show(rows[i][1])} s`,
    );
  }
  const [ours, bare] = [0, 1].map((column) => rows.map((row) => row[column]));
  table.push(
    `| second start, median of ${count} | ${show(median(ours))} | ${show(median(bare))} | |`,
  );
  const extra = median(rows.map(([one, other]) => one - other));
  table.push(`| difference, median of the pairs | ${show(extra)} | | 1 |`);
}

async function cold() {
  const folder = mkdtempSync(join(tmpdir(), "rlhf cold "));
  try {
    execFileSync("git", ["clone", "--quiet", root, folder]);
    const seconds = show(await start(folder));
    table.push(`| empty clone, package caches as they were | ${seconds} | | 90 |`);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

await start(root); // whatever is stale is done now
await pairs(Number(values.pairs ?? 5));
if (values.cold) await cold();
const about =
  "From the command until an address with its token is printed; `npm start` and JupyterLab alone take turns in one run. " +
  "An empty clone sets everything up first: packages, compiler's output, the native engine. `npm run bench -- start --cold`.";
const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)} at the end.`;
const page = `# Starting\n\n${about}\n\n${table.join("\n")}\n\n${machine}\n`;
console.log(page);
writeFileSync(join(root, "bench", "results", "start.md"), page);
