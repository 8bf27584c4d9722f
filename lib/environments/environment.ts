import { checkInteger } from "../core/checks";
import type { Rng } from "../core/rng";

/** Actions to choose from: one of n, or a number within bounds. */
export type ActionSpace =
  | { readonly kind: "discrete"; readonly n: number; readonly names: readonly string[] }
  | { readonly kind: "continuous"; readonly low: number; readonly high: number };

/** What one step brought. */
export interface StepResult {
  /** [observationSize] a fresh list: keep it if you like. */
  readonly observation: number[];
  readonly reward: number;
  /** The world ended: nothing comes after, and no value is to be bootstrapped. */
  readonly terminated: boolean;
  /** Time ran out, though the world goes on: bootstrap from the last observation. */
  readonly truncated: boolean;
}

/**
 * A world to act in, with Gymnasium's interface (Towers et al. 2024, arXiv:2407.17032): `reset`, then
 * `step` until an episode is terminated or truncated.
 *
 *     const world = new CartPole();
 *     let observation = world.reset(rng);
 *     for (let over = false; !over; ) {
 *       const step = world.step(policy(observation));
 *       observation = step.observation;
 *       over = step.terminated || step.truncated;
 *     }
 *
 * Dynamics are computed in double precision; Gymnasium rounds its observations to single.
 */
export abstract class Environment {
  /** Gymnasium's name: "CartPole-v1". */
  abstract readonly name: string;
  abstract readonly actions: ActionSpace;
  abstract readonly observationSize: number;
  /** Time limit in steps, after which an episode is truncated; Infinity for none. */
  abstract readonly maxSteps: number;
  /** The full state in physical units; a trajectory can be started from any. */
  abstract state: number[];

  /** The reward of the last step, set by `advance`. */
  protected reward = 0;
  #steps = 0;
  #over = true;

  /** Puts the world into a state drawn at random. */
  protected abstract draw(rng: Rng): void;
  /** Goes on by one step, sets `reward`, and says whether the world has ended. */
  protected abstract advance(action: number): boolean;
  /** What of the state is seen. */
  protected abstract observe(): number[];

  /**
   * Starts an episode from a random state; the same generator state gives the same start.
   *
   * @throws RangeError when the time limit is neither a whole number above 0 nor Infinity
   */
  reset(rng: Rng): number[] {
    this.draw(rng);
    return this.#begin();
  }

  /**
   * Starts an episode from a given state.
   *
   * @throws ShapeError when it has not as many numbers as the state of this world, RangeError as `reset`
   */
  resetTo(state: readonly number[]): number[] {
    this.state = [...state];
    return this.#begin();
  }

  #begin(): number[] {
    if (this.maxSteps !== Infinity)
      checkInteger(`${this.name}: maxSteps, where not Infinity,`, this.maxSteps, 1);
    this.#steps = 0;
    this.#over = false;
    return this.observe();
  }

  /**
   * Acts once.
   *
   * @throws RangeError on an action that there is not, or when the episode is over
   */
  step(action: number): StepResult {
    if (this.#over) {
      throw new RangeError(
        `${this.name}: the episode is over (or none has begun). Call reset(rng).`,
      );
    }
    this.#checkAction(action);
    const terminated = this.advance(action);
    const truncated = ++this.#steps >= this.maxSteps;
    this.#over = terminated || truncated;
    return { observation: this.observe(), reward: this.reward, terminated, truncated };
  }

  #checkAction(action: number): void {
    const space = this.actions;
    if (space.kind === "continuous") {
      if (Number.isFinite(action)) return; // beyond its bounds an action is cut, as in Gymnasium
      throw new RangeError(`${this.name}: the action must be a finite number, got ${action}.`);
    }
    if (action >= 0 && action < space.n && Number.isInteger(action)) return;
    const meanings = space.names.map((name, i) => `${i} ${name}`).join(", ");
    throw new RangeError(`${this.name}: the action must be one of ${meanings}; got ${action}.`);
  }
}

/** An episode, from its first state on. T is the number of steps. */
export interface Episode {
  /** [T + 1] */
  states: number[][];
  /** [T + 1] */
  observations: number[][];
  /** [T] */
  actions: number[];
  /** [T] */
  rewards: number[];
  terminated: boolean;
  truncated: boolean;
}

/**
 * Plays one episode.
 *
 * @param policy chooses an action from an observation
 */
export function playEpisode(
  environment: Environment,
  policy: (observation: number[]) => number,
  rng: Rng,
): Episode {
  const observations = [environment.reset(rng)];
  const episode: Episode = {
    states: [[...environment.state]],
    observations,
    actions: [],
    rewards: [],
    terminated: false,
    truncated: false,
  };
  while (!episode.terminated && !episode.truncated) {
    const action = policy(observations[observations.length - 1]);
    const { observation, reward, terminated, truncated } = environment.step(action);
    observations.push(observation);
    episode.states.push([...environment.state]);
    episode.actions.push(action);
    episode.rewards.push(reward);
    episode.terminated = terminated;
    episode.truncated = truncated;
  }
  return episode;
}
