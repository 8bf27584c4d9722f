// The groups of `npm test`: which test files share a process, what they need, and how long they may take.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { filesUnder, root } from "../setup/stamp.mjs";

// Heavy rooms get a process each, one after another: they start servers, browsers or train.
const heavy = [
  { name: "engine", rooms: ["tensor", "models"], minutes: 10 },
  { name: "algorithms", rooms: ["algorithms", "evaluation"], minutes: 12 },
  { name: "setup", rooms: ["setup"], minutes: 6 },
  { name: "kernel", rooms: ["kernel"], minutes: 8 },
  { name: "exercises", rooms: ["exercises"], minutes: 8 },
  { name: "grading", rooms: ["grading"], minutes: 10 },
  { name: "notebooks", rooms: ["notebooks"], minutes: 20 },
  { name: "browser", rooms: ["browser"], minutes: 20, needs: ["chromium"] },
];

// What some tests of a room use; without it those skip themselves and say so.
const wants = {
  feedback: ["postgresql"],
  tensor: ["chromium"], // its software GPU
  course: ["bubblewrap"],
  exercises: ["bubblewrap"],
  grading: ["bubblewrap", "chromium"],
  setup: ["bubblewrap"],
};

/** Every test file is in exactly one group: the rooms nobody claimed are light and share one process. */
export function testGroups() {
  const claimed = heavy.flatMap((group) => group.rooms);
  const rooms = roomsOfTests().filter((room) => !claimed.includes(room));
  return [{ name: "light", rooms, minutes: 8 }, ...heavy]
    .map((group) => ({ needs: [], ...group, files: group.rooms.flatMap(testsOf) }))
    .filter((group) => group.files.length > 0);
}

/** What the files of a group use from the system if it is there. */
export function wantsOf(files) {
  return [...new Set(files.flatMap((file) => wants[file.split("/")[1]] ?? []))];
}

function roomsOfTests() {
  const folder = join(root, "test");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function testsOf(room) {
  return filesUnder(`test/${room}`, [".test.ts"]);
}

/** The checks of the text itself; each counts as one test. */
export const staticChecks = [
  {
    name: "formatting (prettier)",
    bin: "prettier/bin/prettier.cjs",
    args: ["--check", ".", "--log-level", "warn"],
    cure: "npx prettier --write .",
  },
  { name: "lint (eslint)", bin: "eslint/bin/eslint.js", args: ["."], cure: "npx eslint ." },
  {
    name: "types of the library (tsc)",
    bin: "typescript/bin/tsc",
    args: ["-p", "lib", "--noEmit", "--tsBuildInfoFile", ".setup/lib.tsbuildinfo"],
    cure: "npx tsc -p lib",
  },
  {
    name: "types of the widgets (tsc)",
    bin: "typescript/bin/tsc",
    args: ["-p", "lib/notebook/widgets"],
    cure: "npx tsc -p lib/notebook/widgets",
  },
  {
    name: "types of tests, lessons, exercises (tsc)",
    bin: "typescript/bin/tsc",
    args: ["-p", "."],
    cure: "npx tsc -p .",
  },
];
