import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  error,
  KernelClient,
  kernelspecFolder,
  printed,
  python,
  root,
  value,
} from "./kernelClient";

/** A package for which no types or code exist until it is "installed". */
function install(folder: string, name: string): void {
  const to = join(folder, "node_modules", name);
  mkdirSync(to, { recursive: true });
  writeFileSync(
    join(to, "package.json"),
    JSON.stringify({ name, version: "1.0.0", main: "i.js", types: "i.d.ts" }),
  );
  writeFileSync(join(to, "i.js"), "exports.seven = 7;");
  writeFileSync(join(to, "i.d.ts"), "export declare const seven: number;");
}

describe("a notebook in any folder", function () {
  this.timeout(180_000);
  let folder: string;
  let kernel: KernelClient;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "rlhf notebooks ")); // with spaces
    mkdirSync(join(folder, "deep/down"), { recursive: true });
    kernel = await KernelClient.start(join(folder, "deep/down"));
  });
  after(async () => {
    await kernel.stop();
    rmSync(folder, { recursive: true });
  });

  it("knows Node's types", async () => {
    assert.equal(
      printed(await kernel.execute("console.log(typeof process.cwd, typeof Buffer)")),
      "function function\n",
    );
  });

  it("finds the course's library and its types", async () => {
    const code = 'import { Rng } from "rlhf"; const rng: Rng = new Rng(1); rng.uniform() < 1';
    assert.equal(value(await kernel.execute(code)), "true");
    const wrong = error(await kernel.execute("rng.uniform().length"));
    assert.match(wrong.evalue, /'length' does not exist on type 'number'/);
  });

  it("does not get the test runner's globals", async () => {
    assert.match(error(await kernel.execute("describe")).evalue, /Cannot find name 'describe'/);
  });

  it("takes a package that is installed after its import has failed, twice", async () => {
    const code = 'import { seven } from "late-package"; seven';
    assert.match(error(await kernel.execute(code)).evalue, /Cannot find module 'late-package'/);
    assert.match(error(await kernel.execute(code)).evalue, /Cannot find module 'late-package'/);
    install(folder, "late-package");
    assert.equal(value(await kernel.execute(code)), "7");
    assert.equal(value(await kernel.execute("seven + 1")), "8");
  });

  it("takes its own modules, and takes them anew when they have changed", async () => {
    const file = join(folder, "deep/down/helper.ts");
    writeFileSync(file, "export function helper(): string {\n  return 'old';\n}\n");
    assert.equal(
      value(await kernel.execute('import { helper } from "./helper"; helper()')),
      "'old'",
    );
    writeFileSync(
      file,
      "interface Gone {}\n\nexport function helper(): number {\n  throw new Error('new');\n}\n",
    );
    const { traceback } = error(
      await kernel.execute('import { helper } from "./helper"; helper()'),
    );
    assert.match(traceback, /at helper \(helper\.ts:4:9\)/);
    assert.match(traceback, /> 4 \| {3}throw new Error\('new'\)/);
  });

  it("goes on when folders around it change again and again", async () => {
    for (let i = 0; i < 5; i++) {
      install(folder, `unrelated-${i}`);
      writeFileSync(join(folder, `deep/down/file${i}.ts`), `export const n = ${i};`);
      assert.equal(value(await kernel.execute(`${i} + 1`)), `${i + 1}`);
    }
  });
});

describe("the library rebuilt under a running kernel", function () {
  this.timeout(180_000);

  it("stays in use as it was, and the student is told once to restart", async () => {
    // a copy of the kernel beside a library of one file, so that nothing else is touched
    const copy = mkdtempSync(join(tmpdir(), "rlhf-rebuilt-"));
    cpSync(join(root, "lib/dist/kernel"), join(copy, "lib/dist/kernel"), { recursive: true });
    const library = join(copy, "lib/dist/index.js");
    writeFileSync(library, "exports.version = 1;");
    writeFileSync(join(copy, "lib/dist/index.d.ts"), "export declare const version: number;");
    const manifest = {
      name: "rlhf",
      version: "1.0.0",
      main: "dist/index.js",
      types: "dist/index.d.ts",
    };
    writeFileSync(join(copy, "lib/package.json"), JSON.stringify(manifest));
    mkdirSync(join(copy, "node_modules"));

    symlinkSync(join(copy, "lib"), join(copy, "node_modules/rlhf"), "junction");
    for (const each of readdirSync(join(root, "node_modules")))
      if (each !== "rlhf")
        symlinkSync(join(root, "node_modules", each), join(copy, "node_modules", each), "junction");
    const kernel = await KernelClient.start(copy, {}, join(copy, "lib/dist/kernel/main.js"));
    try {
      const code = 'import { version } from "rlhf"; version';
      assert.equal(value(await kernel.execute(code)), "1");
      assert.equal(printed(await kernel.execute(code), "stderr"), "");
      writeFileSync(library, "exports.version = 2;");
      utimesSync(library, new Date(), new Date(Date.now() + 1000));
      const rebuilt = await kernel.execute(code);
      assert.equal(value(rebuilt), "1");
      assert.match(printed(rebuilt, "stderr"), /Restart the kernel/);
      assert.equal(printed(await kernel.execute(code), "stderr"), "");
      await kernel.ask("restart");
      assert.equal(value(await kernel.execute(code)), "2");
    } finally {
      await kernel.stop();
      rmSync(copy, { recursive: true });
    }
  });
});

