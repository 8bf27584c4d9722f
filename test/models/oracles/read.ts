import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Values made once by a reference program; the recipe lies beside each file. */
export function readOracle(name: string): unknown {
  return JSON.parse(readFileSync(join(__dirname, name), "utf8"));
}
