import { checkAllFinite, checkLength } from "../core/checks";
import type { Rng } from "../core/rng";
import { Environment } from "./environment";

const [leftEnd, rightEnd] = [-1.2, 0.6];
const topSpeed = 0.07;
const clamp = (x: number, low: number, high: number) => Math.min(Math.max(x, low), high);

/** What both mountain cars share: a valley, a car too weak to drive straight out of it. */
abstract class Valley extends Environment {
  readonly observationSize = 2;
  protected position = 0;
  protected velocity = 0;

  get state(): number[] {
    return [this.position, this.velocity];
  }

  set state(state: number[]) {
    checkLength(`${this.name}: state`, state, 2);
    checkAllFinite(`${this.name}: state`, state);
    [this.position, this.velocity] = state;
  }

  protected draw(rng: Rng): void {
    this.state = [-0.6 + 0.2 * rng.uniform(), 0];
  }

  /** v ← v + push − 0.0025·cos 3x, x ← x + v; the left wall stops the car. */
  protected roll(push: number): void {
    const velocity = this.velocity + (push - 0.0025 * Math.cos(3 * this.position));
    this.velocity = clamp(velocity, -topSpeed, topSpeed);
    this.position = clamp(this.position + this.velocity, leftEnd, rightEnd);
    if (this.position === leftEnd && this.velocity < 0) this.velocity = 0;
  }

  protected observe(): number[] {
    return [this.position, this.velocity];
  }
}

/**
 * MountainCar-v0: push left (0), not (1) or right (2) to rock a weak car out of a valley.
 *
 *   state and observation: position in [−1.2, 0.6], velocity in [−0.07, 0.07]
 *   reward −1 a step; the end at position 0.5; 200 steps at most (solved: −110 on average)
 *
 * Moore 1990, Efficient Memory-based Learning for Robot Control; dynamics as in Gymnasium.
 */
export class MountainCar extends Valley {
  readonly name = "MountainCar-v0";
  readonly actions = { kind: "discrete", n: 3, names: ["left", "none", "right"] } as const;
  readonly maxSteps: number;

  constructor({ maxSteps = 200 } = {}) {
    super();
    this.maxSteps = maxSteps;
  }

  protected advance(action: number): boolean {
    this.roll((action - 1) * 0.001);
    this.reward = -1;
    return this.position >= 0.5 && this.velocity >= 0;
  }
}

/**
 * MountainCarContinuous-v0: the same with any push in [−1, 1].
 *
 *   reward −0.1·push² a step and 100 at position 0.45; 999 steps at most (solved: 90 on average)
 *
 * A push beyond its bounds is cut, but paid in full, as in Gymnasium.
 */
export class MountainCarContinuous extends Valley {
  readonly name = "MountainCarContinuous-v0";
  readonly actions = { kind: "continuous", low: -1, high: 1 } as const;
  readonly maxSteps: number;

  constructor({ maxSteps = 999 } = {}) {
    super();
    this.maxSteps = maxSteps;
  }

  protected advance(action: number): boolean {
    this.roll(clamp(action, -1, 1) * 0.0015);
    const arrived = this.position >= 0.45 && this.velocity >= 0;
    this.reward = (arrived ? 100 : 0) - 0.1 * action * action;
    return arrived;
  }
}
