/** One question with one answer: a number, a choice, a curve, a text, an order. */
import { z } from "../core/schema";
import { checkInteger, checkNotEmpty, checkRange } from "../core/checks";
import type { DrawnAxis } from "./widgetPictures";
import { QuestionSession } from "./widgetSession";
import type { WidgetState } from "./widgetModel";
import type { StillText } from "./widgetStill";

/** What is asked once. */
export interface OneQuestion<A> {
  /** The front-end module. */
  readonly module: string;
  readonly question: string;
  readonly state: WidgetState;
  /** Makes an answer of what the page sent, or throws. */
  check(value: unknown): A;
  /** Keeps the answer; by default nothing is kept. */
  keep?(answer: A): Promise<void>;
  /** The answer as the still shows it, a line each. */
  inWords(answer: A): string[];
  /** What the still shows beside the words, before and after the answer. */
  columns?(answer: A | undefined): NonNullable<StillText["columns"]>;
  /** What the output says when nobody could be asked. */
  readonly withoutPage: string;
}

/**
 * Asks in the page and waits.
 *
 * @returns the answer, or undefined when there is no page or the person declines
 */
export function askOnce<A>(question: OneQuestion<A>): Promise<A | undefined> {
  return new Promise((resolve, reject) => {
    let answer: A | undefined;
    new QuestionSession<A>({
      module: question.module,
      state: { question: question.question, ...question.state },
      total: 1,
      check: (value) => question.check(value),
      keep: async (given) => {
        await question.keep?.(given);
        answer = given;
      },
      still: ({ status }) => {
        const said = answer === undefined ? ["No answer was given."] : question.inWords(answer);
        const lines = status === "asking" ? ["Not answered yet."] : said;
        const title = question.question;
        if (status === "simulated") return { title, lines: [] };
        return { title, lines, columns: question.columns?.(answer) ?? [] };
      },
      noPage: () => question.withoutPage,
      end: (_, failure) => (failure ? reject(failure) : resolve(answer)),
    });
  });
}

/** What every question of this file may say. */
export interface AskFor {
  /** Shown where nobody could be asked. */
  readonly withoutPage?: string;
}

const nobody = "Nobody was asked: no page shows this notebook (or RLHF_LABELLER is simulated).";

export interface NumberOptions extends AskFor {
  readonly unit: string;
  readonly min?: number;
  readonly max?: number;
}

/** Asks for a number with its unit; undefined when nobody answers. */
export function askNumber(
  question: string,
  { unit, min = -Infinity, max = Infinity, withoutPage = nobody }: NumberOptions,
): Promise<number | undefined> {
  const limits = { min: finiteOrNull(min), max: finiteOrNull(max) }; // JSON has no ∞
  return askOnce<number>({
    module: "number",
    question,
    state: { unit, ...limits },
    check: (value) => z.number().finite().min(min).max(max).parse(value),
    inWords: (answer) => [`${answer} ${unit}`],
    withoutPage,
  });
}

/** Asks for one of several answers, by name. */
export function askChoice(
  question: string,
  choices: readonly string[],
  { withoutPage = nobody }: AskFor = {},
): Promise<string | undefined> {
  checkNotEmpty("askChoice: choices", choices, 2);
  return askOnce<string>({
    module: "choice",
    question,
    state: { choices },
    check: (value) => {
      const i = z.number().int().min(0).max(choices.length - 1).parse(value); // prettier-ignore
      return choices[i];
    },
    inWords: (answer) => [answer],
    withoutPage,
  });
}

export interface CurveOptions extends AskFor {
  readonly x: DrawnAxis;
  readonly y: DrawnAxis;
}

/** Points [x, y] in order of x. */
export type Curve = readonly (readonly [number, number])[];

/** Asks for a curve, drawn by mouse or touch or typed point by point. */
export function askCurve(
  question: string,
  { x, y, withoutPage = nobody }: CurveOptions,
): Promise<Curve | undefined> {
  for (const [name, axis] of Object.entries({ x, y })) {
    checkRange(`askCurve: ${name}.max`, axis.max, axis.min, Number.MAX_VALUE);
  }
  const point = z.tuple([z.number().min(x.min).max(x.max), z.number().min(y.min).max(y.max)]);
  return askOnce<Curve>({
    module: "curve",
    question,
    state: { x, y },
    check: (value) => inOrderOfX(z.array(point).min(2).max(1000).parse(value)),
    inWords: (curve) => [curve.map(([a, b]) => `(${shorten(a)}, ${shorten(b)})`).join(" ")],
    withoutPage,
  });
}

export interface TextOptions extends AskFor {
  /** What stands in the editor at first. */
  readonly start?: string;
  /** Shown above it, such as the reply that is to be criticised. */
  readonly about?: string;
  /** At most so many characters; by default 4,000. */
  readonly limit?: number;
}

/** Asks for a text: a critique, a revision, a principle. */
export function askText(
  question: string,
  { start = "", about = "", limit = 4000, withoutPage = nobody }: TextOptions = {},
): Promise<string | undefined> {
  checkInteger("askText: limit", limit, 1, 100_000);
  return askOnce<string>({
    module: "editor",
    question,
    state: { start, about, limit },
    check: (value) => z.string().min(1).max(limit).parse(value),
    inWords: (text) => [text],
    withoutPage,
  });
}

function inOrderOfX(points: readonly [number, number][]): Curve {
  const sorted = [...points].sort(([a], [b]) => a - b);
  if (sorted.some(([a], i) => i > 0 && a === sorted[i - 1][0])) {
    throw new TypeError("two points have the same x");
  }
  return sorted;
}

function finiteOrNull(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}

function shorten(x: number): string {
  return String(Number(x.toPrecision(4)));
}
