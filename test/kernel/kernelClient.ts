/** A kernel under test, spoken to through jupyter_client (driver.py). */
import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const root = resolve(__dirname, "../..");
export const python =
  process.platform === "win32"
    ? join(root, ".venv/Scripts/python.exe")
    : join(root, ".venv/bin/python");

const entry = join(root, "lib/dist/kernel/main.js");

export interface Message {
  readonly type: string;
  readonly parent: string;
  readonly content: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly buffers: readonly string[];
}

/** The reply to a request with the output it caused. */
export interface Result {
  readonly reply: Record<string, unknown>;
  readonly type: string;
  readonly messages: readonly Message[];
}

type Answer = Record<string, unknown>;

/** Compiles the kernel when its sources are newer than what was compiled. */
export function buildKernel(): void {
  const sources = readdirSync(join(root, "lib/kernel")).map((file) =>
    join(root, "lib/kernel", file),
  );
  const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  if (existsSync(entry) && statSync(entry).mtimeMs >= newest) return;
  try {
    execFileSync(process.execPath, [
      join(root, "node_modules/typescript/bin/tsc"),
      "-p",
      join(root, "lib"),
    ]);
  } catch (error) {
    const { stdout } = error as { stdout: Buffer };
    if (stdout.includes("kernel/")) throw new Error(stdout.toString(), { cause: error });
  }
}

/** A folder with a kernelspec "typescript" that starts the kernel of this checkout. */
export function kernelspecFolder(main = entry): string {
  const folder = mkdtempSync(join(tmpdir(), "rlhf-kernelspec-"));
  const spec = {
    argv: [process.execPath, main, "--config-path", "{connection_file}"],
    display_name: "TypeScript",
    language: "typescript",
  };
  mkdirSync(join(folder, "kernels/typescript"), { recursive: true });
  writeFileSync(join(folder, "kernels/typescript/kernel.json"), JSON.stringify(spec));
  return folder;
}

export class KernelClient {
  pid = 0;
  private unread = "";
  private answered: ((line: string) => void) | undefined;

  private constructor(
    private readonly driver: ChildProcessWithoutNullStreams,
    private readonly jupyterPath: string,
  ) {
    driver.stdout.setEncoding("utf8").on("data", (text: string) => this.read(text));
    driver.stderr.pipe(process.stderr);
  }

  /** @param cwd folder in which the notebook would lie */
  static async start(
    cwd = join(root, "notebooks"),
    env: Record<string, string> = {},
    main = entry,
  ): Promise<KernelClient> {
    buildKernel();
    const jupyterPath = kernelspecFolder(main);
    const driver = spawn(python, [join(__dirname, "driver.py")], {
      env: { ...process.env, JUPYTER_PATH: jupyterPath },
    });
    const client = new KernelClient(driver, jupyterPath);
    client.pid = (await client.ask("start", { cwd, env })).pid as number;
    return client;
  }

  async ask(command: string, parameters: Answer = {}): Promise<Answer> {
    this.driver.stdin.write(`${JSON.stringify({ do: command, ...parameters })}\n`);
    const line = await new Promise<string>((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`driver.py ended: ${code}`));
      this.driver.once("exit", ended);
      this.answered = (text) => {
        this.driver.off("exit", ended);
        resolve(text);
      };
    });
    const answer = JSON.parse(line) as Answer;
    if (answer.failure !== undefined) throw new Error(`${command}: ${answer.failure as string}`);
    return answer;
  }

  /** The driver answers each command with one line. */
  private read(text: string): void {
    this.unread += text;
    const end = this.unread.indexOf("\n");
    if (end < 0) return;
    const line = this.unread.slice(0, end);
    this.unread = this.unread.slice(end + 1);
    this.answered?.(line);
  }

  /** Sends a request without waiting; its id. */
  async send(type: string, content: Answer, more: Answer = {}): Promise<string> {
    return (await this.ask("send", { type, content, ...more })).id as string;
  }

  async result(id: string, channel = "shell", timeout = 60): Promise<Result> {
    return (await this.ask("result", { id, channel, timeout })) as unknown as Result;
  }

  async request(type: string, content: Answer = {}, channel = "shell"): Promise<Result> {
    return this.result(await this.send(type, content, { channel }), channel);
  }

  /** Sends a cell without waiting; its id. */
  submit(code: string, more: Answer = {}): Promise<string> {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
    };
    return this.send("execute_request", { ...content, stop_on_error: true, ...more });
  }

  async execute(code: string, more: Answer = {}): Promise<Result> {
    return this.result(await this.submit(code, more));
  }

  /** All that was broadcast until `seconds` from now. */
  async collect(seconds: number): Promise<Message[]> {
    return (await this.ask("collect", { seconds })).messages as Message[];
  }

  async stop(): Promise<void> {
    this.driver.stdin.end();
    await new Promise((done) => this.driver.once("exit", done));
    rmSync(this.jupyterPath, { recursive: true });
  }
}

/** Contents of the messages of one type. */
export function ofType(result: Pick<Result, "messages">, type: string): Record<string, unknown>[] {
  return result.messages.filter((message) => message.type === type).map(({ content }) => content);
}

/** What a cell printed. */
export function printed(result: Pick<Result, "messages">, name = "stdout"): string {
  const texts = ofType(result, "stream").filter((content) => content.name === name);
  return texts.map((content) => String(content.text)).join("");
}

/** The text of a cell's result; undefined when it has none. */
export function value(result: Pick<Result, "messages">): string | undefined {
  const [content] = ofType(result, "execute_result");
  return (content?.data as Record<string, string> | undefined)?.["text/plain"];
}

export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  /** Without colours. */
  readonly traceback: string;
}

/** The one error of a cell. */
export function error(result: Pick<Result, "messages">): ErrorContent {
  const errors = ofType(result, "error");
  if (errors.length !== 1)
    throw new Error(`Expected one error, got ${JSON.stringify(result.messages)}`);
  const { ename, evalue, traceback } = errors[0] as {
    ename: string;
    evalue: string;
    traceback: string[];
  };
  // eslint-disable-next-line no-control-regex
  return { ename, evalue, traceback: traceback.join("\n").replace(/\u001b\[\d+m/g, "") };
}
