/**
 * Q-learning with a table.
 *
 * Watkins 1989, Learning from Delayed Rewards (PhD thesis, Cambridge); Watkins & Dayan 1992, Machine
 * Learning 8:279–292. The behaviour is ε-greedy with ties broken at random.
 */
import { checkAllFinite, checkFinite, checkInteger, checkRange } from "../core/checks";
import type { Rng } from "../core/rng";
import { greedyAction } from "./greedy";

/** How a table of Q-values is learned. */
export interface QLearningOptions {
  /** α in (0, 1]; 0.2 when left out. */
  stepSize?: number;
  /** γ in [0, 1]; 0.99 when left out. */
  gamma?: number;
  /** Share of actions taken at random; 0.1 when left out. */
  epsilon?: number;
  /**
   * What every action of a state is worth at first; 0 when left out. The values of a potential here do
   * the same as shaping by it (Wiewiora 2003, JAIR 19:205–208).
   */
  initial?: (state: number) => number;
}

/** A learner that keeps a number for every action in every state. */
export class QLearning {
  /** [S][A] Q(s, a), the estimated return. */
  readonly values: readonly Float64Array[];
  readonly stepSize: number;
  readonly gamma: number;
  readonly epsilon: number;

  constructor(states: number, actions: number, options: QLearningOptions = {}) {
    checkInteger("QLearning: states", states, 1);
    checkInteger("QLearning: actions", actions, 1);
    const { stepSize = 0.2, gamma = 0.99, epsilon = 0.1, initial = () => 0 } = options;
    checkRange("QLearning: stepSize", stepSize, Number.MIN_VALUE, 1);
    checkRange("QLearning: gamma", gamma, 0, 1);
    checkRange("QLearning: epsilon", epsilon, 0, 1);
    [this.stepSize, this.gamma, this.epsilon] = [stepSize, gamma, epsilon];
    this.values = Array.from({ length: states }, (_, state) =>
      new Float64Array(actions).fill(initial(state)),
    );
    this.values.forEach((row, state) => checkAllFinite(`QLearning: initial(${state})`, row));
  }

  /**
   * An action at random with probability ε, otherwise the best by Q.
   *
   * @throws RangeError when there is no such state
   */
  choose(state: number, rng: Rng): number {
    if (rng.bernoulli(this.epsilon)) return rng.integer(this.#row(state).length);
    return this.greedy(state, rng);
  }

  /**
   * The best action by Q; of several, one at random.
   *
   * @throws RangeError when there is no such state
   */
  greedy(state: number, rng: Rng): number {
    return greedyAction(this.#row(state), rng);
  }

  /**
   * Learns from one step.
   *
   *   Q(s, a) ← Q(s, a) + α·[r + γ·max_{a'} Q(s', a') − Q(s, a)],     no s' after an end
   *
   * @param terminated whether the world ended; after a mere time limit it did not
   * @throws RangeError when there is no such state or action, or the reward is no finite number
   */
  learn(state: number, action: number, reward: number, next: number, terminated: boolean): void {
    checkFinite("QLearning.learn: reward", reward);
    const row = this.#row(state);
    if (row[action] === undefined) checkInteger("QLearning: action", action, 0, row.length - 1);
    const future = terminated ? 0 : Math.max(...this.#row(next));
    row[action] += this.stepSize * (reward + this.gamma * future - row[action]);
  }

  #row(state: number): Float64Array {
    const row = this.values[state];
    if (row === undefined) checkInteger("QLearning: state", state, 0, this.values.length - 1);
    return row;
  }
}
