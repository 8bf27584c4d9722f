// What the doctor looks at. A row: the part, what was found, what it is used for, what it costs, what to install for more.
import { execFile } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statfsSync, statSync } from "node:fs";
import { arch, availableParallelism, freemem, totalmem, release, type } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { askPython, environment, findPython, venvProgram } from "../setup/python.mjs";
import { engineStep } from "../setup/engine.mjs";
import { root, state } from "../setup/stamp.mjs";
import { isFresh, knownFailure } from "../setup/steps.mjs";
import { requiredSteps } from "../setup.mjs";
import { systemParts } from "../test/system.mjs";

const row = (part, found, used = "", costs = "", more = "") => ({ part, found, used, costs, more });
const execute = promisify(execFile);

export function machineRow() {
  const memory = `${gigabytes(totalmem())} of memory, ${gigabytes(freemem())} free`;
  return row(
    "Machine",
    `${type()} ${release()} ${arch()}, ${availableParallelism()} cores, ${memory}`,
  );
}

export function nodeRow() {
  const packages = join(root, "node_modules");
  return row(
    "Node",
    `${process.versions.node} (${process.execPath})`,
    "the kernel, the library, the set-up",
    sizeOf(packages, "npm packages"),
  );
}

export async function pythonRow() {
  try {
    const own = existsSync(venvProgram("python")) ? await askPython([venvProgram("python")]) : null;
    const python = own ?? (await findPython());
    const where = own === null ? `${python.path}, no environment made yet` : "in .venv";
    return row(
      "Python",
      `${python.version.join(".")} (${where})`,
      "JupyterLab and nbgrader",
      sizeOf(environment, ".venv"),
    );
  } catch (error) {
    return row("Python", "none that serves", "JupyterLab and nbgrader", "", error.message);
  }
}

/** Versions are read from the folders' names: no interpreter is started for them. */
export function jupyterRow() {
  const versions = ["jupyterlab", "notebook", "nbgrader"].map(
    (name) => `${name} ${installedVersion(name) ?? "missing"}`,
  );
  const missing = versions.some((text) => text.endsWith("missing"));
  return row(
    "JupyterLab",
    versions.join(", "),
    "the page you work in",
    "",
    missing ? "npm start installs them" : "",
  );
}

function installedVersion(name) {
  const libraries = process.platform === "win32" ? [join(environment, "Lib")] : pythonFolders();
  for (const folder of libraries.map((library) => join(library, "site-packages"))) {
    const info = existsSync(folder)
      ? readdirSync(folder).find(
          (entry) => entry.startsWith(`${name}-`) && entry.endsWith(".dist-info"),
        )
      : undefined;
    if (info !== undefined) return info.slice(name.length + 1, -".dist-info".length);
  }
  return null;
}

function pythonFolders() {
  const library = join(environment, "lib");
  return existsSync(library) ? readdirSync(library).map((name) => join(library, name)) : [];
}

export function kernelRow() {
  const file = join(environment, "share", "jupyter", "kernels", "typescript", "kernel.json");
  if (!existsSync(file))
    return row("TypeScript kernel", "not set up yet", "the cells", "", "npm start");
  const [node, main] = JSON.parse(readFileSync(file, "utf8")).argv;
  const broken = [node, main].find((path) => !existsSync(path));
  if (broken !== undefined)
    return row(
      "TypeScript kernel",
      `${broken} is gone`,
      "the cells",
      "",
      "npm start writes it anew",
    );
  return row("TypeScript kernel", "ready", "the cells");
}

export function setUpRow() {
  const stale = requiredSteps.filter((step) => !isFresh(step)).map((step) => step.title);
  if (stale.length === 0) return row("Set-up", "complete");
  return row("Set-up", `to be done: ${stale.join(", ")}`, "", "", "npm start");
}

export async function compilerRow() {
  const use = "building the training engine";
  for (const name of ["g++", "clang++", "c++"]) {
    const version = await firstLine(name, ["--version"]);
    if (version !== null) return row("C++ compiler", version, use);
  }
  return row(
    "C++ compiler",
    "none",
    use,
    "96 MB for the one that is fetched instead",
    "g++ or clang++ (Debian: apt install g++)",
  );
}

export async function gpuRow() {
  const use = "training larger models";
  const cards = await firstLine("nvidia-smi", [
    "--query-gpu=name,driver_version,memory.total",
    "--format=csv,noheader",
  ]);
  if (cards !== null) return row("GPU", cards, use, "about 3 GB for CUDA's libraries");
  const driver = existsSync("/proc/driver/nvidia/version");
  if (driver)
    return row(
      "GPU",
      "an NVIDIA driver, but nvidia-smi does not answer",
      "",
      "",
      "a driver that works",
    );
  return row(
    "GPU",
    "no NVIDIA driver",
    "",
    "",
    "nothing is missing: every lesson runs on the CPU; a card shortens the capstone",
  );
}

export function systemRows() {
  return Object.values(systemParts).map((part) => {
    const found = process.env[part.variable] ?? part.find();
    const more = found === null ? `Debian: apt install ${part.packages.join(" ")}` : "";
    return row(part.title, found ?? "not found", part.use, "", more);
  });
}

export function diskRow() {
  const { bavail, bsize } = statfsSync(root);
  return row("Disk", `${gigabytes(bavail * bsize)} free`, "", sizeOf(state, ".setup"));
}

/** The engine's own rows, from a child process with its time; a crash is a row that says so. */
export async function trainingRows() {
  const known = knownFailure(engineStep);
  const failed =
    known === null
      ? []
      : [row("Training engine", "not built", "", "", `${known} Then: npm run doctor -- --retry`)];
  if (!existsSync(join(root, "lib", "dist", "tensor", "doctor.js"))) return failed;
  try {
    const file = join(root, "scripts", "doctor", "training.mjs");
    const { stdout } = await execute(process.execPath, [file], {
      timeout: 60_000,
      maxBuffer: 1 << 24,
    });
    return [...failed, ...JSON.parse(stdout.trim().split("\n").at(-1))];
  } catch (error) {
    const last =
      String(error.stderr ?? "")
        .trim()
        .split("\n")
        .at(-1) || error.message;
    const why = error.killed ? "did not answer within 60 s" : `failed: ${last}`;
    return [
      ...failed,
      row("Training", why, "", "", "npm run doctor -- --retry builds the engine again"),
    ];
  }
}

async function firstLine(program, args) {
  try {
    const { stdout } = await execute(program, args, { timeout: 10_000 });
    return stdout.split("\n")[0].trim() || null;
  } catch {
    return null; // not there, or it does not answer: that is what the row says
  }
}

function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function sizeOf(folder, name) {
  return existsSync(folder) ? `${Math.round(bytesUnder(folder, new Set()) / 1e6)} MB, ${name}` : "";
}

/** Files with several names (uv and npm link them) count once. */
function bytesUnder(folder, seen) {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sum += bytesUnder(path, seen);
    else if (entry.isFile()) {
      const { ino, size } = statSync(path);
      if (!seen.has(ino)) sum += size;
      seen.add(ino);
    }
  }
  return sum;
}
