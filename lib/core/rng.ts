import { createHash } from "node:crypto";

import { checkInteger, checkNotEmpty, checkRange } from "./checks";
import { drawBinomial } from "./binomial";

/** x rotated left by k bits, as a 32-bit integer. */
const rotateLeft = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/**
 * The one source of randomness of the course: a seeded generator, always passed in, never found.
 *
 * The same seed gives the same numbers on every machine. `split("env")` gives an independent
 * stream that depends on the seed and the label alone, so one more draw here changes nothing there.
 *
 * The generator is xoshiro128** (Blackman & Vigna 2021, "Scrambled linear pseudorandom number
 * generators", ACM TOMS 47:36): 128 bits of state, period 2^128 − 1. Seeds of any kind are hashed
 * to that state by SHA-256, so seeds 1 and 2 have nothing in common.
 *
 *     const rng = new Rng("lesson 03");
 *     rng.uniform();                    // 53 random bits in [0, 1)
 *     rng.split("annotators").normal(); // a stream of its own
 */
export class Rng {
  readonly #key: string;
  readonly #state = new Int32Array(4);
  #spareNormal = NaN;

  /**
   * @param seed any finite number or any string; 1 and "1" are different seeds
   * @throws RangeError when the seed is missing, NaN or infinite
   */
  constructor(seed: number | string) {
    if (typeof seed !== "string" && !Number.isFinite(seed)) {
      throw new RangeError(
        `Rng: the seed must be a string or a finite number, got ${String(seed)}.`,
      );
    }
    this.#key = `${typeof seed}:${seed}`;
    const digest = createHash("sha256").update(this.#key).digest();
    for (let i = 0; i < 4; i++) this.#state[i] = digest.readInt32LE(4 * i);
  }

  /** A generator that starts from a given state; for comparing with published sequences. */
  static fromState(state: readonly [number, number, number, number]): Rng {
    const rng = new Rng(`state:${state.join(",")}`);
    rng.#state.set(state);
    return rng;
  }

  /** The next 32 random bits, as an integer in [0, 2^32). */
  uint32(): number {
    return this.#next() >>> 0;
  }

  /** A uniform draw in [0, 1) with all 53 bits of a double. */
  uniform(): number {
    const high = this.#next() >>> 5; // 27 bits
    const low = this.#next() >>> 6; // 26 bits
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** A standard normal draw, by Marsaglia's polar method (1964): mean 0, variance 1. */
  normal(): number {
    if (!Number.isNaN(this.#spareNormal)) {
      const spare = this.#spareNormal;
      this.#spareNormal = NaN;
      return spare;
    }
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const s = x * x + y * y;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spareNormal = y * scale;
      return x * scale;
    }
  }

  /** A standard exponential draw: density e^{−x} for x > 0, mean 1. */
  exponential(): number {
    return -Math.log(1 - this.uniform());
  }

  /**
   * A standard Gumbel draw, −log(−log U): mean 0.5772…, variance π²/6. The arg max of utilities with
   * this noise is a softmax choice.
   */
  gumbel(): number {
    let u = this.uniform();
    while (u === 0) u = this.uniform();
    return -Math.log(-Math.log(u));
  }

  /**
   * A uniform integer in [0, n), without bias (Lemire 2019's rejection).
   *
   * @throws RangeError unless n is an integer in [1, 2^32]
   */
  integer(n: number): number {
    checkInteger("Rng.integer: n", n, 1, 4294967296);
    if (n === 4294967296) return this.uint32();
    const size = n >>> 0; // of 32 bits, as x is: their remainder is one of integers, not of doubles
    const left = (-size >>> 0) % size; // 2³² mod n
    let x = this.#next() >>> 0;
    while (x >= 4294967296 - left) x = this.#next() >>> 0;
    return x % size;
  }

  /**
   * True with probability p.
   *
   * @throws RangeError unless 0 ≤ p ≤ 1
   */
  bernoulli(p: number): boolean {
    checkRange("Rng.bernoulli: p", p, 0, 1);
    return this.uniform() < p;
  }

  /**
   * An index drawn with probability softmax(logp): log-probabilities, or any scores in nats.
   * An entry of −∞ is never drawn.
   *
   * @param logp [V] log-probabilities; they need not be normalised
   * @throws RangeError when empty, when an entry is NaN or +∞, or when all are −∞
   */
  categorical(logp: ArrayLike<number>): number {
    checkNotEmpty("Rng.categorical: logp", logp);
    let top = -Infinity;
    for (let i = 0; i < logp.length; i++) {
      const value = logp[i];
      if (!(value < Infinity)) {
        throw new RangeError(
          `Rng.categorical: logp[${i}] must be a log-probability, got ${value}.`,
        );
      }
      if (value > top) top = value;
    }
    if (top === -Infinity) {
      throw new RangeError("Rng.categorical: every entry of logp is −∞, so nothing can be drawn.");
    }
    return this.#fromLogits(logp, top);
  }

  /**
   * Number of successes in n trials of probability p.
   *
   * @throws RangeError unless n is an integer of at least 0 and 0 ≤ p ≤ 1
   */
  binomial(n: number, p: number): number {
    checkInteger("Rng.binomial: n", n, 0);
    checkRange("Rng.binomial: p", p, 0, 1);
    return drawBinomial(this, n, p);
  }

  /**
   * How often each outcome comes up in n draws with probabilities proportional to weights: a
   * bootstrap of counts without touching the single observations. Costs O(K), not O(n).
   *
   * @param weights [K] at least 0 and finite, not all 0
   * @param into    [K] where to write the counts; made when left out
   * @throws RangeError on a negative or infinite weight or when all are 0
   */
  multinomial(
    n: number,
    weights: ArrayLike<number>,
    into: Float64Array = new Float64Array(weights.length),
  ): Float64Array {
    checkInteger("Rng.multinomial: n", n, 0);
    let remaining = 0;
    for (let k = 0; k < weights.length; k++) {
      if (!(weights[k] >= 0)) checkRange(`Rng.multinomial: weights[${k}]`, weights[k], 0, Infinity);
      remaining += weights[k];
    }
    checkRange("Rng.multinomial: sum of weights", remaining, Number.MIN_VALUE, Number.MAX_VALUE);
    return this.#conditionalBinomials(n, weights, remaining, into);
  }

  /** A new array with the same entries in random order (Fisher–Yates); xs is left alone. */
  shuffle<T>(xs: ArrayLike<T>): T[] {
    const out = Array.from(xs);
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const kept = out[i];
      out[i] = out[j];
      out[j] = kept;
    }
    return out;
  }

  /** The numbers 0 … n−1 in random order. */
  permutation(n: number): number[] {
    checkInteger("Rng.permutation: n", n, 0);
    const numbers: number[] = [];
    for (let i = 0; i < n; i++) numbers.push(i);
    return this.shuffle(numbers);
  }

  /**
   * An independent generator for one purpose. It depends on this generator's seed and the label
   * alone, not on what was drawn before: the same label twice gives the same stream twice.
   */
  split(label: string | number): Rng {
    return new Rng(`${createHash("sha256").update(this.#key).digest("hex")}/${label}`);
  }

  #next(): number {
    const s = this.#state;
    const s1 = s[1];
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9);
    s[2] = s[2] ^ s[0];
    s[3] = s[3] ^ s1;
    s[1] = s1 ^ s[2];
    s[0] = s[0] ^ s[3];
    s[2] = s[2] ^ (s1 << 9);
    s[3] = rotateLeft(s[3], 11);
    return result;
  }

  #fromLogits(logp: ArrayLike<number>, top: number): number {
    let total = 0;
    for (let i = 0; i < logp.length; i++) total += Math.exp(logp[i] - top);
    let left = this.uniform() * total;
    let last = 0;
    for (let i = 0; i < logp.length; i++) {
      const p = Math.exp(logp[i] - top);
      if (p === 0) continue;
      if (left < p) return i;
      left -= p;
      last = i;
    }
    return last; // rounding can leave a crumb after the last entry
  }

  #conditionalBinomials(n: number, weights: ArrayLike<number>, total: number, into: Float64Array) {
    let trials = n;
    let remaining = total;
    let lastPositive = 0;
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k];
      if (weight > 0) lastPositive = k;
      const count =
        weight >= remaining
          ? weight > 0
            ? trials
            : 0
          : drawBinomial(this, trials, weight / remaining);
      into[k] = count;
      trials -= count;
      remaining -= weight;
    }
    into[lastPositive] = into[lastPositive] + trials; // rounding in `remaining`
    return into;
  }
}
