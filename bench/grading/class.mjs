/** A class of submissions to exercise 03: right ones, known mistakes, unfinished ones. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { library, loadMarking, notebookPath } from "../../scripts/grading/tools.mjs";
import { withFunctions } from "../../scripts/grading/verify.mjs";

/** Writes `count` notebooks as FOLDER/submitted/STUDENT/NAME/NAME.ipynb; every third is right. */
export async function writeClass(folder, name, count) {
  const { marking, mistakeText } = await loadMarking(name);
  const { findExercise } = library("course/exercises/index.js");
  const source = JSON.parse(readFileSync(notebookPath("source", name), "utf8"));
  const functions = Object.keys(marking.tests);
  for (let i = 0; i < count; i++) {
    const student = `student-${String(i).padStart(3, "0")}`;
    const path = join(folder, "submitted", student, name);
    const wrong = functions[i % functions.length];
    const { mistakes } = findExercise(wrong);
    const text =
      i % 3 === 0 ? {} : { [wrong]: mistakeText(wrong, mistakes[i % mistakes.length].name) };
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, `${name}.ipynb`), JSON.stringify(withFunctions(source, text)));
  }
}
