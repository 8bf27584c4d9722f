/**
 * `check`, `hint` and `solution`: what a student alone has in place of a teacher.
 *
 * The order is the one of a patient tutor: a counterexample first, then up to three hints, and the
 * solution only to somebody who has tried.
 */
import { callDirectly, examine, recogniseMistake, type Counterexample } from "./examine";
import { unwritten, type Answer, type FunctionExercise } from "./exercise";
import { counterexamplePanel, panelText, showPanel, showText } from "./exerciseView";
import { findExercise } from "./exercises";
import { readSolution } from "./exerciseSource";
import { Rng } from "../core/rng";
import { checkResults } from "../feedback/store/checkStore";
import { pseudonym } from "../feedback/store/pseudonym";
import { frontEnd } from "../notebook/frontEnd";

/** Thrown by {@link check} after it has shown why; the message is all there is to read. */
export class CheckFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CheckFailed";
    this.stack = `CheckFailed: ${message}`; // no frames: nothing in the library is at fault
  }
}

/** What a student has done about a function since the kernel started. */
interface Progress {
  tries: number;
  hints: number;
  passed: boolean;
}

const progress = new Map<string, Progress>();

function progressOf(name: string): Progress {
  const known = progress.get(name) ?? { tries: 0, hints: 0, passed: false };
  progress.set(name, known);
  return known;
}

/**
 * Checks a function you wrote, at once, on fixed and on drawn inputs.
 *
 * Shows that everything holds, or one counterexample: the inputs, what your function returned and
 * what was expected to hold there. A mistake that many people make is called by its name. The
 * function is given copies, so a check changes nothing of yours; a function that never returns is
 * stopped with the kernel's interrupt button. In a notebook each try is kept in the store, beside
 * your labels and predictions.
 *
 *     await check("logLikelihood", logLikelihood);
 *
 * @throws CheckFailed when something does not hold, so that nbgrader's Validate sees it too
 * @throws RangeError  when the course has no function of this name, or none is given
 */
export async function check(
  name: string,
  implementation: (...inputs: never[]) => unknown,
): Promise<void> {
  const exercise = findExercise(name);
  if (typeof implementation !== "function") {
    throw new RangeError(
      `check: the second argument must be your function ${name}, got ${typeof implementation}. Write check("${name}", ${name}).`,
    );
  }
  const { calls, answers, counterexample } = checkAll(exercise, implementation);
  if (answers.length > 0 && answers.every(isUnwritten)) return refuseUnwritten(name);
  progressOf(name).tries += 1;
  if (counterexample === undefined) {
    progressOf(name).passed = true;
    await keepTry(exercise, true, "");
    showPanel({
      tone: "right",
      title: `${name} is right: ${exercise.properties.length} properties hold.`,
    });
    return;
  }
  const mistake = recogniseMistake(exercise, calls, answers);
  const panel = counterexamplePanel(exercise, counterexample, mistake?.looksLike);
  await keepTry(exercise, false, panelText(panel));
  showPanel(panel);
  throw new CheckFailed(`${name}: see the counterexample above, or ask hint("${name}").`);
}

/** Keeps a try in the store; a store that cannot be written costs a note, never the verdict. */
async function keepTry(exercise: FunctionExercise, passed: boolean, detail: string): Promise<void> {
  if (frontEnd() === undefined) return; // a test or a script, not a student
  try {
    const { exercise: id, name } = exercise;
    await checkResults.add({ exercise: id, part: name, passed, detail, annotator: pseudonym() });
  } catch (error) {
    const notes = [error instanceof Error ? error.message : String(error)];
    showPanel({ tone: "note", title: "This try could not be kept in the store.", notes });
  }
}

/** Every property's verdict; {@link check} without its words, for tests of exercises. */
export function checkAll(
  exercise: FunctionExercise,
  implementation: (...inputs: never[]) => unknown,
): {
  calls: (readonly unknown[])[];
  answers: Answer[];
  counterexample: Counterexample | undefined;
  failed: string[];
} {
  const rng = new Rng(`check ${exercise.name}`);
  const calls: (readonly unknown[])[] = [];
  const answers: Answer[] = [];
  const counterexamples: Counterexample[] = [];
  for (const property of exercise.properties) {
    const asked = property.calls(rng.split(property.says));
    const answered = asked.map((inputs) => callDirectly(implementation, inputs));
    const counterexample = examine(exercise, property, asked, answered);
    if (counterexample !== undefined) counterexamples.push(counterexample);
    calls.push(...asked);
    answers.push(...answered);
  }
  const failed = counterexamples.map(({ property }) => property);
  return { calls, answers, counterexample: counterexamples[0], failed };
}

function isUnwritten(answer: Answer): boolean {
  return "threw" in answer && answer.threw === unwritten;
}

function refuseUnwritten(name: string): never {
  showPanel({
    tone: "note",
    title: `${name} is not written yet.`,
    notes: [`Replace the line that throws. Stuck? hint("${name}") gives the first of three hints.`],
  });
  throw new CheckFailed(`${name} is not written yet.`);
}

/**
 * Shows the next of three hints for a function; after the third, all of them again.
 *
 * @throws RangeError when the course has no function of this name
 */
export function hint(name: string): void {
  const exercise = findExercise(name);
  const known = progressOf(name);
  const again = known.hints >= exercise.hints.length;
  if (!again) known.hints += 1;
  const first = again ? 0 : known.hints - 1;
  const shown = exercise.hints
    .slice(first, known.hints)
    .map((text, i) => `**Hint ${first + i + 1} of ${exercise.hints.length}.** ${text}`);
  const last =
    known.hints < exercise.hints.length
      ? []
      : [`That was the last hint. \`solution("${name}")\` shows one way to write it.`];
  showText([...shown, ...last].join("\n\n"));
}

/**
 * Shows one way to write a function, to somebody who has tried.
 *
 * "Tried" is a version of your own that went through {@link check} since the kernel started. Who
 * wants it without, writes `solution("…", { anyway: true })`. In a class whose teacher kept the
 * solutions out, it says so.
 *
 * @throws RangeError when the course has no function of this name
 */
export function solution(name: string, { anyway = false }: { anyway?: boolean } = {}): void {
  const exercise = findExercise(name);
  const { tries, hints } = progressOf(name);
  if (tries === 0 && !anyway) {
    showPanel({ tone: "note", title: `Try ${name} first.`, notes: beforeSolution(name, hints) });
    return;
  }
  const text = readSolution(exercise.exercise, name);
  if (text === undefined) {
    const notes = [
      `This copy of the course comes without solutions. Your teacher has them; hint("${name}") is still here.`,
    ];
    showPanel({ tone: "note", title: `The solution of ${name} is not here.`, notes });
    return;
  }
  showText(`One way to write \`${name}\`; yours may well be as good.\n\n\`\`\`ts\n${text}\n\`\`\``);
}

function beforeSolution(name: string, hints: number): string[] {
  const left = 3 - hints;
  const hinted =
    left > 0 ? ` ${left} ${left === 1 ? "hint is" : "hints are"} left: hint("${name}").` : "";
  return [
    `What one has tried oneself stays. Let await check("${name}", ${name}) see an attempt, however rough.${hinted}`,
    `To see it all the same: solution("${name}", { anyway: true }).`,
  ];
}
