import { checkAllFinite, checkLength } from "../core/checks";
import type { Rng } from "../core/rng";
import { Environment } from "./environment";

const stride = 0.12; // of a square whose side is 2
const catching = 0.16;
const directions = [
  [0, 1],
  [1, 0],
  [0, -1],
  [-1, 0],
] as const;

/**
 * A dot that a person directs: it walks up (0), right (1), down (2) or left (3) in the square
 * [−1, 1]²; when it reaches its target the target jumps to another place.
 *
 *   state and observation: x, y of the dot, x, y of the target
 *   reward 1 for reaching a target; 400 steps, no end
 *
 * No step says whether it was good: that is for the person to say, by key (Knox & Stone 2009).
 */
export class DotAndTarget extends Environment {
  readonly name = "Dot and target";
  readonly actions = { kind: "discrete", n: 4, names: ["up", "right", "down", "left"] } as const;
  readonly observationSize = 4;
  readonly maxSteps: number;
  #dot: [number, number] = [0, 0];
  #target: [number, number] = [0, 0];
  #rng: Rng | undefined;

  constructor({ maxSteps = 400 } = {}) {
    super();
    this.maxSteps = maxSteps;
  }

  get state(): number[] {
    return [...this.#dot, ...this.#target];
  }

  set state(state: number[]) {
    checkLength("Dot: state", state, 4);
    checkAllFinite("Dot: state", state);
    this.#dot = [state[0], state[1]];
    this.#target = [state[2], state[3]];
  }

  /** Distance from the dot to its target. */
  get distance(): number {
    return Math.hypot(this.#dot[0] - this.#target[0], this.#dot[1] - this.#target[1]);
  }

  protected draw(rng: Rng): void {
    this.#rng = rng;
    this.#dot = [0, 0];
    this.#jump();
  }

  protected advance(action: number): boolean {
    this.#dot = [0, 1].map((axis) => {
      const moved = this.#dot[axis] + stride * directions[action][axis];
      return Math.min(1, Math.max(-1, moved));
    }) as [number, number];
    this.reward = this.distance < catching ? 1 : 0;
    if (this.reward === 1) this.#jump();
    return false;
  }

  protected observe(): number[] {
    return this.state;
  }

  /** A new place for the target, not where the dot already is. */
  #jump(): void {
    const rng = this.#rng;
    if (rng === undefined) {
      throw new RangeError("Dot: targets need a generator. Call reset(rng) once before resetTo.");
    }
    do {
      this.#target = [2 * rng.uniform() - 1, 2 * rng.uniform() - 1];
    } while (this.distance < 2 * catching);
  }
}

const drag = 0.85;
const push = 0.02;
const ring = 0.6;

/**
 * A dot with inertia that can learn to orbit: pushes nowhere (0), up, right, down or left (1–4) in
 * [−1, 1]²,
 *
 *   v ← 0.85·v + 0.02·push,   x ← x + v
 *
 * It has no reward that anybody wrote down. The hidden one, for simulated people and for marking, is
 * speed along the ring of radius 0.6, anticlockwise: (tangential speed/0.13)·exp(−((ρ − 0.6)/0.3)²).
 *
 *   state: x, y, velocity of both; observation: x, y, 8·v, then, unless `polar` is false, its polar
 *   parts: ρ, 8·radial, 8·tangential speed
 *   reward: the hidden one; 200 steps, no end
 */
export class DotOrbit extends Environment {
  readonly name = "Dot orbit";
  readonly actions = {
    kind: "discrete",
    n: 5,
    names: ["nothing", "up", "right", "down", "left"],
  } as const;
  readonly observationSize: number;
  readonly maxSteps: number;
  #x = 0;
  #y = 0;
  #vx = 0;
  #vy = 0;

  constructor({ maxSteps = 200, polar = true } = {}) {
    super();
    this.maxSteps = maxSteps;
    this.observationSize = polar ? 7 : 4;
  }

  get state(): number[] {
    return [this.#x, this.#y, this.#vx, this.#vy];
  }

  set state(state: number[]) {
    checkLength("Dot orbit: state", state, 4);
    checkAllFinite("Dot orbit: state", state);
    [this.#x, this.#y, this.#vx, this.#vy] = state;
  }

  protected draw(rng: Rng): void {
    this.state = [2 * rng.uniform() - 1, 2 * rng.uniform() - 1, 0, 0];
  }

  protected advance(action: number): boolean {
    const [right, up] = action === 0 ? [0, 0] : directions[action - 1];
    this.#vx = drag * this.#vx + push * right;
    this.#vy = drag * this.#vy + push * up;
    this.#x += this.#vx;
    this.#y += this.#vy;
    if (Math.abs(this.#x) > 1) [this.#x, this.#vx] = [Math.sign(this.#x), 0]; // the edge stops it
    if (Math.abs(this.#y) > 1) [this.#y, this.#vy] = [Math.sign(this.#y), 0];
    const { radius, tangential } = this.#polar();
    this.reward = (tangential / 0.13) * Math.exp(-(((radius - ring) / 0.3) ** 2));
    return false;
  }

  protected observe(): number[] {
    const cartesian = [this.#x, this.#y, 8 * this.#vx, 8 * this.#vy];
    if (this.observationSize === 4) return cartesian;
    const { radius, radial, tangential } = this.#polar();
    return [...cartesian, radius, 8 * radial, 8 * tangential];
  }

  #polar(): { radius: number; radial: number; tangential: number } {
    const radius = Math.hypot(this.#x, this.#y);
    if (radius === 0) return { radius, radial: 0, tangential: 0 };
    return {
      radius,
      radial: (this.#x * this.#vx + this.#y * this.#vy) / radius,
      tangential: (this.#x * this.#vy - this.#y * this.#vx) / radius,
    };
  }
}
