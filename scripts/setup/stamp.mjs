// What was done, and from which inputs: a step is done when its stamp names the fingerprint of today's inputs.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder, absolute. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where stamps, logs and what is built for this machine alone are kept. */
export const state = join(root, ".setup");

/** The text of a file named from the project's folder; "" when it is not there. */
export function fileText(path) {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** Every file under a folder whose name ends in one of `endings`, named from the project's folder, sorted. */
export function filesUnder(folder, endings, skip = ["node_modules", "dist"]) {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  const found = [];
  for (const entry of readdirSync(start, { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!skip.includes(entry.name)) found.push(...filesUnder(name, endings, skip));
    } else if (endings.some((ending) => entry.name.endsWith(ending))) found.push(name);
  }
  return found.sort();
}

/** The files' names and contents as one fingerprint. */
export function fingerprintOfFiles(paths) {
  return fingerprint(paths.flatMap((path) => [path, fileText(path)]));
}

/** One hash of a list of strings; the lengths are in it, so that no two lists run together. */
export function fingerprint(strings) {
  const hash = createHash("sha256");
  for (const text of strings) hash.update(`${text.length}:`).update(text);
  return hash.digest("hex");
}

/** @returns the stamp `{ fingerprint, made, seconds }` of a step, or null when it has none that can be read */
export function readStamp(name) {
  return readJson(`${name}.json`);
}

/** A failure that a second try would only repeat: `{ fingerprint, message }`, or null. */
export function readFailure(name) {
  return readJson(`${name}.failed.json`);
}

function readJson(file) {
  const path = join(state, file);
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    // A stamp that cannot be read is no stamp: the step runs again and writes a good one.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Writes a stamp whole or not at all: a rename is the last thing that happens. */
export function writeStamp(name, stamp) {
  writeWhole(join(state, `${name}.json`), JSON.stringify(stamp));
  rmSync(join(state, `${name}.failed.json`), { force: true });
  rmSync(begunMark(name), { force: true });
}

export function writeFailure(name, failure) {
  writeWhole(join(state, `${name}.failed.json`), JSON.stringify(failure));
}

export function forgetFailures() {
  if (!existsSync(state)) return;
  for (const file of readdirSync(state)) {
    if (file.endsWith(".failed.json")) rmSync(join(state, file));
  }
}

/** Marks a step as begun. @returns whether an earlier run of it began and never finished */
export function markBegun(name) {
  const interrupted = existsSync(begunMark(name));
  mkdirSync(state, { recursive: true });
  writeFileSync(begunMark(name), String(process.pid));
  return interrupted;
}

function begunMark(name) {
  return join(state, `${name}.begun`);
}

/** Writes a file under another name first, so that a reader sees the old one or the new one. */
export function writeWhole(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, text);
  renameSync(part, path);
}

/** A path as a person would write it from the project's folder. */
export function shortPath(path) {
  const short = relative(root, path);
  return short.startsWith("..") ? path : short.split(sep).join("/");
}
