import { checkInteger } from "../core/checks";
import type { Rng } from "../core/rng";
import type { ActionSpace, Environment, StepResult } from "./environment";

/** An episode that is over. */
export interface EpisodeSummary {
  /** Sum of its rewards, as the environment paid them; not discounted. */
  return: number;
  /** Number of steps. */
  length: number;
}

/** A step in one of several worlds, as it was before that world was reset. */
export interface VectorStep extends StepResult {
  /** The world's full state after the step; what `clip` draws. */
  readonly state: number[];
  /** The episode that ended with this step, if one did. */
  readonly episode: EpisodeSummary | undefined;
}

/**
 * Several copies of a world, for a learner that acts in all of them at once. A world whose episode
 * ends is reset by itself, and `observations` then shows the new start.
 *
 * What `step` returns is of before the reset: at a truncation one needs the value of the state that
 * was reached, and not of the one the next episode begins in.
 *
 *     const worlds = new VectorEnvironment(() => new CartPole(), 8, rng);
 *     const step = worlds.step(3, 1);       // push right in world 3
 */
export class VectorEnvironment {
  readonly count: number;
  readonly actions: ActionSpace;
  readonly observationSize: number;
  /** [N, O] what each world shows now, row by row; live. */
  readonly observations: Float64Array;
  readonly #worlds: readonly Environment[];
  readonly #starts: readonly Rng[];
  readonly #soFar: EpisodeSummary[];

  /**
   * @param make  makes one world
   * @param count number of worlds N
   * @param rng   each world draws its starts from a stream of its own, split from this one
   */
  constructor(make: () => Environment, count: number, rng: Rng) {
    checkInteger("VectorEnvironment: count", count, 1);
    this.count = count;
    this.#worlds = Array.from({ length: count }, make);
    this.#starts = this.#worlds.map((_, i) => rng.split(`world ${i}`));
    this.#soFar = this.#worlds.map(() => ({ return: 0, length: 0 }));
    this.actions = this.#worlds[0].actions;
    this.observationSize = this.#worlds[0].observationSize;
    this.observations = new Float64Array(count * this.observationSize);
    for (let i = 0; i < count; i++) this.#reset(i);
  }

  /**
   * Acts in world i, and resets it if that ended its episode.
   *
   * @throws RangeError when there is no such world or no such action
   */
  step(i: number, action: number): VectorStep {
    checkInteger("VectorEnvironment.step: i", i, 0, this.count - 1);
    const world = this.#worlds[i];
    const result = world.step(action);
    const state = world.state;
    const soFar = this.#soFar[i];
    soFar.return += result.reward;
    soFar.length += 1;
    const { observation, reward, terminated, truncated } = result;
    const episode = terminated || truncated ? soFar : undefined;
    if (episode === undefined) this.#show(i, observation);
    else this.#reset(i);
    return { observation, reward, terminated, truncated, state, episode };
  }

  #reset(i: number): void {
    this.#soFar[i] = { return: 0, length: 0 };
    this.#show(i, this.#worlds[i].reset(this.#starts[i]));
  }

  #show(i: number, observation: readonly number[]): void {
    const start = i * this.observationSize;
    for (let k = 0; k < this.observationSize; k++) this.observations[start + k] = observation[k];
  }
}
