/**
 * TAMER, Training an Agent Manually via Evaluative Reinforcement: an agent that learns to do what a
 * person praises.
 *
 * Knox & Stone 2008, TAMER: Training an agent manually via evaluative reinforcement, ICDL, pp. 292–297;
 * Knox & Stone 2009, Interactively shaping agents via human reinforcement, K-CAP, pp. 9–16. What a person
 * says is taken as a complete judgement of what was just done. So it is no reward to be added up over the
 * future, but a label: learn Ĥ(s, a), what the person would say, and do what Ĥ says they would
 * like best.
 *
 * It differs from the papers in one thing. They make one sample of all steps that a press may be
 * about, with the features added up by credit; here each of those steps is a sample of its own,
 * weighted by its credit, which is the loss of Warnell et al. 2018 (Deep TAMER, arXiv:1709.10163, Eq. 2).
 */
import { checkAllFinite, checkFinite, checkPositive, checkRange } from "../core/checks";
import type { Rng } from "../core/rng";
import { LinearActionValues, type Features } from "./linear";

/** How late people react: any delay between the two, each as likely. In ms. */
export interface ReactionTime {
  readonly low: number;
  readonly high: number;
}

/** The window of both papers' experiments, about: 200 to 800 ms. */
export const usualReaction: ReactionTime = { low: 200, high: 800 };

/** When something was on the screen, in ms. */
export interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * The probability that a press was about each of several steps.
 *
 *   c_k = ∫ f(x) dx  from x = t − end_k to t − start_k
 *
 * with f the density of reaction times, here uniform: the share of the window [t − high, t − low]
 * that step k fills. Shares add to 1 when the steps fill the whole window.
 *
 * @param time  t, when the key was pressed, in ms
 * @param steps [K] when each step was to be seen
 * @returns     [K] c_k in [0, 1]
 * @throws RangeError when a time is no number, or the window is empty
 */
export function creditShares(
  time: number,
  steps: readonly TimeSpan[],
  { low, high }: ReactionTime = usualReaction,
): Float64Array {
  checkFinite("creditShares: time", time);
  checkRange("creditShares: low", low, 0, high);
  checkPositive("creditShares: high − low", high - low);
  return Float64Array.from(steps, ({ start, end }, k) => {
    const overlap = Math.min(end, time - low) - Math.max(start, time - high);
    if (Number.isNaN(overlap))
      checkAllFinite(`creditShares: start and end of steps[${k}]`, [start, end]);
    return Math.max(0, overlap) / (high - low);
  });
}

/** Which steps a press is about: credits for steps, given when they were and when it was. */
export type CreditAssignment = (time: number, steps: readonly TimeSpan[]) => Float64Array;

export interface TamerOptions {
  /** α > 0, of a step with full credit; divide by the number of features that are on. */
  stepSize: number;
  /** `creditShares` when left out. */
  credit?: CreditAssignment;
  /** How long a step can still be credited, in ms; 2000 when left out. */
  memory?: number;
}

/** A step that the person has seen. */
export interface SeenStep extends TimeSpan {
  readonly features: Features;
  readonly action: number;
}

/** An agent that a person trains by + and −. */
export class Tamer {
  /** Ĥ(s, a) = w_aᵀ·φ(s), what the person would say. */
  readonly model: LinearActionValues;
  readonly #stepSize: number;
  readonly #credit: CreditAssignment;
  readonly #memory: number;
  #seen: SeenStep[] = [];

  /**
   * @param features F, the length of φ
   * @throws RangeError when features and actions are no counts, or a step size or memory is not above 0
   */
  constructor(features: number, actions: number, options: TamerOptions) {
    checkPositive("Tamer: stepSize", options?.stepSize);
    const { stepSize, credit = creditShares, memory = 2000 } = options;
    checkPositive("Tamer: memory", memory);
    [this.#stepSize, this.#credit, this.#memory] = [stepSize, credit, memory];
    this.model = new LinearActionValues(features, actions);
  }

  /** The action that the person would like best, argmax_a Ĥ(s, a): nothing is looked ahead. */
  choose(features: Features, rng: Rng): number {
    return this.model.greedy(features, rng);
  }

  /** Remembers a step that was on the screen from `start` to `end`. */
  saw(step: SeenStep): void {
    checkRange("Tamer.saw: end", step.end, step.start, Infinity);
    this.#seen = this.#seen.filter(({ end }) => end > step.end - this.#memory);
    this.#seen.push(step);
  }

  /**
   * Learns from one press: a gradient step on ½·Σ_k c_k·(h − Ĥ(s_k, a_k))².
   *
   *   w_{a_k} ← w_{a_k} + α·c_k·(h − Ĥ(s_k, a_k))·φ(s_k)      for each step k it may be about
   *
   * @param value h, what the person said: 1 or −1
   * @param time  when, in ms on the clock of the steps
   * @returns     the steps that were credited, with their credit
   * @throws RangeError when the value is no finite number, or a credited step has a feature or an action
   *   that the model has not; nothing is then learned
   */
  learn(value: number, time: number): { step: SeenStep; credit: number }[] {
    checkFinite("Tamer.learn: value", value);
    const shares = this.#credit(time, this.#seen);
    const credited = this.#seen
      .map((step, k) => ({ step, credit: shares[k] }))
      .filter(({ credit }) => credit > 0);
    const errors = credited.map(({ step }) => value - this.model.value(step.features, step.action));
    credited.forEach(({ step, credit }, k) =>
      this.model.add(step.features, step.action, this.#stepSize * credit * errors[k]),
    );
    return credited;
  }
}
