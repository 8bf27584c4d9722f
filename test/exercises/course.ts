/** A course root of its own with submissions, and the real commands run on it. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Notebook } from "../../lib/course/grading/notebook";
import { exercise, root } from "./grading";

export const python = join(root, ".venv", process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class Course {
  readonly folder = mkdtempSync(join(tmpdir(), "course-"));

  get environment(): NodeJS.ProcessEnv {
    const path = `${dirname(python)}${delimiter}${process.env["PATH"] ?? ""}`;
    const variables = { ...process.env };
    delete variables["PYTHONDONTWRITEBYTECODE"]; // Python starts faster with compiled modules
    const store = join(this.folder, "store.sqlite");
    return {
      ...variables,
      PATH: path,
      RLHF_COURSE_ROOT: this.folder,
      RLHF_STORE: store,
      JUPYTER_NO_CONFIG: "1",
    };
  }

  run(command: string, args: string[]): Promise<Ran> {
    const options = { cwd: join(root, "exercises"), env: this.environment, maxBuffer: 64e6 };
    return new Promise((resolve) =>
      execFile(command, args, options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
        resolve({ code, stdout, stderr });
      }),
    );
  }

  script(name: string, ...args: string[]): Promise<Ran> {
    return this.run(process.execPath, [join(root, "scripts", name), ...args]);
  }

  nbgrader(...args: string[]): Promise<Ran> {
    return this.run(python, ["-m", "nbgrader", ...args]);
  }

  /** Runs Python with `gradebook` open, and reads what it prints as JSON. */
  async gradebook<T>(code: string): Promise<T> {
    const program = `import json\nfrom nbgrader.api import Gradebook\nwith Gradebook("sqlite:///${this.folder}/gradebook.db", "rlhf") as gradebook:\n${code.replace(/^/gm, "    ")}`;
    const { stdout, stderr } = await this.run(python, ["-c", program]);
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout) as T;
  }

  submissionFolder(student: string): string {
    const folder = join(this.folder, "submitted", student, exercise);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  submit(student: string, notebook: Notebook | string): string {
    const file = join(this.submissionFolder(student), `${exercise}.ipynb`);
    const text = typeof notebook === "string" ? notebook : JSON.stringify({ ...notebook, nbformat_minor: 5 });
    writeFileSync(file, text);
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
