import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Cell {
  readonly id: string;
  readonly cell_type: string;
  readonly source: string[];
  readonly outputs?: unknown[];
  readonly execution_count?: number | null;
}

interface Notebook {
  readonly cells: Cell[];
  readonly metadata: { readonly kernelspec: { readonly name: string } };
}

const repository = join(__dirname, "..", "..");
const notebooks = join(repository, "notebooks");
const windows = process.platform === "win32";
const python = join(repository, ".venv", windows ? "Scripts/python.exe" : "bin/python");

function build(...args: string[]): { status: number | null; stdout: string } {
  const script = join(repository, "scripts", "build_notebooks.py");
  const { status, stdout, stderr } = spawnSync(python, [script, ...args], { encoding: "utf8" });
  return { status, stdout: stdout + stderr };
}

function read(path: string): Notebook {
  return JSON.parse(readFileSync(path, "utf8")) as Notebook;
}

describe("the built notebooks", () => {
  it("agree with their sources", () => {
    const { status, stdout } = build("--check", join(notebooks, "source"), notebooks);
    assert.deepEqual([stdout, status], ["", 0], "npm run build makes them agree");
  }).timeout(60_000);

  it("are clean: no outputs, no counters, the TypeScript kernel", () => {
    const names = readdirSync(notebooks).filter((name) => name.endsWith(".ipynb"));
    assert.ok(names.length > 0);
    for (const name of names) {
      const { cells, metadata } = read(join(notebooks, name));
      assert.equal(metadata.kernelspec.name, "typescript", name);
      for (const cell of cells.filter(({ cell_type }) => cell_type === "code")) {
        assert.deepEqual([cell.outputs, cell.execution_count], [[], null], name);
      }
    }
  });
});

describe("building a notebook", () => {
  let folder: string;
  const source = `// %% [markdown]\n// # Title\n\n// %% tags=["hidden"]\nconst a = 1;\n\n// %%\na\n\n// %%\na\n`;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "rlhf-notebooks-"));
    mkdirSync(join(folder, "source"));
    writeFileSync(join(folder, "source", "01-one.ts"), source);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const ids = (): string[] => read(join(folder, "01-one.ipynb")).cells.map(({ id }) => id);
  const run = (...flags: string[]): ReturnType<typeof build> =>
    build(...flags, join(folder, "source"), folder);

  it("gives a cell the same id every time, also when another is put before it, and no two the same", () => {
    run();
    const before = ids();
    assert.equal(new Set(before).size, 4);
    writeFileSync(join(folder, "source", "01-one.ts"), `// %%\nconst b = 2;\n\n${source}`);
    run();
    assert.deepEqual(ids().slice(1), before);
  }).timeout(30_000);

  it("finds a notebook that was edited by hand, one that is missing and one without a source", () => {
    run();
    assert.equal(run("--check").status, 0);
    cpSync(join(folder, "01-one.ipynb"), join(folder, "02-two.ipynb"));
    const edited = readFileSync(join(folder, "01-one.ipynb"), "utf8").replace("Title", "Another");
    writeFileSync(join(folder, "01-one.ipynb"), edited);
    writeFileSync(join(folder, "source", "03-three.ts"), source);
    const { status, stdout } = run("--check");
    assert.equal(status, 1);
    assert.match(
      stdout,
      /01-one\.ipynb differs[^]*03-three\.ipynb differs[^]*02-two\.ipynb has no source/,
    );
    assert.ok(!existsSync(join(folder, "03-three.ipynb")), "a check writes nothing");
  }).timeout(30_000);
});
