import { randomInt } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ownFolder } from "./location";
import { checkPseudonym } from "./records";

const animals = ["otter", "heron", "lynx", "newt", "swift", "hare", "ibex", "wren", "seal", "owl"];

function file(): string {
  return join(ownFolder(), "pseudonym");
}

/**
 * The name under which this student's answers are kept: RLHF_PSEUDONYM, else what they chose,
 * else an animal and a number drawn once. Nothing personal is asked, nothing leaves the machine.
 */
export function pseudonym(): string {
  const chosen = process.env["RLHF_PSEUDONYM"] ?? chosenPseudonym();
  if (chosen !== undefined) {
    checkPseudonym(chosen);
    return chosen;
  }
  const drawn = `${animals[randomInt(animals.length)]}-${randomInt(1000, 10000)}`;
  choosePseudonym(drawn);
  return drawn;
}

/**
 * Chooses the pseudonym for all answers to come. Those that are there keep theirs.
 *
 * @throws RangeError unless it is 1 to 60 letters, digits, spaces, dots, underscores or hyphens
 */
export function choosePseudonym(name: string): void {
  checkPseudonym(name);
  mkdirSync(dirname(file()), { recursive: true });
  writeFileSync(file(), name + "\n");
}

function chosenPseudonym(): string | undefined {
  try {
    return readFileSync(file(), "utf8").trim();
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw fault;
  }
}
