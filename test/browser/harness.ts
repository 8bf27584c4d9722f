/**
 * A real JupyterLab (and Notebook 7, from the same server) with a real Chromium before it: one of
 * each for every test of a mocha process. The server has its own empty root, settings and runtime
 * folders, listens on loopback with a token, and is stopped by its pid.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium, type Browser } from "playwright-core";
import { NotebookPage, type Application } from "./notebookPage";

export const root = join(__dirname, "../..");
const python = join(
  root,
  process.platform === "win32" ? ".venv/Scripts/python.exe" : ".venv/bin/python",
);

/** Where Chromium is: what the test runner found, else the usual places. */
export function chromiumPath(): string | undefined {
  const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return [process.env["RLHF_CHROMIUM"], ...usual].find((path) => path && existsSync(path));
}

/**
 * Skips the suite, with one line that says what to install, where there is no Chromium.
 * Call it first in a `before`.
 */
export function needChromium(context: Mocha.Context): void {
  if (chromiumPath() !== undefined) return;
  console.log(
    "      skipped: install Chromium (Debian: apt install chromium) or set RLHF_CHROMIUM",
  );
  context.skip();
}

/** A running server with its browser. */
export class Jupyter {
  constructor(
    readonly url: string,
    readonly token: string,
    /** The folder whose notebooks it serves. */
    readonly folder: string,
    private readonly home: string,
    private readonly server: ChildProcess,
    private readonly browser: Browser,
  ) {}

  /** Copies a file into the server's folder and gives its name there. */
  add(path: string, name = basename(path)): string {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    copyFileSync(path, join(this.folder, name));
    return name;
  }

  /**
   * Writes a notebook of code cells for the TypeScript kernel.
   *
   * @param cells one source a cell; a cell that begins with `# ` is Markdown
   */
  write(name: string, cells: readonly string[]): string {
    writeFileSync(join(this.folder, name), JSON.stringify(notebook(cells)));
    return name;
  }

  /**
   * Opens a notebook of the server's folder in a page of its own.
   *
   * @param options.kernel whether to wait until its kernel is idle; true by default
   */
  async open(
    name: string,
    application: Application = "lab",
    { kernel = true }: { kernel?: boolean } = {},
  ): Promise<NotebookPage> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 } });
    const notebookPage = new NotebookPage(await context.newPage(), application);
    await notebookPage.goto(this.address(name, application), kernel);
    return notebookPage;
  }

  /** What Jupyter itself writes to the console for a notebook that has nothing in it. */
  async usualErrors(application: Application): Promise<string[]> {
    const empty = await this.open(
      this.write(`empty-${application}.ipynb`, ["# $x^2$", "1"]),
      application,
    );
    await empty.runAll();
    const { errors } = empty;
    await empty.close();
    return errors;
  }

  /** Where a notebook is, token included. */
  address(name: string, application: Application): string {
    const path = application === "lab" ? `lab/tree/${name}` : `notebooks/${name}`;
    return `${this.url}/${path}?token=${this.token}${application === "lab" ? "&reset" : ""}`;
  }

  /** Restarts every kernel, as the button above a notebook does. */
  async restartKernels(): Promise<void> {
    const headers = { authorization: `token ${this.token}` };
    const list = await fetch(`${this.url}/api/kernels`, { headers });
    for (const { id } of (await list.json()) as { id: string }[]) {
      const path = `${this.url}/api/kernels/${id}/restart`;
      const answer = await fetch(path, { method: "POST", headers });
      if (!answer.ok) throw new Error(`restart: ${answer.status}`);
    }
  }

  /** A bare page, for exported HTML. */
  async page() {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 } });
    return context.newPage();
  }

  async close(): Promise<void> {
    await Promise.all([stop(this.server), this.browser.close()]);
    rmSync(this.home, { recursive: true, force: true, maxRetries: 3 });
  }
}

let shared: Promise<Jupyter> | undefined;

/** The server of this mocha process, started when it is first asked for (about 5 s). */
export function jupyter(): Promise<Jupyter> {
  shared ??= startJupyter();
  return shared;
}

after("stop Jupyter and its browser", async function () {
  this.timeout(60_000);
  const running = shared;
  shared = undefined;
  await (await running?.catch(() => undefined))?.close();
});

