/** Predictions: committed before anything runs, put beside the result afterwards, never changed. */
import { describeValue } from "../core/checks";
import {
  predictions,
  type PredictionStore,
  type PredictionValue,
  type StoredPrediction,
} from "../feedback/store/predictionStore";
import { pseudonym } from "../feedback/store/pseudonym";
import { askChoice, askCurve, askNumber, type Curve } from "../notebook/askOnce";
import { displayHook, lineChart, show, showMarkdown } from "../notebook";
import type { DrawnAxis } from "../notebook/widgetPictures";
import { curveError, escapeMarkdown, words } from "./predictionWords";

interface Common {
  /** What is predicted where nobody can be asked; by default nothing. */
  readonly standIn?: PredictionValue;
  /** Asks again although there is a prediction; both are kept. */
  readonly again?: boolean;
  /** Where predictions are kept; by default the course's store. */
  readonly store?: PredictionStore;
  /** Under which name; by default the student's pseudonym. */
  readonly annotator?: string;
}

/** A number with its unit, one of several choices, or a curve on two axes. */
export type PredictOptions =
  | (Common & { readonly unit: string; readonly min?: number; readonly max?: number })
  | (Common & { readonly choices: readonly string[] })
  | (Common & { readonly x: DrawnAxis; readonly y: DrawnAxis });

/** What was predicted, and by whom. */
export interface Prediction {
  readonly question: string;
  /** Undefined where nobody was asked and no stand-in was given. */
  readonly value: PredictionValue | undefined;
  readonly madeBy: "person" | "simulated" | "nobody";
  /** True when it was made, or changed, after its result had been seen. */
  readonly afterResult: boolean;
  readonly options: PredictOptions;
}

/** How far a prediction was from the result. */
export interface Revealed {
  readonly prediction: PredictionValue | undefined;
  readonly result: PredictionValue;
  /**
   * Prediction minus result for a number, the mean distance for a curve, 0 or 1 (wrong) for a
   * choice; undefined without a prediction.
   */
  readonly error: number | undefined;
}

/**
 * Asks the student to commit to a number, a choice or a curve, and keeps the answer.
 *
 *     const guess = await predict("How many of 100 pairs will the model get right?", { unit: "pairs" });
 *     …
 *     await reveal(guess, 83);
 *
 * A prediction that is there already is shown and not asked again, so a notebook can be run once
 * more without a question; `again: true` asks all the same, and the record tells what was said
 * before the result was seen and what after.
 *
 * @throws TypeError when the options do not say what is asked for: a unit, choices or two axes
 */
export async function predict(question: string, options: PredictOptions): Promise<Prediction> {
  checkAsked(question, options);
  const { store = predictions, annotator = pseudonym(), again = false } = options;
  const known = again ? undefined : await store.counting(question, annotator);
  if (known !== undefined && fits(known.value, options)) {
    showMarkdown(`**${escapeMarkdown(question)}** ${known.annotator} predicted ${said(known.value, options)} on ${day(known)}.`); // prettier-ignore
    return made(question, options, known);
  }
  const value = await ask(question, options);
  if (value === undefined) {
    const madeBy = options.standIn === undefined ? "nobody" : "simulated";
    return { question, options, value: options.standIn, madeBy, afterResult: false };
  }
  const unit = "unit" in options ? options.unit : "";
  return made(question, options, await store.add({ question, unit, annotator, value }));
}

/**
 * Puts a prediction beside the result, with its error, and notes that the result was seen.
 *
 * @param prediction what `predict` gave
 * @param result     of the same kind: a finite number, a choice, or points [x, y]
 * @throws TypeError when the result is of another kind, or the first argument is no prediction
 */
export async function reveal(prediction: Prediction, result: PredictionValue): Promise<Revealed> {
  checkPrediction(prediction);
  const { question, options, madeBy } = prediction;
  const { store = predictions, annotator = pseudonym() } = options;
  checkSameKind(question, options, result);
  const value = await valueThatCounts(prediction, store, annotator);
  if (madeBy === "person") await store.reveal(question, annotator, result);
  const error = value === undefined ? undefined : errorOf(value, result);
  if (typeof result === "object") drawCurves(prediction, value as Curve | undefined, result);
  const lines = [
    `**${escapeMarkdown(question)}**`,
    value === undefined
      ? "No prediction was made."
      : `${whose(prediction, annotator)} predicted ${said(value, options)}.`,
    typeof result === "object" ? "" : `The result is **${said(result, options)}**.`,
    error === undefined ? "" : errorInWords(error, result, options),
    prediction.afterResult ? "*It was made after the result had been seen.*" : "",
  ];
  showMarkdown(lines.filter((line) => line !== "").join(" "));
  return alreadyShown({ prediction: value, result, error });
}

/** As a cell's last value it is not printed again. */
function alreadyShown(revealed: Revealed): Revealed {
  return Object.defineProperty(revealed, displayHook, { value: () => ({ data: {} }) });
}

