import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Launched, makeProject, occupyPort, type Project } from "./project";

const address = /http:\/\/127\.0\.0\.1:(\d+)(\/lab\S*)\?token=([0-9a-f]{48})/;

describe("npm start", function () {
  this.timeout(60_000); // many processes start here; a busy machine takes its time
  let project: Project;
  const launched: Launched[] = [];

  function start(args: string[] = [], environment: Record<string, string> = {}): Launched {
    const one = project.launch("start", ["--no-open", ...args], environment);
    launched.push(one);
    return one;
  }

  async function stop(one: Launched): Promise<number | string> {
    one.child.kill("SIGINT");
    return await one.ends();
  }

  beforeEach(() => void (project = makeProject()));

  afterEach(async () => {
    for (const one of launched.splice(0)) {
      if (one.child.exitCode === null && one.child.signalCode === null) await stop(one);
    }
    project.remove();
  });

  it("goes from nothing to an address that answers its token, in a folder with spaces", async () => {
    const one = start();
    const [, port, page, token] = await one.shows(address);
    assert.equal(page, "/lab");
    assert.equal(await status(Number(port), token), 200);
    assert.equal(await status(Number(port), "wrong"), 403);
    const kernel = join(project.folder, ".venv/share/jupyter/kernels/typescript/kernel.json");
    const { argv } = JSON.parse(readFileSync(kernel, "utf8")) as { argv: string[] };
    const main = join(project.folder, "lib/dist/kernel/main.js");
    assert.deepEqual(argv, [process.execPath, main, "--config-path", "{connection_file}"]);
  });

  it("opens the first lesson", async () => {
    for (const name of ["notebooks/01-b.ipynb", "notebooks/00-start-here.ipynb"]) {
      project.write(name, "{}");
    }
    const [, , page] = await start().shows(address);
    assert.equal(page, "/lab/tree/notebooks/00-start-here.ipynb");
  });

  it("does nothing the second time but start JupyterLab", async () => {
    const first = start();
    await first.shows(address);
    await stop(first);
    const before = project.calls().length;
    const second = start();
    await second.shows(address);
    assert.deepEqual(project.calls().slice(before), ["jupyterlab"]);
    assert.doesNotMatch(second.output(), /Setting up/);
  });

  it("compiles again when a source of the library changes, and nothing else", async () => {
    await stop(await ready());
    const before = project.calls().length;
    project.write("lib/index.ts", "export const answer = 43;\n");
    await ready();
    assert.deepEqual(project.calls().slice(before), ["tsc", "jupyterlab"]);
  });

  it("sets up again what somebody deleted, and what was built on it", async () => {
    await stop(await ready());
    const before = project.calls().length;
    rmSync(join(project.folder, ".venv"), { recursive: true });
    await ready();
    const again = project.calls().slice(before);
    assert.deepEqual(again.slice(0, 2), ["venv", "pip requirements/uv.txt"]);
    assert.ok(again.includes("pip requirements.txt"));
    assert.ok(!again.some((call) => call.startsWith("npm")));
  });

  it("goes on after an interrupt: what was done stays done", async () => {
    const first = start([], { STUB_NPM_MS: "60000" });
    await first.shows(/✓ TypeScript kernel/);
    assert.equal(await stop(first), 130);
    const before = project.calls().length;
    await ready();
    const again = project.calls().slice(before);
    assert.match(again[0], /^npm ci.* begins$/);
    assert.deepEqual(again.slice(1), ["npm ends", "tsc", "jupyterlab"]);
  });

  it("makes the environment anew when an interrupt left it half made", async () => {
    const first = start([], { STUB_VENV_MS: "60000" });
    await first.shows(/Python environment …/);
    await until(() => existsSync(join(project.folder, ".venv/bin/python")));
    await stop(first);
    project.write(".venv/half", "");
    await ready();
    assert.ok(!existsSync(join(project.folder, ".venv/half")));
    assert.equal(project.calls().filter((call) => call === "venv").length, 2);
  });

  it("takes the lock of a start that was killed, and ends what that start left running", async () => {
    const first = start([], { STUB_NPM_MS: "60000" });
    await first.shows(/✓ TypeScript kernel/);
    const { isAlive, startOf } = await processes();
    const orphan = { pid: project.npmProcess(), started: startOf(project.npmProcess()) };
    first.child.kill("SIGKILL");
    assert.equal(await first.ends().then(() => first.child.signalCode), "SIGKILL");
    assert.ok(isAlive(orphan));
    await ready();
    assert.ok(!isAlive(orphan));
    const calls = project.calls();
    assert.equal(calls.filter((call) => call.endsWith("begins")).length, 2);
    assert.equal(calls.filter((call) => call === "npm ends").length, 1);
  });

  it("lets two starts at once both open, with one set-up between them", async () => {
    const both = [start([], { STUB_NPM_MS: "800" }), start([], { STUB_NPM_MS: "800" })];
    const ports = await Promise.all(both.map(async (one) => (await one.shows(address))[1]));
    assert.notEqual(ports[0], ports[1]);
    assert.equal(project.calls().filter((call) => call === "npm ends").length, 1);
    assert.match(
      both.map((one) => one.output()).join(""),
      /Another set-up of this folder is at work/,
    );
  });

  it("needs no network once it is set up", async () => {
    await stop(await ready());
    const offline = { STUB_NPM_ERROR: "npm error code ENOTFOUND" };
    await start([], offline).shows(address);
  });

  it("opens without the training engine when that cannot be built, and says so once", async () => {
    const first = await ready();
    await first.shows(/✗ TensorFlow's runtime/);
    await stop(first);
    assert.doesNotMatch((await ready()).output(), /TensorFlow/);
  });

  async function ready(): Promise<Launched> {
    const one = start();
    await one.shows(address);
    return one;
  }
});

describe("npm start that cannot", function () {
  this.timeout(60_000); // many processes start here; a busy machine takes its time
  async function answer(
    environment: Record<string, string>,
    { args = [] as string[], withPython = true } = {},
  ): Promise<string> {
    const project = makeProject({ withPython });
    try {
      const one = project.launch("start", ["--no-open", ...args], environment);
      assert.equal(await one.ends(), 1);
      assert.doesNotMatch(one.output(), /^\s+at .*:\d+:\d+/m, "no stack trace");
      return one.output().trim().split("\n").at(-1)!;
    } finally {
      project.remove();
    }
  }

  it("names the Node it found when that is too old", async () => {
    const old = join(__dirname, "oldNode.cjs");
    const said = await answer({ NODE_OPTIONS: `--require ${old}` });
    assert.match(said, /^RLHF Lab needs Node 20 or newer, and this is Node 18\.20\.4/);
  });

  it("says that there is no Python and what to install", async () => {
    const said = await answer({}, { withPython: false });
    assert.match(said, /needs Python 3\.11 or newer .* none was found\. Install one .*RLHF_PYTHON/);
  });

  it("says so at once, while npm is still at work", async () => {
    const began = Date.now();
    await answer({ STUB_NPM_MS: "50000" }, { withPython: false });
    assert.ok(Date.now() - began < 40_000, "it did not wait for npm");
  });

  it("names the Python it found when that is too old", async () => {
    const said = await answer({ STUB_PYTHON_VERSION: "3 9 18" });
    assert.match(said, /needs Python 3\.11 or newer .* only 3\.9\.18 \(.*python3\) was found/);
  });

  it("says which package holds a missing venv or ensurepip", async () => {
    const said = await answer({ STUB_PYTHON_VENV: "0" });
    assert.match(
      said,
      /Python 3\.12\.1 .* has no venv or ensurepip .* apt install python3\.12-venv/,
    );
  });

  it("says that RLHF_PYTHON names no Python", async () => {
    const said = await answer({ RLHF_PYTHON: "/no/such/python" });
    assert.match(said, /RLHF_PYTHON is "\/no\/such\/python", and that is no Python that runs/);
  });

  it("says that the port asked for is in use, before it sets anything up", async () => {
    const { port, release } = await occupyPort();
    const said = await answer({}, { args: ["--port", String(port)] });
    release();
    assert.match(said, new RegExp(`^Port ${port} is in use`));
  });

  it("says that the first start needs the network", async () => {
    const said = await answer({
      STUB_NPM_ERROR: "npm error code EAI_AGAIN\nnpm error getaddrinfo",
    });
    assert.match(said, /npm packages needs the network once, and it could not be reached/);
  });

  it("says that the disk is full", async () => {
    const said = await answer({ STUB_NPM_ERROR: "npm error ENOSPC: no space left on device" });
    assert.match(said, /the disk is full/);
  });

  it("shows another program's last line and where its log is", async () => {
    const said = await answer({ STUB_NPM_ERROR: "npm error the lock is broken" });
    assert.match(said, /failed \(exit 1\): npm error the lock is broken .*\.setup\/log\/npm\.log/);
  });

  it("refuses an option it does not know", async () => {
    assert.match(await answer({}, { args: ["--prot", "1"] }), /Unknown option '--prot'/);
    assert.match(await answer({}, { args: ["--port", "x"] }), /--port needs a number .* got "x"/);
  });
});

interface Processes {
  readonly isAlive: (one: { pid: number; started: string }) => boolean;
  readonly startOf: (pid: number) => string;
}

async function processes(): Promise<Processes> {
  const module = pathToFileURL(join(__dirname, "../../scripts/setup/process.mjs"));
  return (await import(module.href)) as Processes;
}

function status(port: number, token: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `token ${token}` };
    get({ host: "127.0.0.1", port, path: "/api", headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once("error", reject);
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
