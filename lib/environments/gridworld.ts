import { checkInteger, checkLength, checkRange } from "../core/checks";
import type { Rng } from "../core/rng";
import { Environment } from "./environment";

/** A cell: row from the top, column from the left, both from 0. */
export type Cell = readonly [row: number, column: number];

/** One of the things that can happen after an action in a state. */
export interface Transition {
  readonly next: number;
  readonly probability: number;
  readonly reward: number;
  /** Nothing comes after: the value of `next` does not count. */
  readonly terminated: boolean;
}

/** A finite world that is known in full, for dynamic programming. */
export interface TabularModel {
  readonly states: number;
  readonly actionCount: number;
  /** Everything that can happen; the probabilities add to 1. */
  transitions(state: number, action: number): readonly Transition[];
}

/** How a gridworld is laid out. */
export interface GridworldOptions {
  rows?: number;
  columns?: number;
  /** Probability that another direction than the one chosen is taken, each of the four as likely. */
  slip?: number;
  start?: Cell;
  /** Ends the episode; the corner opposite to the start when left out. */
  goal?: Cell;
  /** Cells that cannot be entered. */
  walls?: readonly Cell[];
  /** Reward of entering the goal; 1 when left out. */
  goalReward?: number;
  /** Reward of every step, also the last; 0 when left out. */
  stepReward?: number;
  maxSteps?: number;
}

const moves = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;

/**
 * A gridworld: go up (0), right (1), down (2) or left (3) to the goal. Whoever walks into a wall or
 * the edge stays where they are. State and observation are row and column; states of the tabular
 * model are numbered row·columns + column.
 *
 * Ten by ten with 10 % slips it is the world in which shaping is shown to keep or change the optimal
 * policy (Ng, Harada & Russell 1999).
 */
export class Gridworld extends Environment implements TabularModel {
  readonly name = "Gridworld";
  readonly actions = { kind: "discrete", n: 4, names: ["up", "right", "down", "left"] } as const;
  readonly observationSize = 2;
  readonly actionCount = 4;
  readonly maxSteps: number;
  readonly rows: number;
  readonly columns: number;
  readonly goal: number;
  readonly #slip: number;
  readonly #start: number;
  readonly #walls: ReadonlySet<number>;
  readonly #rewards: { goal: number; step: number };
  #cell: number;
  #rng: Rng | undefined;

  /** @throws RangeError when an option is out of its range, a cell lies outside, or start or goal on a wall */
  constructor(options: GridworldOptions = {}) {
    super();
    const { rows = 10, columns = 10, slip = 0.1, start = [0, 0], maxSteps = 500 } = options;
    checkInteger("Gridworld: rows", rows, 1);
    checkInteger("Gridworld: columns", columns, 1);
    checkRange("Gridworld: slip", slip, 0, 1);
    [this.rows, this.columns, this.maxSteps, this.#slip] = [rows, columns, maxSteps, slip];
    this.#walls = new Set((options.walls ?? []).map((cell) => this.indexOf(cell)));
    this.#start = this.indexOf(start);
    this.goal = this.indexOf(options.goal ?? [rows - 1 - start[0], columns - 1 - start[1]]);
    this.#rewards = { goal: options.goalReward ?? 1, step: options.stepReward ?? 0 };
    this.#cell = this.#start;
    if (this.#walls.has(this.#start) || this.#walls.has(this.goal)) {
      throw new RangeError("Gridworld: start and goal must not be walls.");
    }
  }

  /** S, the number of states: rows·columns, walls among them. */
  get states(): number {
    return this.rows * this.columns;
  }

  /** The number of a cell's state. */
  indexOf([row, column]: Cell): number {
    checkInteger("Gridworld: row", row, 0, this.rows - 1);
    checkInteger("Gridworld: column", column, 0, this.columns - 1);
    return row * this.columns + column;
  }

  /** The cell of a state's number. */
  cellOf(state: number): Cell {
    checkInteger("Gridworld: state", state, 0, this.states - 1);
    return [Math.floor(state / this.columns), state % this.columns];
  }

  /** Steps from a cell to the goal if there were no walls. */
  distanceToGoal(state: number): number {
    const [row, column] = this.cellOf(state);
    const [goalRow, goalColumn] = this.cellOf(this.goal);
    return Math.abs(row - goalRow) + Math.abs(column - goalColumn);
  }

  /**
   * Everything that can happen after an action (0 to 3) in a state; from the goal nothing more does.
   *
   * @throws RangeError when there is no such state or action
   */
  transitions(state: number, action: number): Transition[] {
    checkInteger("Gridworld: state", state, 0, this.states - 1);
    checkInteger("Gridworld: action", action, 0, 3);
    if (state === this.goal) return [{ next: state, probability: 1, reward: 0, terminated: true }];
    const byNext = new Map<number, number>();
    for (let direction = 0; direction < 4; direction++) {
      const next = this.#beside(state, direction);
      const probability = this.#slip / 4 + (direction === action ? 1 - this.#slip : 0);
      if (probability > 0) byNext.set(next, (byNext.get(next) ?? 0) + probability);
    }
    return [...byNext].map(([next, probability]) => {
      const terminated = next === this.goal;
      const reward = this.#rewards.step + (terminated ? this.#rewards.goal : 0);
      return { next, probability, reward, terminated };
    });
  }

  get state(): number[] {
    return [...this.cellOf(this.#cell)];
  }

  set state(state: number[]) {
    checkLength("Gridworld: state", state, 2);
    this.#cell = this.indexOf([state[0], state[1]]);
  }

  protected draw(rng: Rng): void {
    this.#rng = rng;
    this.#cell = this.#start;
  }

  protected advance(action: number): boolean {
    const slips = this.#slip > 0 && this.#slips(this.#slip);
    this.#cell = this.#beside(this.#cell, slips ? (this.#rng as Rng).integer(4) : action);
    const arrived = this.#cell === this.goal;
    this.reward = this.#rewards.step + (arrived ? this.#rewards.goal : 0);
    return arrived;
  }

  protected observe(): number[] {
    return this.state;
  }

  #slips(probability: number): boolean {
    if (this.#rng !== undefined) return this.#rng.bernoulli(probability);
    throw new RangeError("Gridworld: slips need a generator. Call reset(rng) once before resetTo.");
  }

  #beside(state: number, direction: number): number {
    const row = Math.floor(state / this.columns) + moves[direction][0];
    const column = (state % this.columns) + moves[direction][1];
    if (row < 0 || row >= this.rows || column < 0 || column >= this.columns) return state;
    const next = row * this.columns + column;
    return this.#walls.has(next) ? state : next;
  }
}
