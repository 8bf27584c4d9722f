// One set-up of a folder at a time. A lock is a file that names its owner; a dead owner's lock may be taken.
import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, startOf } from "./process.mjs";

/**
 * Waits until the lock is ours.
 *
 * @param path       the lock file
 * @param onWait     called once, with the owner's process number, when somebody else has it
 * @returns a function that gives the lock back
 */
export async function acquire(path, onWait = () => {}) {
  let told = false;
  for (;;) {
    const attempt = tryAcquire(path);
    if (attempt.release !== undefined) return attempt.release;
    if (!told && attempt.owner !== null) onWait(attempt.owner);
    told = true;
    await sleep(100);
  }
}

/** One attempt. @returns `{ release }` when the lock is ours, else `{ owner }`, the process that has it (null while it changes hands) */
export function tryAcquire(path) {
  const mine = { pid: process.pid, started: startOf(process.pid), token: randomUUID() };
  if (create(path, mine)) return { release: () => rmSync(path, { force: true }) };
  const theirs = read(path);
  if (theirs === null) return { owner: null };
  if (isAlive(theirs)) return { owner: theirs.pid };
  bury(path, theirs);
  return { owner: null };
}

// The file appears with its content or not at all: it is written under a name of its own and then linked.
function create(path, owner) {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${owner.token}`;
  writeFileSync(part, JSON.stringify(owner));
  try {
    linkSync(part, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(part);
  }
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

// Two may find the same dead owner, and the slower must not remove the quicker one's new lock. So the right to
// remove this very lock is a lock itself, named by the dead owner's token; whoever has it looks again first.
function bury(path, dead) {
  const right = tryAcquire(`${path}.bury-${dead.token}`);
  if (right.release === undefined) return;
  try {
    if (read(path)?.token === dead.token) rmSync(path);
  } finally {
    right.release();
  }
}
