/** The gradebook is nbgrader's and is written by nbgrader's own code, in one Python process beside us. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { exercisesFolder, python, pythonEnvironment } from "./tools.mjs";

const unread = 16; // submissions on their way; more would only fill memory

/**
 * Starts the writer. `write` hands over one graded submission, `close` waits until all are in the
 * gradebook and returns one sentence for each that is not.
 */
export function openGradebook(courseRoot) {
  const script = join(exercisesFolder, "python", "rlhf_grading.py");
  const child = spawn(python, [script, courseRoot], {
    cwd: courseRoot,
    env: { ...pythonEnvironment, RLHF_COURSE_ROOT: courseRoot },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const failures = [];
  let onTheirWay = 0;
  const waiting = [];
  const wake = () => waiting.splice(0).forEach((go) => go());
  let errors = "";
  child.stderr.on("data", (chunk) => (errors = (errors + chunk).slice(-4000)));
  child.stdin.on("error", () => {}); // its end is reported below
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { student, error } = JSON.parse(line);
    if (error !== undefined) failures.push(`${student}: ${error}`);
    onTheirWay -= 1;
    wake();
  });
  const ended = once(child, "close").then(([code]) => {
    if (code !== 0) failures.push(`The gradebook was not written: ${errors.trim()}`);
    wake();
    return code;
  });
  return {
    async write(graded) {
      while (onTheirWay >= unread && child.exitCode === null) {
        await new Promise((resolve) => waiting.push(resolve));
      }
      onTheirWay += 1;
      child.stdin.write(`${JSON.stringify(graded)}\n`);
    },
    async close() {
      child.stdin.end();
      await ended;
      return failures;
    },
    stop: () => child.kill(),
  };
}
