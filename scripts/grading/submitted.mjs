/** Where submissions lie (nbgrader's layout), and how a folder of files becomes one. */
import { copyFileSync, existsSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";

/** A student's notebook in submitted, autograded or feedback. */
export function submissionFile(courseRoot, student, name, step = "submitted") {
  return join(courseRoot, step, student, name, `${name}.ipynb`);
}

/**
 * Students who handed in an exercise, in order.
 *
 * @throws Error when there is none
 */
export function submittedStudents(courseRoot, name) {
  const folder = join(courseRoot, "submitted");
  const students = existsSync(folder)
    ? readdirSync(folder).filter((student) => existsSync(join(folder, student, name)))
    : [];
  if (students.length > 0) return students.sort();
  throw new Error(
    `There is no submission of ${name} in ${folder}. Collect them with nbgrader, or give their folder: --from FOLDER.`,
  );
}

/** Copies STUDENT.ipynb and STUDENT/NAME.ipynb into the layout; links are not followed. */
export function bringIn(from, courseRoot, name) {
  if (!existsSync(from)) throw new Error(`There is no folder ${from}.`);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const student = entry.isFile() ? entry.name.replace(/\.ipynb$/, "") : entry.name;
    const file = entry.isFile() ? join(from, entry.name) : join(from, student, `${name}.ipynb`);
    if (student.startsWith(".") || (entry.isFile() && !entry.name.endsWith(".ipynb"))) continue;
    if (entry.isSymbolicLink() || !existsSync(file) || !lstatSync(file).isFile()) continue;
    const target = submissionFile(courseRoot, student, name);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
}
