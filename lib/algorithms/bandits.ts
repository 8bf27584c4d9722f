/**
 * Trial and error in its simplest form: which arm to pull next.
 *
 * Sutton & Barto 2018, Reinforcement Learning (2nd ed.), ch. 2; Thompson 1933, Biometrika
 * 25:285–294. All agents break ties at random: an agent that takes the first of equals looks better or
 * worse than it is.
 */
import { checkFinite, checkInteger, checkPositive, checkRange } from "../core/checks";
import type { Rng } from "../core/rng";
import { softmax } from "../core/statistics";

/** Chooses arms and learns from what they pay. */
export interface BanditAgent {
  /** The next arm to pull. */
  choose(rng: Rng): number;
  /**
   * Takes in what the arm paid.
   *
   * @throws RangeError when there is no such arm, or the reward is no finite number
   */
  learn(arm: number, reward: number): void;
}

/** Running means of what each arm has paid, Q_n = Q_{n−1} + (R_n − Q_{n−1})/n (Eq. 2.3). */
class SampleMeans {
  readonly values: Float64Array;
  readonly counts: Float64Array;

  constructor(arms: number) {
    checkInteger("a bandit agent: arms", arms, 1);
    this.values = new Float64Array(arms);
    this.counts = new Float64Array(arms);
  }

  learn(arm: number, reward: number): void {
    checkPull(arm, reward, this.counts.length);
    this.counts[arm] += 1;
    this.values[arm] += (reward - this.values[arm]) / this.counts[arm];
  }
}

/**
 * ε-greedy: the arm with the best mean so far, and a random one now and then.
 *
 *   A = argmax_a Q(a) with probability 1 − ε, uniform otherwise
 *
 * ε = 0 is greedy, and gets stuck; ε = 1 never uses what it knows.
 */
export class EpsilonGreedy implements BanditAgent {
  readonly #means: SampleMeans;

  /** @param epsilon in [0, 1] */
  constructor(
    arms: number,
    readonly epsilon: number,
  ) {
    checkRange("EpsilonGreedy: epsilon", epsilon, 0, 1);
    this.#means = new SampleMeans(arms);
  }

  /** [K] Q(a), the mean of what each arm has paid; 0 where it was never pulled. */
  get values(): Float64Array {
    return this.#means.values;
  }

  choose(rng: Rng): number {
    if (rng.bernoulli(this.epsilon)) return rng.integer(this.values.length);
    return argmax(rng, this.values.length, (a) => this.values[a]);
  }

  learn(arm: number, reward: number): void {
    this.#means.learn(arm, reward);
  }
}

/**
 * Upper confidence bound: the arm that might be best, given how little is known of it.
 *
 *   A_t = argmax_a [Q(a) + c·√(ln t / N(a))],   an arm never pulled comes first     (Eq. 2.10)
 */
export class UpperConfidenceBound implements BanditAgent {
  readonly #means: SampleMeans;
  #pulls = 0;

  /** @param c > 0, how much doubt counts; the book uses 2 */
  constructor(
    arms: number,
    readonly c = 2,
  ) {
    checkPositive("UpperConfidenceBound: c", c);
    this.#means = new SampleMeans(arms);
  }

  choose(rng: Rng): number {
    const { values, counts } = this.#means;
    const log = Math.log(this.#pulls + 1);
    const bound = (a: number) =>
      counts[a] === 0 ? Infinity : values[a] + this.c * Math.sqrt(log / counts[a]);
    return argmax(rng, values.length, bound);
  }

  learn(arm: number, reward: number): void {
    this.#means.learn(arm, reward);
    this.#pulls += 1;
  }
}

/**
 * Thompson sampling: draw a mean for every arm from what is believed of it, and pull the best draw.
 *
 *   q(a) | rewards ~ N(S(a)/(N(a) + 1), 1/(N(a) + 1))
 *
 * with a prior N(0, 1) and rewards of variance 1; S(a) is the sum of what a has paid. Each arm is
 * pulled with the probability that it is the best one.
 */
export class ThompsonSampling implements BanditAgent {
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;

  constructor(arms: number) {
    checkInteger("ThompsonSampling: arms", arms, 1);
    this.#sums = new Float64Array(arms);
    this.#counts = new Float64Array(arms);
  }

  choose(rng: Rng): number {
    const draw = (a: number) => {
      const precision = this.#counts[a] + 1;
      return this.#sums[a] / precision + rng.normal() / Math.sqrt(precision);
    };
    return argmax(rng, this.#sums.length, draw);
  }

  learn(arm: number, reward: number): void {
    checkPull(arm, reward, this.#counts.length);
    this.#counts[arm] += 1;
    this.#sums[arm] += reward;
  }
}

/**
 * Gradient bandit: preferences H for the arms, pushed up when an arm pays more than usual.
 *
 *   π = softmax(H),   H(a) ← H(a) + α·(R − R̄)·(1(a = A) − π(a))     (Eq. 2.12)
 *
 * One sample of stochastic gradient ascent on E[R]: the whole of lesson 05 in a line. R̄, the mean
 * of all rewards so far, is a baseline; without it (R̄ = 0) the gradient is still right on average
 * and much noisier.
 */
export class GradientBandit implements BanditAgent {
  /** [K] H(a). */
  readonly preferences: Float64Array;
  readonly #baseline: boolean;
  #mean = 0;
  #pulls = 0;

  /** @param stepSize α > 0 */
  constructor(
    arms: number,
    readonly stepSize: number,
    { baseline = true } = {},
  ) {
    checkInteger("GradientBandit: arms", arms, 1);
    checkPositive("GradientBandit: stepSize", stepSize);
    this.preferences = new Float64Array(arms);
    this.#baseline = baseline;
  }

  choose(rng: Rng): number {
    return rng.categorical(this.preferences);
  }

  learn(arm: number, reward: number): void {
    checkPull(arm, reward, this.preferences.length);
    this.#pulls += 1;
    if (this.#baseline) this.#mean += (reward - this.#mean) / this.#pulls;
    const policy = softmax(this.preferences);
    const push = this.stepSize * (reward - this.#mean);
    for (let a = 0; a < policy.length; a++) {
      this.preferences[a] += push * ((a === arm ? 1 : 0) - policy[a]);
    }
  }
}

function checkPull(arm: number, reward: number, arms: number): void {
  checkInteger("a bandit agent: arm", arm, 0, arms - 1);
  checkFinite("a bandit agent: reward", reward);
}

/** The index with the highest score, a random one among equals. */
function argmax(rng: Rng, length: number, score: (index: number) => number): number {
  let [best, highest, equals] = [0, -Infinity, 0];
  for (let a = 0; a < length; a++) {
    const value = score(a);
    if (value < highest) continue;
    equals = value > highest ? 1 : equals + 1;
    highest = value;
    if (equals === 1 || rng.integer(equals) === 0) best = a;
  }
  return best;
}
