import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Import, importsOf, importsOfLibrary, library, roomOf } from "./imports";

const floors: Record<string, number> = {
  course: 6,
  notebook: 5,
  evaluation: 4,
  algorithms: 3,
  feedback: 2,
  preference: 1,
  environments: 1,
  models: 1,
  core: 0,
  tensor: 0,
};
const strangers = ["preference", "environments", "models"]; // one floor, and none knows the others

/** Why an import breaks the house's rules, or null. */
function fault({ from, to, outside }: Import): string | null {
  const [mine, theirs] = [roomOf(from), roomOf(outside ? "" : to)];
  if (outside || mine === "" || mine === theirs) return null;
  if (mine === "kernel") return "the kernel stands beside the house";
  if (theirs === "kernel") return "nothing in the house imports the kernel";
  if (theirs === "") return "index.ts is the door for those outside";
  const [floor, below] = [floors[mine], floors[theirs]];
  if (floor === undefined || below === undefined) return "a room without a floor";
  if (floor < below) return `an import goes down or stays: floor ${floor} → floor ${below}`;
  if (strangers.includes(mine) && strangers.includes(theirs))
    return "they must not know each other";
  return null;
}

describe("the floors of the library", () => {
  const imports = importsOfLibrary();

  it("are named for every room there is", () => {
    const rooms = readdirSync(library, { withFileTypes: true })
      .filter(
        (entry) => entry.isDirectory() && !["dist", "node_modules", "kernel"].includes(entry.name),
      )
      .map((entry) => entry.name);
    assert.deepEqual(
      rooms.filter((room) => floors[room] === undefined),
      [],
    );
  });

  it("are kept: an import goes down or stays", () => {
    assert.ok(imports.length > 50, "the imports were read");
    const faults = imports.map((one) => [fault(one), `lib/${one.from} imports ${one.to}`]);
    assert.deepEqual(
      faults.filter(([why]) => why !== null),
      [],
    );
  });

  it("would not hold an import that goes up, aside or to the kernel", () => {
    const of = (file: string, text: string): (string | null)[] => importsOf(file, text).map(fault);
    assert.match(
      String(of("core/a.ts", `import { x } from "../models/gpt";`)),
      /goes down or stays/,
    );
    assert.match(
      String(of("models/a.ts", `export * from "../preference/elo";`)),
      /not know each other/,
    );
    assert.match(
      String(of("notebook/a.ts", `const k = import("../kernel/main");`)),
      /imports the kernel/,
    );
    assert.match(
      String(of("kernel/a.ts", `import type { X } from "../core/rng";`)),
      /beside the house/,
    );
    assert.match(String(of("course/a.ts", `import { Rng } from "..";`)), /the door/);
    assert.deepEqual(of("course/a.ts", `import { Rng } from "../core/rng"; import "zod";`), [
      null,
      null,
    ]);
  });

  // The kernel is made of tslab's and ZeroMQ's parts: there the rule has nothing to protect.
  it("let each outside package enter through one file", () => {
    const doors = new Map<string, Set<string>>();
    for (const { from, to, outside, typeOnly } of imports) {
      if (!outside || typeOnly || roomOf(from) === "kernel") continue;
      doors.set(to, (doors.get(to) ?? new Set()).add(from));
    }
    const wide = [...doors].filter(([, files]) => files.size > 1);
    assert.deepEqual(
      wide.map(([name, files]) => `${name}: ${[...files].join(", ")}`),
      [],
    );
  });

  it("have one door: package.json names index, and it is there", () => {
    assert.ok(existsSync(join(library, "index.ts")));
  });
});
