import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/**
 * The folder of the course: the nearest one above the library whose package.json is the course's,
 * or the working directory where the library is used on its own.
 */
export function courseFolder(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const description = join(folder, "package.json");
    if (!existsSync(description)) continue;
    const { name } = JSON.parse(readFileSync(description, "utf8")) as { name?: string };
    if (name === "rlhf-lab") return folder;
  }
  return process.cwd();
}

/** The student's own folder in the course, which git does not see. */
export function ownFolder(): string {
  return join(courseFolder(), ".rlhf");
}

/**
 * Where labels, predictions and check results are kept: what RLHF_STORE says (the path of a file or
 * folder, or postgres://…), else one file in the course's folder `.rlhf`.
 */
export function storeLocation(): string {
  const asked = process.env["RLHF_STORE"];
  if (!asked) return join(ownFolder(), "store.sqlite");
  if (isPostgres(asked)) return asked;
  const path = resolve(asked);
  return existsSync(path) && statSync(path).isDirectory() ? join(path, "store.sqlite") : path;
}

/** Whether a location is a PostgreSQL server's address, not a path. */
export function isPostgres(location: string): boolean {
  return /^postgres(ql)?:\/\//.test(location);
}