async function startJupyter(): Promise<Jupyter> {
  const home = mkdtempSync(join(tmpdir(), "rlhf-jupyter-"));
  const folder = join(home, "notebooks");
  mkdirSync(folder);
  // a notebook finds the library as it does in the clone: from a node_modules above it
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"), "junction");
  writeSettings(join(home, "settings"));
  const token = randomBytes(16).toString("hex");
  const port = await freePort();
  const server = spawn(python, serverArguments(port, token, folder), {
    cwd: home,
    env: serverEnvironment(home),
    stdio: ["ignore", "pipe", "pipe"],
  });
  process.once("exit", () => server.kill()); // also where a test run is cut short
  const log = createWriteStream(join(home, "server.log"));
  server.stdout.pipe(log);
  server.stderr.pipe(log);
  const url = `http://127.0.0.1:${port}`;
  await answering(`${url}/api/status?token=${token}`, server);
  const browser = await launchChromium();
  return new Jupyter(url, token, folder, home, server, browser);
}

function serverArguments(port: number, token: string, folder: string): string[] {
  return [
    ...["-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"],
    ...[`--ServerApp.port=${port}`, "--ServerApp.port_retries=0"],
    ...[`--IdentityProvider.token=${token}`, `--ServerApp.root_dir=${folder}`],
    ...["--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True"],
    ...["--LabApp.news_url=", "--ServerApp.terminals_enabled=False"],
  ];
}

function serverEnvironment(home: string): NodeJS.ProcessEnv {
  const kernels = join(root, ".venv/share/jupyter/kernels/typescript/kernel.json");
  return {
    ...process.env,
    HOME: home,
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: join(home, "settings"),
    JUPYTERLAB_WORKSPACES_DIR: join(home, "workspaces"),
    JUPYTER_PATH: existsSync(kernels) ? "" : writeKernelspec(home),
    RLHF_BUDGET: process.env["RLHF_BUDGET"] ?? "smoke",
    RLHF_STORE: join(home, "store.sqlite"), // not the answers of whoever works here
  };
}

/** Stands in for the kernelspec that the set-up writes, where a checkout was never set up. */
function writeKernelspec(home: string): string {
  const folder = join(home, "share/kernels/typescript");
  const main = join(root, "lib/dist/kernel/main.js");
  const argv = [process.execPath, main, "--config-path", "{connection_file}"];
  mkdirSync(folder, { recursive: true });
  const spec = {
    argv,
    display_name: "TypeScript",
    language: "typescript",
    interrupt_mode: "message",
  };
  writeFileSync(join(folder, "kernel.json"), JSON.stringify(spec));
  return join(home, "share");
}

/** No news, no update check; every output in the page, whether it is in view or not. */
function writeSettings(folder: string): void {
  const settings: Record<string, object> = {
    "apputils-extension/notification": {
      fetchNews: "false",
      checkForUpdates: false,
      doNotDisturbMode: true,
    },
    "notebook-extension/tracker": { windowingMode: "none" },
    "docmanager-extension/plugin": { autosave: false },
  };
  for (const [name, content] of Object.entries(settings)) {
    const path = join(folder, "@jupyterlab", `${name}.jupyterlab-settings`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(content));
  }
}

async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error("No Chromium: call needChromium first.");
  return chromium.launch({
    executablePath,
    args: [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      "--enable-unsafe-swiftshader", // WebGL in software, for surfaces
    ],
  });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (server.exitCode !== null) throw new Error(`Jupyter ended with code ${server.exitCode}.`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error("Jupyter did not answer within 30 s.");
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM"); // stops its kernels as well
  const late = setTimeout(() => server.kill("SIGKILL"), 10_000);
  await ended;
  clearTimeout(late);
}

/** A notebook of these cells, in the format that Jupyter stores. */
export function notebook(cells: readonly string[]): object {
  const kernelspec = { name: "typescript", display_name: "TypeScript", language: "typescript" };
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec, language_info: { name: "typescript" } },
    cells: cells.map((source, i) => ({
      id: `cell-${i}`,
      metadata: {},
      source,
      ...(source.startsWith("# ")
        ? { cell_type: "markdown" }
        : { cell_type: "code", outputs: [], execution_count: null }),
    })),
  };
}

/** Runs a Python module of the course's environment and gives what it printed. */
export function runPython(
  args: readonly string[],
  options: { cwd?: string; home?: string } = {},
): string {
  const home = options.home ?? mkdtempSync(join(tmpdir(), "rlhf-python-"));
  return execFileSync(python, args, {
    cwd: options.cwd ?? root,
    env: serverEnvironment(home),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}
