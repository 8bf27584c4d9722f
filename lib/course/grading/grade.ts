/** Grades one submission: frame it, ask it, mark it. */
import type { Rng } from "../../core/rng";
import { drawQuestions, markAnswers, type FunctionMark, type Marking } from "./marking";
import type { Notebook } from "./notebook";
import type { Sandbox } from "./sandbox";
import { frameSubmission, readSubmission, type Submission } from "./submission";

/** Everything that grading found out about one submission. */
export interface Grade {
  readonly student: string;
  readonly functions: readonly FunctionMark[];
  /** the release version with the student's answers in place */
  readonly notebook: Notebook;
  /** what was mended or did not run, in sentences */
  readonly remarks: readonly string[];
  /** why nothing could be graded at all: not a notebook, too large, no file */
  readonly refused?: string;
  /** how the code was kept in */
  readonly walls: Sandbox["kind"];
}

/** What all submissions of an exercise share. */
export interface Grader {
  readonly marking: Marking;
  /** the student's version as the teacher released it */
  readonly release: Notebook;
  readonly sandbox: Sandbox;
}

/**
 * Grades a submitted file; a file that cannot be read gets 0 and a sentence, never an exception.
 *
 * @param rng  draws the hidden inputs; kept by the grader
 * @param slot which of the parallel places to use
 */
export async function gradeFile(
  grader: Grader,
  student: string,
  file: string,
  rng: Rng,
  slot: number,
): Promise<Grade> {
  let submission: Submission;
  try {
    submission = readSubmission(file, grader.release);
  } catch (error) {
    const empty = frameSubmission(grader.release, grader.release);
    const refused = error instanceof Error ? error.message : String(error);
    return { ...unanswered(grader, student, empty, rng), refused };
  }
  return gradeSubmission(grader, student, submission, rng, slot);
}

/** Grades a submission that was read. */
export async function gradeSubmission(
  grader: Grader,
  student: string,
  submission: Submission,
  rng: Rng,
  slot: number,
): Promise<Grade> {
  const questions = drawQuestions(grader.marking, rng);
  const groups = questions.map(({ calls }) => calls);
  const { answers, failures } = await grader.sandbox.ask(submission.program, groups, slot);
  const broken = failures.map(
    ({ cell, error }) => `The cell "${cell}" did not run to its end: ${error}.`,
  );
  return {
    student,
    functions: markAnswers(questions, answers),
    notebook: submission.notebook,
    remarks: [...submission.remarks, ...broken],
    walls: grader.sandbox.kind,
  };
}

function unanswered(grader: Grader, student: string, { notebook }: Submission, rng: Rng): Grade {
  const functions = markAnswers(drawQuestions(grader.marking, rng), []);
  return { student, functions, notebook, remarks: [], walls: grader.sandbox.kind };
}
