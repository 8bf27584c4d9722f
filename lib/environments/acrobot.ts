import { checkAllFinite, checkLength } from "../core/checks";
import type { Rng } from "../core/rng";
import { Environment } from "./environment";

const gravity = 9.8; // m/s²; both links are 1 m long, weigh 1 kg and have a moment of inertia of 1
const dt = 0.2; // s
const topSpeeds = [4 * Math.PI, 9 * Math.PI] as const; // rad/s

/**
 * Acrobot-v1: two hanging links, a torque of −1, 0 or 1 N·m at the joint between them; swing the tip
 * one length above the upper joint.
 *
 *   state: angle of the upper link from hanging, of the lower relative to it (rad), both velocities
 *   observation: cos, sin, cos, sin of the angles, then the velocities
 *   reward −1 a step, 0 at the end; 500 steps at most (solved: −100 on average)
 *
 * Sutton 1996; dynamics as in Gymnasium (Sutton & Barto's book), one step of fourth-order
 * Runge–Kutta in 0.2 s.
 */
export class Acrobot extends Environment {
  readonly name = "Acrobot-v1";
  readonly actions = { kind: "discrete", n: 3, names: ["−1 N·m", "0", "+1 N·m"] } as const;
  readonly observationSize = 6;
  readonly maxSteps: number;
  #state = [0, 0, 0, 0];

  constructor({ maxSteps = 500 } = {}) {
    super();
    this.maxSteps = maxSteps;
  }

  get state(): number[] {
    return [...this.#state];
  }

  set state(state: number[]) {
    checkLength("Acrobot: state", state, 4);
    checkAllFinite("Acrobot: state", state);
    this.#state = [...state];
  }

  protected draw(rng: Rng): void {
    this.state = Array.from({ length: 4 }, () => 0.2 * rng.uniform() - 0.1);
  }

  protected advance(action: number): boolean {
    const [upper, lower, upperSpeed, lowerSpeed] = rungeKutta(this.#state, action - 1);
    this.#state = [
      wrapped(upper),
      wrapped(lower),
      Math.min(Math.max(upperSpeed, -topSpeeds[0]), topSpeeds[0]),
      Math.min(Math.max(lowerSpeed, -topSpeeds[1]), topSpeeds[1]),
    ];
    const height = -Math.cos(this.#state[0]) - Math.cos(this.#state[0] + this.#state[1]);
    this.reward = height > 1 ? 0 : -1;
    return height > 1;
  }

  protected observe(): number[] {
    const [upper, lower, upperSpeed, lowerSpeed] = this.#state;
    return [
      Math.cos(upper),
      Math.sin(upper),
      Math.cos(lower),
      Math.sin(lower),
      upperSpeed,
      lowerSpeed,
    ];
  }
}

/** The time derivative of the state under a torque (Sutton & Barto 1998, §11.3). */
function derivative([upper, lower, v1, v2]: readonly number[], torque: number): number[] {
  const [cos, sin] = [Math.cos(lower), Math.sin(lower)];
  const d1 = 0.25 + (1.25 + cos) + 2;
  const d2 = 0.25 + 0.5 * cos + 1;
  const phi2 = 0.5 * gravity * Math.cos(upper + lower - Math.PI / 2);
  const phi1 =
    -0.5 * v2 * v2 * sin - v2 * v1 * sin + 1.5 * gravity * Math.cos(upper - Math.PI / 2) + phi2;
  const a2 = (torque + (d2 / d1) * phi1 - 0.5 * v1 * v1 * sin - phi2) / (0.25 + 1 - (d2 * d2) / d1);
  return [v1, v2, -(d2 * a2 + phi1) / d1, a2];
}

function rungeKutta(state: readonly number[], torque: number): number[] {
  const along = (slope: readonly number[], time: number) =>
    derivative(
      state.map((x, i) => x + time * slope[i]),
      torque,
    );
  const k1 = derivative(state, torque);
  const k2 = along(k1, dt / 2);
  const k3 = along(k2, dt / 2);
  const k4 = along(k3, dt);
  return state.map((x, i) => x + (dt / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]));
}

/** The same angle in [−π, π]. */
function wrapped(angle: number): number {
  let turned = angle;
  while (turned > Math.PI) turned -= 2 * Math.PI;
  while (turned < -Math.PI) turned += 2 * Math.PI;
  return turned;
}
