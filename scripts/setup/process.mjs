// Child processes: their output goes to a log, their failure becomes one sentence, none is left behind.
import { spawn } from "node:child_process";
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root, shortPath, state } from "./stamp.mjs";

/** Something a person can read and act on: shown as it is, without a stack. */
export class SetupError extends Error {
  /**
   * @param options.transient the same try may go through later (a network that is down)
   * @param options.tolerable what was made can be used all the same
   */
  constructor(message, { transient = false, tolerable = false, output = "" } = {}) {
    super(message);
    this.transient = transient;
    this.tolerable = tolerable;
    this.output = output;
  }
}

const network =
  /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH|getaddrinfo|name resolution|dns error|[Ff]ailed to fetch|NewConnectionError|Could not connect|tcp connect error/;
const diskFull = /ENOSPC|No space left on device|not enough space on the disk/i;
const children = new Set();

/**
 * Runs a program to its end, with its output in .setup/log/<log>.log.
 *
 * @param options.log     name of the log file
 * @param options.doing   what it does, for the error: "installing the npm packages"
 * @param options.onLine  called with every line of output
 * @param options.minutes it is ended, and has failed, after so long
 * @returns everything it printed
 * @throws SetupError in one sentence when it cannot be started or exits with another code than 0
 */
export async function run(command, args, options = {}) {
  const {
    cwd = root,
    env = process.env,
    log = "setup",
    doing = command,
    onLine,
    minutes,
  } = options;
  const file = logFile(log);
  const record = createWriteStream(file, { flags: "a" });
  record.write(`\n$ ${command} ${args.join(" ")}\n`);
  const timeout = minutes === undefined ? undefined : minutes * 60_000;
  const child = spawn(command, args, { cwd, env, timeout, stdio: ["ignore", "pipe", "pipe"] });
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      record.write(`${line}\n`);
      onLine?.(line);
    });
  }
  const forget = remember(child);
  try {
    const code = await ending(child);
    if (code !== 0) throw failure(doing, code, lines, file);
    return lines.join("\n");
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(
      `${capital(doing)} failed: ${command} could not be started (${error.message}).`,
    );
  } finally {
    forget();
    record.end();
  }
}

function ending(child) {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
}

function failure(doing, code, lines, file) {
  const output = lines.join("\n");
  const where = `Its output is in ${shortPath(file)}.`;
  if (diskFull.test(output)) {
    return new SetupError(
      `${capital(doing)} failed: the disk is full. Free some space and run the command again.`,
      { transient: true, output },
    );
  }
  if (network.test(output)) {
    return new SetupError(
      `${capital(doing)} needs the network once, and it could not be reached. Check the connection and run the command again; what is done stays done. ${where}`,
      { transient: true, output },
    );
  }
  const last = lines.filter((line) => line.trim() !== "").at(-1) ?? "no output";
  return new SetupError(`${capital(doing)} failed (exit ${code}): ${last.trim()} ${where}`, {
    output,
  });
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The path of a log, its folder made. */
export function logFile(name) {
  mkdirSync(join(state, "log"), { recursive: true });
  return join(state, "log", `${name}.log`);
}

/** When a process began, in the system's own clock, or "" where the system does not tell: tells a process from a later one with its number. */
export function startOf(pid) {
  const stat = `/proc/${pid}/stat`;
  if (!existsSync(stat)) return "";
  try {
    const text = readFileSync(stat, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" "); // from field 3 on: the name before it may hold spaces
    return fields[0] === "Z" ? "" : fields[19]; // field 22; a zombie runs no more
  } catch (error) {
    if (error.code === "ESRCH" || error.code === "ENOENT") return ""; // it ended between the two looks
    throw error;
  }
}

/** Whether the very process that was `{ pid, started }` still runs. */
export function isAlive({ pid, started }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === "ESRCH") return false;
    if (error.code !== "EPERM") throw error;
  }
  return started === "" || startOf(pid) === started;
}

// A set-up that is killed outright cannot end its children; they are written down so that the next one can.
function remember(child) {
  children.add(child);
  const folder = join(state, "running");
  const note = join(folder, String(child.pid));
  if (child.pid !== undefined) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      note,
      JSON.stringify({
        pid: child.pid,
        started: startOf(child.pid),
        owner: process.pid,
        ownerStarted: startOf(process.pid),
      }),
    );
  }
  return () => {
    children.delete(child);
    rmSync(note, { force: true });
  };
}

/** Ends what a killed set-up of this folder left running, so that it cannot write where we do. */
export function endOrphans() {
  const folder = join(state, "running");
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), "utf8");
    const note = text === "" ? null : JSON.parse(text);
    if (note !== null && isAlive({ pid: note.owner, started: note.ownerStarted })) continue;
    if (note !== null && note.started !== "" && isAlive(note)) process.kill(note.pid, "SIGKILL");
    rmSync(join(folder, name), { force: true });
  }
}

/** Ends the children of this process. */
export function endChildren() {
  for (const child of children) child.kill();
}
