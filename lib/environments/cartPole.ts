import { checkAllFinite, checkLength } from "../core/checks";
import type { Rng } from "../core/rng";
import { Environment } from "./environment";

const gravity = 9.8; // m/s²
const poleMass = 0.1; // kg
const totalMass = 1.1; // kg, with the cart's 1.0
const halfLength = 0.5; // m
const force = 10; // N
const dt = 0.02; // s
const widest = 2.4; // m
const steepest = (12 * 2 * Math.PI) / 360; // rad

/**
 * CartPole-v1: push a cart left (0) or right (1) so that the pole on it stays up.
 *
 *   state and observation: position (m), velocity (m/s), angle of the pole (rad), angular velocity
 *   reward 1 a step; the end beyond ±2.4 m or ±12°; 500 steps at most (solved: 475 on average)
 *
 * Barto, Sutton & Anderson 1983, IEEE Trans. SMC 13:834–846; dynamics as in Gymnasium (explicit
 * Euler, 50 steps a second).
 */
export class CartPole extends Environment {
  readonly name = "CartPole-v1";
  readonly actions = { kind: "discrete", n: 2, names: ["left", "right"] } as const;
  readonly observationSize = 4;
  readonly maxSteps: number;
  #x = 0;
  #velocity = 0;
  #angle = 0;
  #spin = 0;

  constructor({ maxSteps = 500 } = {}) {
    super();
    this.maxSteps = maxSteps;
  }

  get state(): number[] {
    return [this.#x, this.#velocity, this.#angle, this.#spin];
  }

  set state(state: number[]) {
    checkLength("CartPole: state", state, 4);
    checkAllFinite("CartPole: state", state);
    [this.#x, this.#velocity, this.#angle, this.#spin] = state;
  }

  protected draw(rng: Rng): void {
    this.state = Array.from({ length: 4 }, () => 0.1 * rng.uniform() - 0.05);
  }

  protected advance(action: number): boolean {
    const cos = Math.cos(this.#angle);
    const sin = Math.sin(this.#angle);
    const push = action === 1 ? force : -force;
    const common = (push + poleMass * halfLength * this.#spin * this.#spin * sin) / totalMass;
    const spinning =
      (gravity * sin - cos * common) / (halfLength * (4 / 3 - (poleMass * cos * cos) / totalMass));
    const pushing = common - (poleMass * halfLength * spinning * cos) / totalMass;
    this.#x += dt * this.#velocity;
    this.#velocity += dt * pushing;
    this.#angle += dt * this.#spin;
    this.#spin += dt * spinning;
    this.reward = 1;
    return Math.abs(this.#x) > widest || Math.abs(this.#angle) > steepest;
  }

  protected observe(): number[] {
    return [this.#x, this.#velocity, this.#angle, this.#spin];
  }
}
