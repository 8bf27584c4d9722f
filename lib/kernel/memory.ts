/**
 * Keeps the kernel small. Each cell leaves a megabyte or two of the compiler's garbage; left to
 * itself, V8 lets some 300 MB pile up before it clears them away, more than all else that is there.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Garbage beyond this, or half of what was in use, is worth a collection (some 0.1 s). */
const tolerated = 40e6; // bytes

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
let inUse = 0;

/** Collects garbage when much has piled up; to be called between cells. */
export function tidy(): void {
  const { heapUsed } = process.memoryUsage();
  if (heapUsed - inUse < Math.max(tolerated, inUse / 2)) return;
  collect();
  inUse = process.memoryUsage().heapUsed;
}
