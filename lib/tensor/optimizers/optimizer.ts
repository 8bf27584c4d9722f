import { checkLength, checkRange, ShapeError } from "../../core/checks";
import { currentRecording } from "../compile/recording";
import { CompileError } from "../compile/refusals";
import { type NamedGradients, type Scalar, type Tensor, tf, type Variable } from "../tensorflow";
import { clipByGlobalNorm } from "./clip";

/** The trained variables by their names in the model: "h.0.ln_1.weight". */
export type Parameters = Record<string, Variable>;

/**
 * What one optimiser does to one parameter: from the gradient to the new value. `slots` are the
 * variables it keeps beside each parameter (momentum, …), to be assigned.
 */
export type Rule = (
  parameter: Tensor,
  gradient: Tensor,
  slots: Variable[],
  learningRate: Tensor,
  name: string,
) => Tensor;

/** Numbers of one variable, as saved in a checkpoint. */
export type SavedVariables = Record<string, { shape: number[]; data: Float32Array }>;

/**
 * Gradient descent in one of its forms; made by `sgd`, `adam`, `adamW`, `rmsProp`, `adaGrad`.
 *
 * A step is ordinary tensor code and may stand inside `compile`: all that changes from step to
 * step is a variable (momentum, Adam's corrections) or an argument (the learning rate).
 *
 *     const optimizer = adamW(model.parameters, { weightDecay: 0.1 });
 *     const step = compile((tokens, learningRate) =>
 *       optimizer.minimize(() => model.loss(tokens), learningRate, { maxNorm: 1 }));
 */
export class Optimizer {
  readonly parameters: Readonly<Parameters>;
  /** What the optimiser remembers between steps: "firstMoment/h.0.ln_1.weight", "correction1". */
  readonly state: Readonly<Record<string, Variable>>;
  readonly #slotNames: readonly string[];
  readonly #rule: Rule;
  readonly #beforeStep: () => void;

  /**
   * @param slots      name of each variable kept beside each parameter, with its value at the start
   * @param rule       the step of one parameter
   * @param shared     scalars kept once for all parameters
   * @param beforeStep updates those scalars, once a step
   */
  constructor(
    parameters: Parameters,
    slots: Record<string, number>,
    rule: Rule,
    shared: Record<string, Variable> = {},
    beforeStep: () => void = () => undefined,
  ) {
    if (Object.keys(parameters).length === 0)
      throw new ShapeError("Optimizer: there are no parameters.");
    this.parameters = { ...parameters };
    const state: Record<string, Variable> = { ...shared };
    for (const [slot, start] of Object.entries(slots)) {
      for (const [name, parameter] of Object.entries(parameters)) {
        state[`${slot}/${name}`] = tf.tidy(() =>
          tf.variable(tf.fill(parameter.shape, start), false),
        );
      }
    }
    this.state = state;
    this.#slotNames = Object.keys(slots);
    this.#rule = rule;
    this.#beforeStep = beforeStep;
  }

