import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const repository = join(__dirname, "..", "..");
const binary = /\.(png|jpg|gif|webp|ico|woff2?|ttf|wasm|safetensors|bin|npz|gz|zip|sqlite|db)$/;

/** Every text file of the tree that git tracks, or would track. */
function textFiles(): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const listed = execFileSync("git", args, { cwd: repository, maxBuffer: 1 << 26 }).toString();
  const deleted = execFileSync("git", ["ls-files", "--deleted", "-z"], { cwd: repository })
    .toString()
    .split("\0");
  return listed
    .split("\0")
    .filter((name) => name !== "" && !binary.test(name) && !deleted.includes(name));
}

/** "file:line: text" for every line of the chosen files that matches. */
function hits(pattern: RegExp, choose: (name: string) => boolean): string[] {
  return textFiles()
    .filter((name) => choose(name) && name !== "test/house/tree.test.ts")
    .flatMap((name) =>
      readFileSync(join(repository, name), "utf8")
        .split("\n")
        .flatMap((line, i) =>
          pattern.test(line) ? [`${name}:${i + 1}: ${line.trim().slice(0, 120)}`] : [],
        ),
    );
}

const code = (name: string): boolean => /\.(ts|mjs|cjs|js|py)$/.test(name);

describe("the tree", () => {
  it("is read", () => {
    assert.ok(textFiles().length > 100);
    assert.ok(textFiles().includes("package.json"));
  });

  it("names no registry host: packages come from wherever the reader's clients are pointed", () => {
    assert.deepEqual(
      hits(
        /registry\.npmjs|npmjs\.(org|com)|pypi\.org|pythonhosted\.org|deb\.debian\.org/,
        () => true,
      ),
      [],
    );
  });

  it("names no path of the machine it was written on", () => {
    assert.deepEqual(
      hits(/(^|[\s"'`(=:])\/(work|root|home)\/[\w.]/, () => true),
      [],
    );
  });

  it("draws no number outside the seeded generator", () => {
    const refusal = "test/tensor/compile.test.ts"; // shows that such a draw is refused inside a compiled step
    const looked = (name: string): boolean => code(name) && name !== refusal;
    assert.deepEqual(
      hits(/Math\.random\(|tf\.(random\w+|multinomial|truncatedNormal)\(/, looked),
      [],
    );
  });

  it("leaves no test switched off for others, and none alone", () => {
    assert.deepEqual(
      hits(
        /\b(describe|it)\.(only|skip)\(/,
        (name) => /^test\/.*\.test\.ts$/.test(name) && name !== "test/setup/testRunner.test.ts",
      ),
      [],
    );
  });

  it("keeps its sources short enough to be read: at most 300 lines", () => {
    const long = textFiles()
      .filter((name) => /^(lib|scripts)\/.*\.(ts|mjs|cjs|py)$/.test(name))
      .map(
        (name) =>
          [name, readFileSync(join(repository, name), "utf8").split("\n").length - 1] as const,
      )
      .filter(([, lines]) => lines > 300);
    assert.deepEqual(long, []);
  });
});
