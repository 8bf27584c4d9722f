// A project folder as a clone leaves it, with stand-ins on the PATH, and a start in it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writeStubs } from "./stubs";

const repository = join(__dirname, "..", "..");

export interface Project {
  readonly folder: string;
  /** Writes a file of the project, its folders made. */
  write(name: string, text: string): void;
  /** What the stand-ins were asked to do, in order. */
  calls(): string[];
  /** The number of the process that the npm stand-in ran in last. */
  npmProcess(): number;
  /** Starts `node … scripts/<name>.mjs`, as the npm script does. */
  launch(name: string, args?: string[], environment?: Record<string, string>): Launched;
  readonly remove: () => void;
}

export interface Launched {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  output(): string;
  /** Waits until the output matches. @throws when the process ends first */
  shows(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Waits for the end. @returns the exit code, or the signal's name */
  ends(): Promise<number | string>;
}

/** A fresh clone's files (in a folder with a space in its name) without anything set up. */
export function makeProject(options: { withPython?: boolean } = {}): Project {
  const base = mkdtempSync(join(tmpdir(), "rlhf set-up "));
  const folder = join(base, "rlhf lab");
  for (const name of ["scripts", "requirements", "requirements.txt", "package.json"]) {
    cpSync(join(repository, name), join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify({ packages: { "": {} } }));
  mkdirSync(join(folder, "lib", "kernel"), { recursive: true });
  writeFileSync(join(folder, "lib", "kernel", "main.ts"), "export {};\n");
  writeFileSync(join(folder, "lib", "index.ts"), "export const answer = 42;\n");
  const stubs = join(base, "programs");
  writeStubs(stubs, options);
  const log = join(base, "calls.log");
  const environment = { PATH: stubs, STUB_LOG: log, HOME: base };
  return {
    folder,
    write: (name, text) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    },
    calls: () => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []),
    npmProcess: () => Number(readFileSync(`${log}.npm`, "utf8")),
    launch: (name, args = [], extra = {}) =>
      launch(folder, name, args, { ...environment, ...extra }),
    remove: () => rmSync(base, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function launch(
  folder: string,
  name: string,
  args: string[],
  env: Record<string, string>,
): Launched {
  const script = ["--require", "./scripts/require-node.cjs", `scripts/${name}.mjs`, ...args];
  const child = spawn(process.execPath, script, {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  let ended: number | string | undefined;
  const append = (data: Buffer): void => void (text += data.toString());
  child.stdout.on("data", append);
  child.stderr.on("data", append);
  const end = once(child, "close").then(
    ([code, signal]) => (ended = (code ?? signal) as number | string),
  );
  const shows = async (pattern: RegExp): Promise<RegExpMatchArray> => {
    for (;;) {
      const match = pattern.exec(text);
      if (match !== null) return match;
      if (ended !== undefined)
        throw new Error(`ended with ${ended} before it showed ${pattern}:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return { child, output: () => text, shows, ends: () => end };
}

/** A listener on a free loopback port. */
export async function occupyPort(): Promise<{ port: number; release: () => void }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return { port: address.port, release: () => void server.close() };
}
