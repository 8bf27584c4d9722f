import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const repository = join(__dirname, "..", "..");
const windows = process.platform === "win32";
const python = join(repository, ".venv", windows ? "Scripts/python.exe" : "bin/python");

interface Listed {
  readonly installedPackages: () => {
    name: string;
    version: string;
    licence: string;
    from: "npm" | "PyPI";
  }[];
  readonly isPermitted: (licence: string, name?: string) => boolean;
}

const list = async (): Promise<Listed> =>
  (await import(pathToFileURL(join(repository, "scripts/licenses/list.mjs")).href)) as Listed;

describe("the licences of what is installed", () => {
  it("are all known and permitted, and LICENSES.md lists them", () => {
    const script = join(repository, "scripts", "licenses.mjs");
    const { status, stderr } = spawnSync(process.execPath, [script, "--check"], {
      encoding: "utf8",
    });
    assert.deepEqual([stderr, status], ["", 0]);
  });

  it("would not let a copyleft or an unknown licence in", async () => {
    const { isPermitted } = await list();
    assert.deepEqual(
      ["GPL-3.0-only", "unknown", "MIT AND AGPL-3.0", "LicenseRef-NVIDIA"].map((one) =>
        isPermitted(one),
      ),
      [false, false, false, false],
    );
    assert.deepEqual(
      ["MIT OR GPL-2.0-only", "(BSD-3-Clause AND Apache-2.0)", "MIT AND MPL-2.0"].map((one) =>
        isPermitted(one),
      ),
      [true, true, true],
    );
    assert.ok(isPermitted("LicenseRef-NVIDIA", "nvidia-cudnn-cu12"));
  });

  it("are for npm what the packages say of themselves", async () => {
    const { installedPackages } = await list();
    const wrong = installedPackages()
      .filter(({ from }) => from === "npm")
      .flatMap(({ name, version, licence }) => {
        const file = join(repository, "node_modules", name, "package.json");
        if (!existsSync(file)) return [];
        const own = JSON.parse(readFileSync(file, "utf8")) as { version: string; license?: string };
        if (
          own.version !== version ||
          typeof own.license !== "string" ||
          own.license.startsWith("SEE")
        )
          return [];
        return own.license === licence ? [] : [`${name}: ${own.license}, listed as ${licence}`];
      });
    assert.deepEqual(wrong, []);
  });

  it("are for Python not of another family than the packages say of themselves", async () => {
    const { installedPackages } = await list();
    const said = statedByPython();
    const wrong = installedPackages()
      .filter(({ from, name }) => from === "PyPI" && said[name] !== undefined)
      .filter(({ name, licence }) => !family(licence).some((word) => said[name].includes(word)))
      .map(({ name, licence }) => `${name}: listed as ${licence}, says ${said[name]}`);
    assert.deepEqual(wrong, []);
  });
});

/** What installed Python packages say of their licence: expression, field and classifiers together, in lower case. */
function statedByPython(): Record<string, string> {
  const program = `
import importlib.metadata as m, json, re
fields = ("License-Expression", "License", "Classifier")
said = {}
for d in m.distributions():
    name = re.sub(r"[-_.]+", "-", d.metadata["Name"]).lower()
    said[name] = " ".join(v for f in fields for v in d.metadata.get_all(f) or [] if f != "Classifier" or v.startswith("License")).lower()
print(json.dumps({k: v for k, v in said.items() if v}))`;
  const { stdout, stderr } = spawnSync(python, ["-c", program], { encoding: "utf8" });
  assert.equal(stderr, "");
  return JSON.parse(stdout) as Record<string, string>;
}

function family(licence: string): string[] {
  const words = licence.split(/ OR | AND /).map((one) => one.split("-")[0].toLowerCase());
  return words.flatMap(
    (word) => ({ psf: ["python software", "psf"], mpl: ["mozilla", "mpl"] })[word] ?? [word],
  );
}
