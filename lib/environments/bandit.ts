import { checkAllFinite, checkInteger, checkNotEmpty, checkRange } from "../core/checks";
import type { Rng } from "../core/rng";

/**
 * A bandit: arms with fixed mean rewards that nobody tells you, each pull with normal noise.
 *
 *   R ~ N(q*(a), noise²)
 *
 * The smallest world in which acting well and finding out what is good are at odds. Sutton & Barto
 * 2018, Reinforcement Learning (2nd ed.), ch. 2.
 */
export class Bandit {
  /** [K] q*(a), the mean reward of each arm. An agent must not look. */
  readonly means: Float64Array;
  readonly #rng: Rng;
  readonly #noise: number;

  /**
   * @param means [K] mean rewards
   * @param noise ≥ 0, standard deviation of a single reward
   */
  constructor(means: ArrayLike<number>, rng: Rng, { noise = 1 } = {}) {
    checkNotEmpty("Bandit: means", means);
    checkAllFinite("Bandit: means", means);
    checkRange("Bandit: noise", noise, 0, Number.MAX_VALUE);
    this.means = Float64Array.from(means);
    this.#rng = rng;
    this.#noise = noise;
  }

  /** The arm with the highest mean; the first of them where there are several. */
  get best(): number {
    return this.means.indexOf(this.means.reduce((high, q) => Math.max(high, q), -Infinity));
  }

  /**
   * Pulls an arm.
   *
   * @returns the reward
   * @throws RangeError when there is no such arm
   */
  pull(arm: number): number {
    checkInteger("Bandit.pull: arm", arm, 0, this.means.length - 1);
    return this.means[arm] + this.#noise * this.#rng.normal();
  }
}

/**
 * The ten-armed testbed: q*(a) ~ N(mean, 1), noise 1 (Sutton & Barto 2018, section 2.3, Fig. 2.1).
 *
 * @param arms K ≥ 1
 */
export function testbedBandit(rng: Rng, { arms = 10, mean = 0 } = {}): Bandit {
  checkInteger("testbedBandit: arms", arms, 1);
  const means = Array.from({ length: arms }, () => mean + rng.normal());
  return new Bandit(means, rng.split("rewards"));
}