describe("stock clients", function () {
  this.timeout(180_000);
  const run = promisify(execFile);
  let jupyterPath: string;
  before(() => (jupyterPath = kernelspecFolder()));
  after(() => rmSync(jupyterPath, { recursive: true }));

  it("jupyter_kernel_test passes", async () => {
    const options = { env: { ...process.env, JUPYTER_PATH: jupyterPath } };
    const { stderr } = await run(python, [join(__dirname, "jupyter_kernel_suite.py")], options);
    assert.match(stderr, /Ran 13 tests[^]*\nOK \(skipped=1\)/); // the pager, see there
  });

  it("nbclient executes a notebook, keeps its outputs and stops at the first error", async () => {
    const folder = mkdtempSync(join(tmpdir(), "rlhf-nbclient-"));
    try {
      const cell = (source: string, id: string) => ({
        cell_type: "code",
        id,
        metadata: {},
        source,
        outputs: [],
        execution_count: null,
      });
      const cells = [
        "const x = 2;\nconsole.log(x)",
        "x * 21",
        'throw new Error("here")',
        "console.log('never')",
      ];
      const notebook = {
        nbformat: 4,
        nbformat_minor: 5,
        metadata: {},
        cells: cells.map((each, i) => cell(each, `c${i}`)),
      };
      const path = join(folder, "n.ipynb");
      writeFileSync(path, JSON.stringify(notebook));
      const script =
        "import sys, nbformat, nbclient\n" +
        "nb = nbformat.read(sys.argv[1], 4)\n" +
        "try: nbclient.NotebookClient(nb, kernel_name='typescript', timeout=120).execute()\n" +
        "except nbclient.exceptions.CellExecutionError as e: print(e.ename, e.evalue)\n" +
        "nbformat.write(nb, sys.argv[1])\n";
      const options = { cwd: folder, env: { ...process.env, JUPYTER_PATH: jupyterPath } };
      const { stdout } = await run(python, ["-c", script, path], options);
      assert.equal(stdout.trim(), "Error here");
      type Executed = {
        cells: {
          outputs: {
            output_type: string;
            text?: string | string[];
            data?: Record<string, string | string[]>;
          }[];
        }[];
      };
      const executed = JSON.parse(readFileSync(path, "utf8")) as Executed;
      const kinds = executed.cells.map(({ outputs }) =>
        outputs.map((output) => output.output_type).join(),
      );
      assert.deepEqual(kinds, ["stream", "execute_result", "error", ""]);
      assert.deepEqual([executed.cells[1]?.outputs[0]?.data?.["text/plain"]].flat(), ["42"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a long session", function () {
  this.timeout(180_000);

  it("of 300 cells grows by its share of 100 MB for 1,000 and not yet collected garbage", async () => {
    const kernel = await KernelClient.start();
    try {
      const rss = async (): Promise<number> =>
        Number(
          value(
            await kernel.execute("(globalThis as any).gc?.(); process.memoryUsage().rss / 1e6"),
          ),
        );
      const cells = async (from: number, to: number): Promise<void> => {
        for (let i = from; i < to; i++)
          await kernel.execute(
            `const v${i % 20} = Array.from({ length: 1000 }, (_, k) => k + ${i}); console.log(v${i % 20}.length); v${i % 20}[3]`,
          );
      };
      await cells(0, 60); // the compiler warms up
      const before = await rss();
      await cells(60, 360);
      const growth = (await rss()) - before;
      // 30 MB and, as V8 collects late, up to twice the 40 MB of garbage that memory.ts tolerates
      assert.ok(growth < 110, `grew by ${growth.toFixed(1)} MB`);
    } finally {
      await kernel.stop();
    }
  });
});
