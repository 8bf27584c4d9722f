import { checkAllFinite, checkLength } from "../core/checks";
import type { Rng } from "../core/rng";
import { Environment } from "./environment";
import { Pendulum } from "./pendulum";

const topSpeed = 8; // rad/s, the pendulum's
const torques = [-2, 0, 2] as const; // N·m

/**
 * A pendulum that can be taught to loop: the dynamics of Pendulum-v1 under three torques, clockwise
 * (0), none (1), anticlockwise (2). The torque is too weak to lift the pendulum at once.
 *
 * It has no reward that anybody wrote down, and Pendulum-v1's own asks for the opposite (stand still,
 * upright). The hidden one, for simulated people and for marking, is the speed θ̇/8 of looping
 * anticlockwise: the small brother of the back-flip of Christiano et al. 2017.
 *
 *   state: angle from upright θ (rad), angular velocity θ̇ (rad/s), anticlockwise positive
 *   observation: cos θ, sin θ, θ̇, as Pendulum-v1's
 *   reward: the hidden one, in [−1, 1]; 100 steps of 0.05 s, no end
 */
export class Spin extends Environment {
  readonly name = "Spin";
  readonly actions = {
    kind: "discrete",
    n: 3,
    names: ["clockwise", "nothing", "anticlockwise"],
  } as const;
  readonly observationSize = 3;
  readonly maxSteps: number;
  readonly #pendulum = new Pendulum({ maxSteps: Infinity });

  constructor({ maxSteps = 100 } = {}) {
    super();
    this.maxSteps = maxSteps;
  }

  get state(): number[] {
    return this.#pendulum.state;
  }

  set state(state: number[]) {
    checkLength("Spin: state", state, 2);
    checkAllFinite("Spin: state", state);
    this.#pendulum.resetTo(state);
  }

  protected draw(rng: Rng): void {
    this.#pendulum.reset(rng);
  }

  protected advance(action: number): boolean {
    this.#pendulum.step(torques[action]);
    this.reward = this.state[1] / topSpeed;
    return false;
  }

  protected observe(): number[] {
    const [angle, velocity] = this.state;
    return [Math.cos(angle), Math.sin(angle), velocity];
  }
}
