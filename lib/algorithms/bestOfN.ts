/**
 * Best-of-n: draw n replies, keep the one that the reward model likes best. No training at all, and
 * hard to beat (Stiennon et al. 2020, arXiv:2009.01325; Nakano et al. 2021, arXiv:2112.09332); fine-tuned
 * on what it keeps, it is the rejection sampling of Llama 2 (Touvron et al. 2023, arXiv:2307.09288, section
 * 3.2.3).
 */
import {
  checkAllFinite,
  checkInteger,
  checkNotEmpty,
  checkPositive,
  checkSameLength,
} from "../core/checks";
import type { Rng } from "../core/rng";

/**
 * KL of best-of-n from what it draws from, log n − (n−1)/n, exactly so when no two rewards are equal; with ties
 * it is less, so that this is a bound.
 *
 * Stiennon et al. 2020, appendix G.3; Beirami et al. 2024, arXiv:2401.01879, show that it is a bound only.
 *
 * @param n ≥ 1
 * @returns nats
 */
export function bestOfNKlBound(n: number): number {
  checkPositive("bestOfNKlBound: n", n);
  return Math.log(n) - (n - 1) / n;
}

/**
 * Chance that the best of n beats one more draw, n/(n+1): of n + 1 draws each is as likely to be the best.
 * With ties, that count half, it is less.
 */
export function bestOfNWinRate(n: number): number {
  checkPositive("bestOfNWinRate: n", n);
  return n / (n + 1);
}

/**
 * Best-of-n of a policy that is a table, for every n, exactly.
 *
 *   q(y) = π_ref(y)·[F(r)ⁿ − F(r−)ⁿ] / π_ref(all replies with reward r),   F the distribution of the reward
 *
 * Replies are sorted once; each n costs one pass.
 */
export class ExactBestOfN {
  readonly #logp: Float64Array;
  readonly #sorted: Uint32Array; // replies by reward, lowest first
  readonly #groups: Uint32Array; // where each group of equal rewards begins in #sorted, and the end
  readonly #upTo: Float64Array; // F at each group

  /**
   * @param logpReference [Y] log π_ref(y), nats
   * @param rewards       [Y] what best-of-n goes by
   */
  constructor(logpReference: ArrayLike<number>, rewards: ArrayLike<number>) {
    checkSameLength("ExactBestOfN", { logpReference, rewards });
    checkNotEmpty("ExactBestOfN: rewards", rewards);
    checkAllFinite("ExactBestOfN: rewards", rewards);
    this.#logp = Float64Array.from(logpReference);
    this.#sorted = Uint32Array.from(rewards, (_, y) => y).sort((a, b) => rewards[a] - rewards[b]);
    const starts: number[] = [];
    const upTo: number[] = [];
    let total = 0;
    this.#sorted.forEach((y, place) => {
      if (place === 0 || rewards[y] !== rewards[this.#sorted[place - 1]]) {
        starts.push(place);
        upTo.push(total);
      }
      upTo[upTo.length - 1] = total += Math.exp(logpReference[y]);
    });
    this.#groups = Uint32Array.from([...starts, rewards.length]);
    this.#upTo = Float64Array.from(upTo, (mass) => mass / total);
  }

  /**
   * @param n ≥ 1, need not be whole
   * @returns [Y] log q(y), nats
   */
  policy(n: number): Float64Array {
    const logq = new Float64Array(this.#logp.length);
    this.#forEachGroup(n, (start, end, gain) => {
      for (let i = start; i < end; i++) {
        const y = this.#sorted[i];
        logq[y] = this.#logp[y] + gain;
      }
    });
    return logq;
  }

  /** KL(q‖π_ref), nats. */
  kl(n: number): number {
    let sum = 0;
    this.#forEachGroup(n, (_start, _end, gain, mass) => {
      if (mass > 0) sum += mass * gain;
    });
    return sum;
  }

  /** E_q of something that each reply has: the gold reward, its length. */
  expectation(n: number, values: ArrayLike<number>): number {
    checkSameLength("ExactBestOfN.expectation", { values, replies: this.#logp });
    let sum = 0;
    this.#forEachGroup(n, (start, end, gain) => {
      for (let i = start; i < end; i++) {
        const y = this.#sorted[i];
        sum += Math.exp(this.#logp[y] + gain) * values[y];
      }
    });
    return sum;
  }

  /** Chance that the best of n is better, by the reward, than one draw from π_ref; a tie counts half. */
  winRate(n: number): number {
    let sum = 0;
    this.#forEachGroup(n, (_start, _end, _gain, mass, below, upTo) => {
      sum += (mass * (below + upTo)) / 2;
    });
    return sum;
  }

  /** Each group of equal rewards: its places, log q/π_ref, mass under q, and F below and up to it. */
  #forEachGroup(
    n: number,
    visit: (
      start: number,
      end: number,
      gain: number,
      mass: number,
      below: number,
      upTo: number,
    ) => void,
  ): void {
    checkPositive("ExactBestOfN: n", n);
    let below = 0;
    for (let group = 0; group < this.#upTo.length; group++) {
      const upTo = this.#upTo[group];
      const mass = upTo ** n - below ** n;
      const gain = Math.log(mass) - Math.log(upTo - below);
      visit(this.#groups[group], this.#groups[group + 1], gain, mass, below, upTo);
      below = upTo;
    }
  }
}

/**
 * What best-of-n gives on average, from one pile of N ≥ n samples, without bias and with less noise than from
 * drawing n at a time: each sample's value times the chance that it is the best of n drawn from the pile.
 *
 *   Σ_i C(i−1, n−1)/C(N, n)·value of the i-th by score, lowest first
 *
 * Nakano et al. 2021, appendix I. Samples with equal scores share their chances.
 *
 * @param scores [N] what best-of-n goes by
 * @param values [N] what is asked for
 * @param n      1 … N
 */
export function bestOfNEstimate(
  scores: ArrayLike<number>,
  values: ArrayLike<number>,
  n: number,
): number {
  checkSameLength("bestOfNEstimate", { scores, values });
  const N = scores.length;
  checkInteger("bestOfNEstimate: n", n, 1, N);
  const order = Array.from({ length: N }, (_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let [estimate, chance] = [0, n / N]; // chance C(i−1, n−1)/C(N, n) of the last, i = N
  for (let end = N; end > 0;) {
    let [start, mass, total] = [end, 0, 0];
    while (start > 0 && scores[order[start - 1]] === scores[order[end - 1]]) {
      mass += chance;
      total += values[order[start - 1]];
      start -= 1;
      chance *= start > 0 ? Math.max(0, start - n + 1) / start : 0; // from i = start+1 to i = start
    }
    estimate += (mass * total) / (end - start);
    end = start;
  }
  return estimate;
}

/**
 * The best of n draws.
 *
 * @param draw  one sample
 * @param score what decides; of equal ones the first is kept
 */
export function bestOfN<T>(
  draw: (rng: Rng) => T,
  score: (item: T) => number,
  n: number,
  rng: Rng,
): T {
  checkInteger("bestOfN: n", n, 1);
  let best = draw(rng);
  let highest = score(best);
  for (let i = 1; i < n; i++) {
    const next = draw(rng);
    const value = score(next);
    if (value > highest) [best, highest] = [next, value];
  }
  return best;
}