  /**
   * One step on gradients that are there already. A parameter without a gradient stays as it is.
   *
   * @param gradients    by variable name, as `tf.variableGrads` returns them
   * @param learningRate η ≥ 0, a number or (inside `compile`, as an argument of the step) a scalar tensor
   * @throws CompileError inside `compile` for a number, which would stay what it is at the first call
   */
  step(gradients: NamedGradients, learningRate: number | Tensor): void {
    if (typeof learningRate === "number") checkNumber(learningRate);
    tf.tidy(() => {
      const rate = typeof learningRate === "number" ? tf.scalar(learningRate) : learningRate;
      this.#beforeStep();
      for (const [name, parameter] of Object.entries(this.parameters)) {
        const gradient = gradients[parameter.name];
        if (gradient === undefined) continue;
        const slots = this.#slotNames.map((slot) => this.state[`${slot}/${name}`]);
        parameter.assign(this.#rule(parameter, gradient, slots, rate, name));
      }
    });
  }

  /**
   * Differentiates a loss by the parameters and takes one step.
   *
   * @param loss a function of the parameters' present values that returns a scalar
   * @param options `maxNorm`: the gradients together are scaled down to this Euclidean norm
   * @returns the loss before the step; caller disposes
   */
  minimize(
    loss: () => Tensor,
    learningRate: number | Tensor,
    { maxNorm = Infinity }: { maxNorm?: number } = {},
  ): Scalar {
    return tf.tidy(() => {
      const variables = Object.values(this.parameters);
      const { value, grads } = tf.variableGrads(() => loss() as Scalar, variables);
      const clipped = maxNorm === Infinity ? grads : clipByGlobalNorm(grads, maxNorm).gradients;
      this.step(clipped, learningRate);
      return value;
    });
  }

  /** A copy of everything remembered between steps, for a checkpoint. */
  async getState(): Promise<SavedVariables> {
    return readVariables(this.state);
  }

  /** @throws ShapeError when it is the state of another optimiser or model; nothing is changed then */
  setState(saved: SavedVariables): void {
    assignVariables("Optimizer.setState", this.state, saved);
  }

  /** Frees the state. The parameters belong to the model and stay. */
  dispose(): void {
    for (const variable of Object.values(this.state)) variable.dispose();
  }
}

function checkNumber(learningRate: number): void {
  checkRange("Optimizer.step: learningRate", learningRate, 0, Number.MAX_VALUE);
  if (currentRecording() === undefined) return;
  throw new CompileError(
    `Optimizer.step: a compiled step would keep the learning rate ${learningRate} of its first call. Make it ` +
      `an argument: compile((…, learningRate) => …), called with a number.`,
  );
}

/** The numbers of some variables, read in one go. */
export async function readVariables(variables: Readonly<Parameters>): Promise<SavedVariables> {
  const entries = Object.entries(variables);
  const data = await Promise.all(entries.map(([, variable]) => variable.data<"float32">()));
  return Object.fromEntries(
    entries.map(([name, { shape }], i) => [name, { shape: [...shape], data: data[i].slice() }]),
  );
}

/**
 * Gives variables saved numbers: all of them, or, when a name or shape does not fit, none.
 *
 * @throws ShapeError as `checkSaved`
 */
export function assignVariables(
  where: string,
  variables: Readonly<Parameters>,
  saved: SavedVariables,
): void {
  checkSaved(where, variables, saved);
  tf.tidy(() => {
    for (const [name, variable] of Object.entries(variables)) {
      variable.assign(tf.tensor(saved[name].data, variable.shape, variable.dtype));
    }
  });
}

/**
 * Checks that saved numbers are those of just these variables.
 *
 * @param where begins the message: a function or a file
 * @throws ShapeError naming what is missing, left over or of another shape
 */
export function checkSaved(
  where: string,
  variables: Readonly<Parameters>,
  saved: SavedVariables,
): void {
  const unknown = Object.keys(saved).filter((name) => !Object.hasOwn(variables, name));
  if (unknown.length > 0) {
    throw new ShapeError(`${where}: ${quote(unknown)} belong to no variable here.`);
  }
  const missing = Object.keys(variables).filter((name) => !Object.hasOwn(saved, name));
  if (missing.length > 0) throw new ShapeError(`${where}: ${quote(missing)} are missing.`);
  for (const [name, variable] of Object.entries(variables)) {
    const { shape, data } = saved[name];
    if (shape.join() !== variable.shape.join()) {
      throw new ShapeError(
        `${where}: "${name}" is saved with shape [${shape.join(", ")}], here it has [${variable.shape.join(", ")}].`,
      );
    }
    checkLength(`${where}: "${name}"`, data, variable.size);
  }
}

const quote = (names: string[]): string =>
  names.slice(0, 3).map((name) => `"${name}"`).join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : ""); // prettier-ignore
