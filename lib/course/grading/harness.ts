/**
 * Runs inside the sandbox, beside the submission's code, and is therefore trusted with nothing:
 * whatever it writes may be forged, and the parent believes no more than that a value was sent.
 *
 * Reads one JSON object from standard input, { pieces, calls }, runs the pieces like cells of a
 * notebook (later ones see earlier ones, anything may be declared again, await works), makes the
 * calls, and writes one JSON line an event to file descriptor 3. Stands alone: imports Node only.
 *
 * What it uses after the first piece ran is taken aside before, so that a solution which replaces
 * `JSON` or `Array.prototype` harms nobody, not even itself.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { Session } from "node:inspector";

interface Job {
  readonly pieces: readonly { readonly cell: string; readonly code: string }[];
  /** pieces that hung or ended the process before and are left out now */
  readonly skip: readonly number[];
  /** `inputs` is JSON text, parsed anew for each call */
  readonly calls: readonly { readonly name: string; readonly inputs: string }[];
  /** path of the TypeScript compiler inside the sandbox */
  readonly compiler: string;
}

const parse = JSON.parse.bind(JSON);
const stringify = JSON.stringify.bind(JSON);
const isArray = Array.isArray.bind(Array);
const isFinite = Number.isFinite.bind(Number);
const isView = ArrayBuffer.isView.bind(ArrayBuffer);
const evaluate = eval; // the indirect one: sees the pieces' top level
const write = writeSync;
const ThePromise = Promise;
const exit = process.exit.bind(process);
const entriesAllowed = 20_000;

function send(line: string): void {
  write(3, line + "\n");
}

/** JavaScript of every piece; a piece with a syntax error costs only itself. */
function compile(job: Job): (string | { error: string })[] {
  mkdirSync("in");
  const files = job.pieces.map(({ code }, i) => {
    writeFileSync(`in/${i}.ts`, code);
    return `in/${i}.ts`;
  });
  const all = spawnSync(job.compiler, [...files, "--outdir=out", "--log-level=error"]);
  if (all.status === 0) return files.map((_, i) => readFileSync(`out/${i}.js`, "utf8"));
  return files.map((file) => {
    const one = spawnSync(job.compiler, [file, "--log-level=error"], { encoding: "utf8" });
    return one.status === 0 ? one.stdout : { error: firstLine(one.stderr) };
  });
}

function firstLine(stderr: string): string {
  const line = stderr.split("\n").find((text) => text.includes("[ERROR]"));
  return `it does not compile: ${line?.replace(/^.*\[ERROR\] /, "") ?? "the compiler stopped"}`;
}

/** Runs a piece in V8's own console mode: top-level await, and names may be declared again. */
function runPiece(session: Session, code: string): Promise<string | undefined> {
  return new ThePromise((resolve) => {
    const request = { expression: code, replMode: true, awaitPromise: true };
    session.post("Runtime.evaluate", request as never, (failure, result) => {
      const thrown = (result as { exceptionDetails?: { exception?: { description?: string } } })
        ?.exceptionDetails;
      if (failure !== null) resolve(failure.message);
      else resolve(thrown && (thrown.exception?.description ?? "an error").split("\n", 1)[0]);
    });
  });
}

/** A value as JSON, without calling anything that the value or a prototype brings along. */
function encode(value: unknown, budget: { entries: number }): string {
  if (budget.entries-- <= 0) return `{"kind":"a list of too many entries"}`;
  if (typeof value === "number") return isFinite(value) ? `${value}` : `{"number":"${value}"}`;
  if (typeof value === "string") {
    return stringify(value.length > 200 ? `${value}`.substring(0, 200) : value);
  }
  if (typeof value === "boolean" || value === null) return `${value}`;
  if (typeof value !== "object" && typeof value !== "function") return `{"kind":"${typeof value}"}`;
  if (typeof value === "function") return `{"kind":"function"}`;
  if (!isArray(value) && !isView(value)) return `{"kind":"object"}`;
  const list = value as ArrayLike<unknown>;
  let text = "[";
  for (let i = 0; i < list.length && budget.entries > 0; i++) {
    text += (i === 0 ? "" : ",") + encode(list[i], budget);
  }
  return `${text}]`;
}

function messageOf(error: unknown): string {
  try {
    const message: unknown = error instanceof Error ? error.message : `${error as string}`;
    return typeof message === "string" ? stringify(`${message}`.substring(0, 300)) : `"an error"`;
  } catch {
    return `"an error"`;
  }
}

function answer(name: string, inputs: string): string {
  try {
    const call = parse(inputs) as unknown[];
    const implementation = evaluate(name) as (...inputs: unknown[]) => unknown;
    const value = implementation(...call);
    if (value instanceof ThePromise) {
      value.catch(() => undefined);
      return `"threw":"the function is async: it returned a promise instead of its answer"`;
    }
    const budget = { entries: entriesAllowed };
    return `"value":${encode(value, budget)},"after":${encode(call, { entries: entriesAllowed })}`;
  } catch (error) {
    return `"threw":${messageOf(error)}`;
  }
}

/** Stand-ins for what a notebook imports from the course; a grader shows no hints. */
const prelude =
  "var check = async () => {}, hint = () => {}, solution = () => {}, predict = async () => {}, reveal = () => {};";

async function main(): Promise<void> {
  const job = parse(readFileSync(0, "utf8")) as Job;
  const code = compile(job);
  const skipped = code.map((_, i) => job.skip.includes(i));
  const session = new Session();
  session.connect();
  await runPiece(session, prelude);
  for (let i = 0; i < code.length; i++) {
    const piece = code[i];
    if (skipped[i]) continue;
    send(`{"starts":${i}}`);
    const error = typeof piece === "string" ? await runPiece(session, piece) : piece.error;
    if (error !== undefined) send(`{"piece":${i},"error":${messageOf(error)}}`);
  }
  send(`{"ready":true}`);
  for (let i = 0; i < job.calls.length; i++) {
    send(`{"call":${i},${answer(job.calls[i].name, job.calls[i].inputs)}}`);
  }
  exit(0);
}

process.on("uncaughtException", () => undefined); // a student's timer may throw; the calls go on
process.on("unhandledRejection", () => undefined);
void main();
