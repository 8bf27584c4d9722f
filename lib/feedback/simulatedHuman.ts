import { checkFinite, checkInteger, checkRange } from "../core/checks";
import type { Rng } from "../core/rng";
import type { Comparison } from "../preference/comparison";
import type { Likert8, LikertAnswer } from "../preference/likert";
import type { LabelOptions, Labeller, Labelling, Pair, Ranking } from "./labeller";
import { PendingLabelling } from "./labelling";

/** What a simulated human prefers, and by how much: a number of utility for each item. */
export type Utility<T> = (item: T, prompt?: string) => number;

/** How a simulated human errs; left out, they are rational, with the usual logistic noise. */
export interface HumanFaults {
  /** T ≥ 0, in units of utility; 0 picks the better item always, 1 is the Bradley–Terry model. */
  readonly temperature?: number;
  /** λ ∈ [0, 1]: the share of answers given without looking (B-Pref's "mistake" is λ/2). */
  readonly lapseRate?: number;
  /** Added to the log-odds of the first item, whatever it is; positive favours the first. */
  readonly positionBias?: number;
  /** Added to the log-odds for each unit by which the first item is longer than the second. */
  readonly lengthBias?: number;
  /** φ ∈ [0, 1): with each answer this share of the remaining attention is lost. */
  readonly fatigue?: number;
  /** ν ≥ 0 of Davidson's model: how readily near-equal items are called equal. 0: never. */
  readonly ties?: number;
}

export interface SimulatedHumanOptions<T> extends HumanFaults {
  readonly rng: Rng;
  /** How long an item is, for the length bias; by default the length of its text. */
  readonly length?: (item: T) => number;
  /** The pseudonym in the answers. */
  readonly annotator?: string;
  /** The time that is written into the answers; by default now. */
  readonly now?: () => Date;
}

/** P(first preferred), P(second preferred), P(called equal); they add to 1. */
export interface ChoiceProbabilities {
  readonly first: number;
  readonly second: number;
  readonly tie: number;
}

/**
 * A Boltzmann-rational human with known faults, who stands in where nobody sits at the keyboard
 * and whose answers have a known distribution.
 *
 *   z        = (u(a) − u(b))/T + positionBias + lengthBias·(|a| − |b|)
 *   P(a ≻ b) = λ_k/2 + (1 − λ_k) · e^{z/2} / (e^{z/2} + e^{−z/2} + ν)
 *   P(a ~ b) =         (1 − λ_k) · ν       / (e^{z/2} + e^{−z/2} + ν)
 *   λ_k      = 1 − (1 − λ)(1 − φ)^k          after k answers
 *
 * With ν = 0 and no faults this is the Bradley–Terry model (Bradley & Terry 1952) on e^{u/T}, that
 * is, Luce's choice rule (1959); ν is Davidson's tie parameter (1970, JASA 65:317). The lapse is
 * the uniform error of Christiano et al. 2017, §2.2.3 (arXiv:1706.03741), there 10 %, and the
 * "mistake" of Lee et al. 2021 (B-Pref, arXiv:2111.03026); temperature is their rationality β = 1/T.
 */
export class SimulatedHuman<T> implements Labeller<T> {
  readonly kind = "simulated";
  readonly annotator: string;
  readonly #utility: Utility<T>;
  readonly #faults: Required<HumanFaults>;
  readonly #rng: Rng;
  readonly #length: (item: T) => number;
  readonly #now: () => Date;
  #answered = 0;

  /**
   * @param utility what the human wants; anything but a finite number is an error when it is asked
   * @throws RangeError when a fault lies outside its range
   */
  constructor(utility: Utility<T>, options: SimulatedHumanOptions<T>) {
    this.#utility = utility;
    this.#faults = checkedFaults(options);
    this.#rng = options.rng;
    this.#length = options.length ?? lengthOfText;
    this.annotator = options.annotator ?? "simulated human";
    this.#now = options.now ?? (() => new Date());
  }

  /** How many questions have been answered; fatigue grows with it. */
  get answered(): number {
    return this.#answered;
  }

