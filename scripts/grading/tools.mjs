/** What the commands for exercises share: where things lie, and how the marking is loaded. */
import { createRequire } from "node:module";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const exercisesFolder = join(root, "exercises");

/** nbgrader's course root: exercises/, or a folder of its own for a class. */
export const courseRoot = process.env.RLHF_COURSE_ROOT ?? exercisesFolder;

export const python = join(
  root,
  ".venv",
  ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]),
);

/** nbgrader calls alembic by its name, so its folder must be on the path. */
export const pythonEnvironment = {
  ...process.env,
  PATH: `${dirname(python)}${delimiter}${process.env.PATH ?? ""}`,
};
delete pythonEnvironment.PYTHONDONTWRITEBYTECODE; // Python starts twice as fast with compiled modules

/** A room of the compiled library. */
export function library(path) {
  return require(join(root, "lib", "dist", path));
}

/** The harness that runs beside a submission's code. */
export const harness = join(root, "lib", "dist", "course", "grading", "harness.js");

/** esbuild's own binary, which stands alone and so can be put behind walls. */
export function compiler() {
  const file = process.platform === "win32" ? "esbuild.exe" : join("bin", "esbuild");
  const manifest = require.resolve(`@esbuild/${process.platform}-${process.arch}/package.json`, {
    paths: [dirname(require.resolve("esbuild/package.json"))],
  });
  return join(dirname(manifest), file);
}

/** Names of all authored exercises. */
export function exerciseNames() {
  const files = readdirSync(join(exercisesFolder, "source"));
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -3))
    .sort();
}

/** Stops with a sentence when there is no such exercise. */
export function checkExerciseName(name) {
  if (exerciseNames().includes(name)) return;
  throw new Error(`There is no exercise "${name}". There are: ${exerciseNames().join(", ")}.`);
}

/**
 * The marking of an exercise: hidden tests, what each known mistake loses, right solutions; and
 * the source text of a known mistake, bundled so that it needs no import.
 */
export async function loadMarking(name) {
  const entry = join(exercisesFolder, "hidden", name, "tests.ts");
  if (!existsSync(entry)) throw new Error(`The exercise ${name} has no hidden tests (${entry}).`);
  const { build } = await import("esbuild");
  const folder = mkdtempSync(join(tmpdir(), "rlhf-marking-"));
  try {
    const outfile = join(folder, "tests.cjs");
    const contents = `export { marking } from ${JSON.stringify(entry)};
      export { findExercise } from ${JSON.stringify(join(root, "lib", "course", "exercises"))};`;
    const stdin = { contents, resolveDir: root, loader: "ts" };
    await build({ stdin, outfile, bundle: true, platform: "node", logLevel: "error" });
    const { marking, findExercise } = require(outfile);
    const mistakeText = (name, mistake) =>
      findExercise(name)
        .mistakes.find((known) => known.name === mistake)
        .implementation.toString();
    return { marking, mistakeText };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The authored script of an exercise. */
export function authoredScript(name) {
  return readFileSync(join(exercisesFolder, "source", `${name}.ts`), "utf8");
}

/** Where nbgrader keeps a version of an exercise's notebook. */
export function notebookPath(version, name, folder = courseRoot) {
  return join(folder, version, name, `${name}.ipynb`);
}

/** Writes a file only when its text has changed, so that times tell something. */
export function writeIfChanged(path, text) {
  if (existsSync(path) && readFileSync(path, "utf8") === text) return false;
  writeFileSync(path, text);
  return true;
}
