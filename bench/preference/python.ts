import { execFileSync, spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(__dirname, "..", "..");
const requirements = join(__dirname, "requirements.txt");

/**
 * The Python of this bench, with its own pinned packages under .setup/bench/preference (not the
 * course's environment); made at the first run and when requirements.txt changes.
 */
function python(): string {
  const folder = join(root, ".setup", "bench", "preference");
  const stamp = join(folder, "stamp");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  const program = join(folder, "bin", "python");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return program;
  console.error("Installing the Python packages of this bench into .setup/bench/preference …");
  mkdirSync(folder, { recursive: true });
  execFileSync("python3", ["-m", "venv", folder], { stdio: "inherit" });
  execFileSync(program, ["-m", "pip", "install", "-q", "-r", requirements], { stdio: "inherit" });
  writeFileSync(stamp, wanted);
  return program;
}

/** What one run of a contender took; strengths is a file of doubles where it makes some. */
export interface PythonRun {
  wall: number;
  cpu: number;
  strengths?: string;
  failed?: string;
}

/** The process in which all Python contenders run, one command at a time. */
export class PythonContenders {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    this.#child = spawn(python(), [join(__dirname, "contenders.py")]);
    this.#child.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async load(folder: string): Promise<void> {
    await this.#ask({ load: folder });
  }

  async run(contender: string): Promise<PythonRun> {
    return (await this.#ask({ run: contender })) as PythonRun;
  }

  close(): void {
    this.#child.stdin.end();
  }

  async #ask(command: object): Promise<unknown> {
    this.#child.stdin.write(JSON.stringify(command) + "\n");
    const answer = await this.#lines.next();
    if (answer.done) throw new Error("The Python contenders ended without an answer.");
    return JSON.parse(answer.value);
  }
}