  /** The distribution of the next answer to this pair (the equation above, at the present k). */
  probabilities(pair: Pair<T>): ChoiceProbabilities {
    const { first, tie } = davidson(this.#logOdds(pair), this.#faults.ties);
    const lapse = this.#lapseRate();
    const looked = 1 - lapse;
    const pFirst = lapse / 2 + looked * first;
    return { first: pFirst, second: 1 - pFirst - looked * tie, tie: looked * tie };
  }

  compare(pairs: readonly Pair<T>[], options: LabelOptions = {}): Labelling<Comparison<T>> {
    return this.#answerAll(pairs, options, (pair) => ({ ...pair, ...this.#preference(pair) }));
  }

  /**
   * Rates on the eight-point scale: z plus logistic noise, cut at −3, −2, −1, 0, 1, 2 and 3. Its
   * side alone is a Bradley–Terry comparison, since P(z + noise > 0) = σ(z). A lapse rates at random.
   */
  likert(pairs: readonly Pair<T>[], options: LabelOptions = {}): Labelling<LikertAnswer<T>> {
    return this.#answerAll(pairs, options, (pair) => ({
      ...pair,
      rating: this.#rating(pair),
      annotator: this.annotator,
      time: this.#now().toISOString(),
    }));
  }

  /**
   * Orders the items by utility/T plus Gumbel noise, which is the Plackett–Luce model (Luce 1959,
   * Plackett 1975; the equality is Yellott 1977); a lapse gives a random order. Position bias is
   * for pairs and does not enter here.
   */
  rank(items: readonly T[], options: { readonly prompt?: string } = {}): Promise<Ranking<T>> {
    const shuffled = this.#rng.shuffle(items.map((_, i) => i));
    const lapsed = this.#rng.bernoulli(this.#lapseRate());
    const scores = items.map((item) => this.#noisyScore(item, options.prompt));
    const order = lapsed ? shuffled : shuffled.sort((i, j) => scores[j] - scores[i]);
    this.#answered += 1;
    const time = this.#now().toISOString();
    const ranking = { items: [...items], order, annotator: this.annotator, time };
    const { prompt } = options;
    return Promise.resolve(prompt === undefined ? ranking : { prompt, ...ranking });
  }

  #answerAll<A>(
    pairs: readonly Pair<T>[],
    { n = pairs.length }: LabelOptions,
    answer: (pair: Pair<T>) => A,
  ): Labelling<A> {
    checkInteger("labels: n, the number of answers", n, 0);
    const asked = pairs.slice(0, n);
    const labelling = new PendingLabelling<A>(asked.length, this.kind);
    for (const pair of asked) {
      labelling.add(answer(pair));
      this.#answered += 1;
    }
    return labelling;
  }

  #preference(pair: Pair<T>): Pick<Comparison<T>, "preference" | "annotator" | "time"> {
    const { first, tie } = this.probabilities(pair);
    const draw = this.#rng.uniform();
    const preference = draw < first ? 1 : draw < first + tie ? "tie" : 0;
    return { preference, annotator: this.annotator, time: this.#now().toISOString() };
  }

  #rating(pair: Pair<T>): Likert8 {
    const lapsed = this.#rng.bernoulli(this.#lapseRate());
    const noise = logit(this.#rng.uniform());
    if (lapsed) return (1 + this.#rng.integer(8)) as Likert8;
    const perceived = this.#logOdds(pair) + noise; // log-odds; > 0 favours the first
    const step = Math.min(3, Math.floor(Math.abs(perceived)));
    return (perceived > 0 ? 4 - step : 5 + step) as Likert8;
  }

  #noisyScore(item: T, prompt?: string): number {
    const { temperature, lengthBias } = this.#faults;
    const u = this.#utilityOf(item, prompt);
    const length = lengthBias === 0 ? 0 : lengthBias * this.#length(item);
    return temperature === 0 ? u : u / temperature + length + this.#rng.gumbel();
  }

  /** λ_k */
  #lapseRate(): number {
    const { lapseRate, fatigue } = this.#faults;
    return 1 - (1 - lapseRate) * (1 - fatigue) ** this.#answered;
  }

  /** z, which is ±∞ where the temperature is 0 and the utilities differ. */
  #logOdds({ first, second, prompt }: Pair<T>): number {
    const { temperature, positionBias, lengthBias } = this.#faults;
    const difference = this.#utilityOf(first, prompt) - this.#utilityOf(second, prompt);
    const rational = difference === 0 ? 0 : difference / temperature;
    const longer = lengthBias === 0 ? 0 : this.#length(first) - this.#length(second);
    return rational + positionBias + lengthBias * longer;
  }

  #utilityOf(item: T, prompt?: string): number {
    const u = this.#utility(item, prompt);
    if (typeof u !== "number" || !Number.isFinite(u)) {
      throw new RangeError(
        `SimulatedHuman: the utility of an item must be a finite number, got ${String(u)} for ` +
          `${JSON.stringify(item)}. Check the utility function that was given.`,
      );
    }
    return u;
  }
}

/** Davidson's model at log-odds z, in a form that neither overflows nor divides ∞ by ∞. */
function davidson(z: number, ties: number): { first: number; tie: number } {
  const half = Math.abs(z) / 2;
  const weaker = Math.exp(-2 * half); // e^{−|z|}, the loser's weight with the winner's taken as 1
  const equal = ties * Math.exp(-half);
  const total = 1 + weaker + equal;
  return { first: (z >= 0 ? 1 : weaker) / total, tie: equal / total };
}

function logit(p: number): number {
  return Math.log(p) - Math.log1p(-p);
}

function lengthOfText(item: unknown): number {
  if (typeof item === "string" || Array.isArray(item)) return item.length;
  throw new TypeError(
    "SimulatedHuman: a length bias needs to know how long an item is; the items are neither text " +
      "nor arrays. Give the option length: (item) => number.",
  );
}

function checkedFaults(faults: HumanFaults): Required<HumanFaults> {
  const { temperature = 1, lapseRate = 0, positionBias = 0, lengthBias = 0 } = faults;
  const { fatigue = 0, ties = 0 } = faults;
  const largest = Number.MAX_VALUE;
  checkRange("SimulatedHuman: temperature", temperature, 0, largest);
  checkRange("SimulatedHuman: lapseRate", lapseRate, 0, 1);
  checkFinite("SimulatedHuman: positionBias", positionBias);
  checkFinite("SimulatedHuman: lengthBias", lengthBias);
  checkRange("SimulatedHuman: fatigue", fatigue, 0, 1);
  checkRange("SimulatedHuman: ties", ties, 0, largest);
  return { temperature, lapseRate, positionBias, lengthBias, fatigue, ties };
}
