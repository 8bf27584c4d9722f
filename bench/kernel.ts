/**
 * The kernel beside plain tslab and Python's ipykernel, in one interleaved run: start, first cell
 * with an import, the cost of a cell, memory over 1,000 cells, and a hot loop.
 *
 *     npm run bench -- kernel [rounds]      writes bench/results/kernel.md
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { median, quantile } from "../lib/index";

const root = resolve(__dirname, "..");
const python = join(
  root,
  process.platform === "win32" ? ".venv/Scripts/python.exe" : ".venv/bin/python",
);
const rounds = Number(process.argv[2] ?? 3);
const cells = 100;
const long = 1000;
const names = ["typescript", "tslab", "python3"];

interface Round {
  ready: number; // s until the kernel answers
  first: number; // s, first cell, with an import
  cells: number[]; // s each
  memory: number[]; // MB, early and at the end
}

/** A folder with kernelspecs for this checkout's kernel and for tslab as it comes. */
function kernelspecs(): string {
  const folder = mkdtempSync(join(tmpdir(), "rlhf-bench-"));
  const specs = {
    typescript: [
      process.execPath,
      join(root, "lib/dist/kernel/main.js"),
      "--config-path",
      "{connection_file}",
    ],
    tslab: [
      process.execPath,
      join(root, "node_modules/tslab/bin/tslab"),
      "kernel",
      "--config-path",
      "{connection_file}",
    ],
    python3: [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
  };
  for (const [name, argv] of Object.entries(specs)) {
    mkdirSync(join(folder, "kernels", name), { recursive: true });
    const spec = { argv, display_name: name, language: name };
    writeFileSync(join(folder, "kernels", name, "kernel.json"), JSON.stringify(spec));
  }
  return folder;
}

function ms(seconds: number[]): string {
  const of = (q: number): string => (1000 * quantile(seconds, q)).toFixed(0);
  return `${(1000 * median(seconds)).toFixed(0)} (${of(0.25)}–${of(0.75)})`;
}

/** A loop over a cell's own variable, and the same in a function of a module; ns a pass. */
function hotLoop(folder: string): string {
  const script = `
import re
from jupyter_client.manager import start_new_kernel
for name in ["typescript", "tslab"]:
    manager, client = start_new_kernel(kernel_name=name, startup_timeout=120)
    got = []
    def hook(message):
        c = message["content"]
        got.append(c.get("text") or c.get("data", {}).get("text/plain") or "")
    for _ in range(3):
        client.execute_interactive("""const passes = 3e6; const began = performance.now(); let sum = 0;
for (let i = 0; i < passes; i++) sum += i & 3;
const inCell = performance.now() - began;
const inFunction = () => { const from = performance.now(); let s = 0; for (let i = 0; i < passes; i++) s += i & 3; return s > 0 ? performance.now() - from : 0; };
inFunction(); console.log("hot", 1e6 * inCell / passes, 1e6 * inFunction() / passes);""", timeout=120, output_hook=hook)
    found = [m.group(0).split()[1:] for m in re.finditer(r"hot \\S+ \\S+", "".join(got))]
    best = [min(float(f[k]) for f in found) for k in (0, 1)]
    print(f"| {name} | {best[0]:.1f} | {best[1]:.1f} |")
    client.stop_channels(); manager.shutdown_kernel(now=True)
`;
  const env = { ...process.env, JUPYTER_PATH: folder };
  return execFileSync(python, ["-c", script], {
    env,
    cwd: join(root, "notebooks"),
    encoding: "utf8",
  });
}

function report(results: Record<string, Round[]>, longRun: Round, loops: string): string {
  const rows = names.map((name) => {
    const all = results[name] ?? [];
    const each = all.flatMap((round) => round.cells);
    const start = ms(all.map(({ ready }) => ready));
    return `| ${name} | ${start} | ${ms(all.map(({ first }) => first))} | ${ms(each)} |`;
  });
  const [early = NaN, late = NaN] = longRun.memory;
  return [
    "# The kernel",
    "",
    `${rounds} interleaved rounds of ${cells} cells, ms: median (quartiles). ${cpus().length} cores, Node ${process.version}.`,
    "",
    "| kernel | start | first cell, with an import | a cell |",
    "|---|---|---|---|",
    ...rows,
    "",
    `Memory of the TypeScript kernel: ${early.toFixed(0)} MB after 50 cells, ${late.toFixed(0)} MB after ${long}; ` +
      `a cell then takes ${ms(longRun.cells.slice(-100))} ms.`,
    "",
    "A hot loop over a cell's own variable, and in a function of the cell; ns a pass, best of three:",
    "",
    "| kernel | at the top of the cell | in a function |",
    "|---|---|---|",
    loops.trimEnd(),
    "",
  ].join("\n");
}

const folder = kernelspecs();
try {
  const parameters = [rounds, cells, long].map(String);
  const output = execFileSync(
    python,
    [join(__dirname, "kernel/measure.py"), ...parameters, ...names],
    {
      env: { ...process.env, JUPYTER_PATH: folder },
      cwd: join(root, "notebooks"),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const { rounds: results, long: longRun } = JSON.parse(output) as {
    rounds: Record<string, Round[]>;
    long: Round;
  };
  const text = report(results, longRun, hotLoop(folder));
  mkdirSync(join(__dirname, "results"), { recursive: true });
  writeFileSync(join(__dirname, "results/kernel.md"), text);
  console.log(text);
} finally {
  rmSync(folder, { recursive: true });
}
