/** Finds an exercise's authored source, where this copy of the course has it. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The authored solution of a function, or undefined in a copy of the course without solutions.
 *
 * @param exercise for instance "03-bradley-terry"
 */
export function readSolution(exercise: string, name: string): string | undefined {
  const file = findUpwards(join("exercises", "source", `${exercise}.ts`));
  if (file === undefined) return undefined;
  return solutionText(readFileSync(file, "utf8"), name);
}

/** The cell of a percent script that solves a function, without the region's delimiters. */
export function solutionText(source: string, name: string): string | undefined {
  const cells = source.split(/^\/\/ %%/m);
  const cell = cells.find((text) => text.split("\n")[0]?.includes(`solution="${name}"`));
  if (cell === undefined) return undefined;
  const lines = cell.split("\n").slice(1);
  return lines
    .filter((line) => !/\/\/ (BEGIN|END) SOLUTION/.test(line))
    .join("\n")
    .trim();
}

function findUpwards(relative: string): string | undefined {
  for (const start of [process.cwd(), __dirname]) {
    for (let folder = start; ; folder = dirname(folder)) {
      const file = join(folder, relative);
      if (existsSync(file)) return file;
      if (dirname(folder) === folder) break;
    }
  }
  return undefined;
}
