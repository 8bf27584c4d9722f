import { checkAllFinite, checkLength } from "../core/checks";
import type { Rng } from "../core/rng";
import { Environment } from "./environment";

const dt = 0.05; // s
const topSpeed = 8; // rad/s
const strongest = 2; // N·m
const clamp = (x: number, limit: number) => Math.min(Math.max(x, -limit), limit);

/**
 * Pendulum-v1: swing a pendulum up by a torque in [−2, 2] N·m, too weak to lift it at once.
 *
 *   state: angle from upright (rad), angular velocity (rad/s)
 *   observation: cos, sin of the angle, angular velocity
 *   reward −(angle² + 0.1·velocity² + 0.001·torque²), the angle taken in [−π, π); 200 steps, no end
 *
 * Dynamics as in Gymnasium: g 10 m/s², mass 1 kg, length 1 m.
 */
export class Pendulum extends Environment {
  readonly name = "Pendulum-v1";
  readonly actions = { kind: "continuous", low: -strongest, high: strongest } as const;
  readonly observationSize = 3;
  readonly maxSteps: number;
  #angle = 0;
  #velocity = 0;

  constructor({ maxSteps = 200 } = {}) {
    super();
    this.maxSteps = maxSteps;
  }

  get state(): number[] {
    return [this.#angle, this.#velocity];
  }

  set state(state: number[]) {
    checkLength("Pendulum: state", state, 2);
    checkAllFinite("Pendulum: state", state);
    [this.#angle, this.#velocity] = state;
  }

  protected draw(rng: Rng): void {
    this.state = [Math.PI * (2 * rng.uniform() - 1), 2 * rng.uniform() - 1];
  }

  protected advance(action: number): boolean {
    const torque = clamp(action, strongest);
    const angle = normalizedAngle(this.#angle);
    this.reward = -(
      angle * angle +
      0.1 * this.#velocity * this.#velocity +
      0.001 * torque * torque
    );
    const velocity = this.#velocity + (15 * Math.sin(this.#angle) + 3 * torque) * dt;
    this.#velocity = clamp(velocity, topSpeed);
    this.#angle += this.#velocity * dt;
    return false;
  }

  protected observe(): number[] {
    return [Math.cos(this.#angle), Math.sin(this.#angle), this.#velocity];
  }
}

/** The same angle in [−π, π). */
export function normalizedAngle(angle: number): number {
  const turned = (angle + Math.PI) % (2 * Math.PI);
  return (turned < 0 ? turned + 2 * Math.PI : turned) - Math.PI;
}
