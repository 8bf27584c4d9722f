// npm run exercises: builds nbgrader's source and release notebooks from the authored scripts, and proves them.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { verify } from "./grading/verify.mjs";
import {
  authoredScript,
  checkExerciseName,
  exerciseNames,
  exercisesFolder,
  library,
  notebookPath,
  python,
  pythonEnvironment,
  writeIfChanged,
} from "./grading/tools.mjs";

const help = `npm run exercises [-- NAME …] [-- --verify] [-- --unsafe]

Builds exercises/source/NAME/NAME.ipynb (solutions in place) and, with nbgrader,
exercises/release/NAME/NAME.ipynb (the student's version) from exercises/source/NAME.ts.

  --verify   proves each exercise in the sandbox: the teacher's own and the other right solutions get
             full marks, each known mistake loses exactly the marks of what it gets wrong, an
             untouched notebook gets 0, and check() catches every known mistake
  --unsafe   verifies without bubblewrap
`;

/** Writes the source notebook of one exercise; says whether it changed. */
function buildSource(name) {
  const { sourceNotebook } = library("course/grading/assignment.js");
  const { notebookText } = library("course/grading/notebook.js");
  const path = notebookPath("source", name);
  mkdirSync(dirname(path), { recursive: true });
  return writeIfChanged(path, notebookText(sourceNotebook(authoredScript(name), name)));
}

/** Has nbgrader make the student's version, so that its gradebook knows the cells. */
function buildRelease(name) {
  const before = existsSync(notebookPath("release", name))
    ? readFileSync(notebookPath("release", name), "utf8")
    : "";
  const args = ["-m", "nbgrader", "generate_assignment", name, "--force", "--log-level=WARN"];
  const made = spawnSync(python, args, {
    cwd: exercisesFolder,
    env: pythonEnvironment,
    encoding: "utf8",
  });
  if (made.status !== 0) {
    throw new Error(`nbgrader could not make the student's version of ${name}:\n${made.stderr}`);
  }
  return readFileSync(notebookPath("release", name), "utf8") !== before;
}

async function main() {
  const { values, positionals } = parseArgs({
    options: {
      verify: { type: "boolean" },
      unsafe: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
    allowPositionals: true,
  });
  if (values.help) return console.log(help);
  const names = positionals.length > 0 ? positionals : exerciseNames();
  names.forEach(checkExerciseName);
  for (const name of names) {
    const source = buildSource(name) ? "new" : "as it was";
    const release = buildRelease(name) ? "new" : "as it was";
    console.log(`${name}: source ${source}, release ${release}`);
  }
  if (!values.verify) return;
  const failures = [];
  for (const name of names)
    failures.push(...(await verify(name, { unsafe: values.unsafe === true })));
  for (const failure of failures) console.error(`✗ ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