function ask(question: string, options: PredictOptions): Promise<PredictionValue | undefined> {
  const { standIn } = options;
  const withoutPage =
    standIn === undefined
      ? "Nobody was asked for a prediction, since no page shows this notebook."
      : `Nobody was asked, since no page shows this notebook; taken for the prediction: ${said(standIn, options)}.`;
  if ("choices" in options) return askChoice(question, options.choices, { withoutPage });
  if ("x" in options) return askCurve(question, { x: options.x, y: options.y, withoutPage });
  const { unit, min = -Infinity, max = Infinity } = options;
  return askNumber(question, { unit, min, max, withoutPage });
}

/** The last prediction before the result was first seen, whatever was said since. */
async function valueThatCounts(
  { question, madeBy, value }: Prediction,
  store: PredictionStore,
  annotator: string,
): Promise<PredictionValue | undefined> {
  if (madeBy !== "person") return value;
  return (await store.counting(question, annotator))?.value ?? value;
}

function made(question: string, options: PredictOptions, kept: StoredPrediction): Prediction {
  const { value, afterResult } = kept;
  return { question, options, value, madeBy: "person", afterResult };
}

/** Whether a kept value answers the question as it is put now: its author may have changed it. */
function fits(value: PredictionValue, options: PredictOptions): boolean {
  if ("choices" in options) return typeof value === "string" && options.choices.includes(value);
  if (!("x" in options)) return Number.isFinite(value);
  return Array.isArray(value) && value.length > 0 && value.every(isPoint);
}

function isPoint(point: ArrayLike<unknown>): boolean {
  return point.length === 2 && Number.isFinite(point[0]) && Number.isFinite(point[1]);
}

function checkAsked(question: string, options: PredictOptions): void {
  if (["unit", "choices", "x"].some((key) => options?.[key as keyof PredictOptions] !== undefined))
    return;
  throw new TypeError(
    `predict: say what "${question}" asks for, as in { unit: "points" }, { choices: ["yes", "no"] } ` +
      `or { x: { … }, y: { … } }; got ${describeValue(options)}.`,
  );
}

function checkPrediction(prediction: Prediction): void {
  if (prediction?.options !== undefined) return;
  throw new TypeError(
    `reveal: needs what predict gave, as in const guess = await predict(…), got ` +
      `${describeValue(prediction)}. Run the cell that asks first.`,
  );
}

function checkSameKind(question: string, options: PredictOptions, result: PredictionValue): void {
  if (fits(result, options)) return;
  const wanted =
    "choices" in options
      ? `one of ${options.choices.join(", ")}`
      : "x" in options
        ? "points [x, y] of finite numbers"
        : "a finite number";
  throw new TypeError(`reveal: "${question}" asks for ${wanted}, got ${describeValue(result)}.`);
}

function errorOf(value: PredictionValue, result: PredictionValue): number {
  if (typeof value === "number" && typeof result === "number") return value - result;
  if (typeof value === "object" && typeof result === "object") return curveError(value, result);
  return value === result ? 0 : 1;
}

function errorInWords(error: number, result: PredictionValue, options: PredictOptions): string {
  if (typeof result === "string") return error === 0 ? "Right." : "Wrong.";
  if (typeof result === "object" && "y" in options) {
    return `On average ${words(error)} ${options.y.unit ?? ""} apart.`.replace(/ {2,}/g, " ");
  }
  const unit = "unit" in options ? ` ${options.unit}` : "";
  if (error === 0) return "Exactly.";
  return `Off by ${words(Math.abs(error))}${unit}: too ${error > 0 ? "high" : "low"}.`;
}

function said(value: PredictionValue, options: PredictOptions): string {
  if (typeof value === "object") return "the curve that is drawn";
  if (typeof value === "string") return escapeMarkdown(value);
  return escapeMarkdown(`${words(value)}${"unit" in options ? ` ${options.unit}` : ""}`);
}

function whose({ madeBy }: Prediction, annotator: string): string {
  return madeBy === "person" ? annotator : "The stand-in";
}

function day({ time, afterResult }: StoredPrediction): string {
  return `${time.slice(0, 10)}${afterResult ? ", after the result had been seen" : ""}`;
}

function drawCurves(
  { question, options }: Prediction,
  drawn: Curve | undefined,
  result: Curve,
): void {
  if (!("x" in options)) return;
  const series = (points: Curve) => ({ x: points.map(([x]) => x), y: points.map(([, y]) => y) });
  const both = { ...(drawn ? { prediction: series(drawn) } : {}), result: series(result) };
  show(lineChart(both, { title: question, x: axis(options.x), y: axis(options.y) }));
}

function axis({ title, unit }: DrawnAxis): { title: string; unit?: string } {
  return unit === undefined ? { title } : { title, unit };
}
