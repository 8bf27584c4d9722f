/** How much memory a process and all its descendants use, from Linux's /proc. */
import { readFileSync, readdirSync } from "node:fs";

const pageBytes = 4096;

/**
 * Resident bytes of a process tree; 0 where there is no /proc or the process has ended.
 *
 * Pages shared between processes are counted in each, which errs on the safe side.
 */
export function treeMemory(pid: number): number {
  const children = threads(pid).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean),
  );
  const pages = Number(read(`/proc/${pid}/statm`).split(" ")[1] ?? 0);
  return children.reduce((sum, child) => sum + treeMemory(Number(child)), pages * pageBytes);
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // it ended in between
  }
}

function threads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // it ended in between
  }
}
