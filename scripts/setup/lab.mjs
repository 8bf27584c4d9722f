// JupyterLab: where it listens, what it opens first, and how it ends.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, openSync, closeSync, readdirSync, readFileSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { logFile, SetupError } from "./process.mjs";
import { venvProgram } from "./python.mjs";
import { root, shortPath, state } from "./stamp.mjs";

const loopback = "127.0.0.1";

/** Whether nobody listens on a loopback port. */
export function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, loopback, () => probe.close(() => resolve(true)));
  });
}

/** The port asked for, or the first free one from 8888 on. @throws SetupError when the one asked for is taken */
export async function choosePort(wanted) {
  if (wanted !== undefined) {
    if (await isFree(wanted)) return wanted;
    throw new SetupError(
      `Port ${wanted} is in use or not allowed. Choose another one, or leave --port out and a free one is taken.`,
    );
  }
  for (let port = 8888; port < 8988; port++) if (await isFree(port)) return port;
  throw new SetupError(
    "No free port between 8888 and 8987. Name one yourself: npm start -- --port 9000.",
  );
}

/** The lesson that opens first, as a path below the project's folder; null before there is any. */
export function firstLesson() {
  const folder = join(root, "notebooks");
  const lessons = existsSync(folder)
    ? readdirSync(folder).filter((name) => name.endsWith(".ipynb"))
    : [];
  return lessons.length === 0 ? null : `notebooks/${lessons.sort()[0]}`;
}

/**
 * Starts JupyterLab on the loopback address, behind a token, in the project's folder.
 *
 * @param options.port the port asked for; undefined: the first free one
 * @returns `{ url, child }` once it answers
 * @throws SetupError when it ends instead
 */
export async function startLab({ port: wanted, open }) {
  for (;;) {
    const port = await choosePort(wanted);
    const lab = await launch(port, open);
    if (lab !== null) return lab;
    const taken = wanted === undefined && !(await isFree(port)); // another start was quicker
    if (!taken)
      throw new SetupError(
        `JupyterLab ended before it answered: ${lastError()} Its log is ${shortPath(logFile("jupyter"))}.`,
      );
  }
}

async function launch(port, open) {
  const token = randomBytes(24).toString("hex");
  const lesson = firstLesson();
  const page = lesson === null ? "/lab" : `/lab/tree/${lesson}`;
  const output = openSync(logFile("jupyter"), "w");
  const child = spawn(
    venvProgram("python"),
    ["-m", "jupyterlab", ...labArguments(port, page, open)],
    {
      cwd: root,
      env: labEnvironment(token),
      stdio: ["ignore", output, output],
    },
  );
  closeSync(output);
  if (!(await answering(child, port, token))) return null;
  return { child, url: `http://${loopback}:${port}${page}?token=${token}` };
}

/** Waits until the server answers its token. @returns false when it ends instead */
async function answering(child, port, token) {
  let ended = false;
  child.once("exit", () => (ended = true));
  child.once("error", () => (ended = true));
  while (!(await answers(port, token))) {
    if (ended) return false;
    await sleep(40);
  }
  return true;
}

function labArguments(port, page, open) {
  const flags = [
    `--ServerApp.root_dir=${root}`,
    `--ServerApp.ip=${loopback}`,
    `--ServerApp.port=${port}`,
    "--ServerApp.port_retries=0",
    `--ServerApp.open_browser=${open ? "True" : "False"}`,
    `--LabApp.open_browser=${open ? "True" : "False"}`,
    `--LabApp.default_url=${page}`,
    "-y", // one Ctrl-C ends it, without a question
  ];
  return process.getuid?.() === 0 ? [...flags, "--allow-root"] : flags;
}

// The student's own Jupyter, its passwords, extensions and kernels, stays out of the course and the course out of it.
function labEnvironment(token) {
  const home = join(state, "jupyter");
  return {
    ...process.env,
    PYTHONDONTWRITEBYTECODE: "", // compiled once, each start is a second shorter
    JUPYTER_TOKEN: token,
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_CONFIG_PATH: join(root, "exercises"), // formgrader finds the course, and grades behind walls
    JUPYTER_PATH: [join(root, "exercises", "jupyter"), process.env.JUPYTER_PATH] // its formulas need no network
      .filter(Boolean)
      .join(delimiter),
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    PATH: `${dirname(venvProgram("python"))}${delimiter}${process.env.PATH ?? ""}`,
  };
}

function answers(port, token) {
  return new Promise((resolve) => {
    const request = get(
      {
        host: loopback,
        port,
        path: "/api",
        headers: { Authorization: `token ${token}` },
        timeout: 2000,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.once("error", () => resolve(false));
    request.once("timeout", () => request.destroy());
  });
}

function lastError() {
  const lines = readFileSync(logFile("jupyter"), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  return (
    lines.findLast((line) => /error|critical/i.test(line)) ?? lines.at(-1) ?? "it printed nothing."
  );
}
