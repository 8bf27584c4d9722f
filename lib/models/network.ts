import { checkAllFinite, checkInteger, checkLength, ShapeError } from "../core/checks";

/**
 * The small interface behind which a network by hand (`Mlp`) and one on the engine (`EngineMlp`)
 * look the same, so that an algorithm's file does not care which it was given.
 *
 * An update is three calls, each of which can be looked at:
 *
 *     const outputs = network.forward(inputs);            // [B, out]
 *     const outputGradient = …                            // ∂L/∂outputs, by the algorithm
 *     network.update(outputGradient, learningRate);       // backward, then one Adam step
 */
export interface Network {
  /** Width of every layer, inputs first: [4, 64, 2]. */
  readonly sizes: readonly number[];
  /** Number of weights and biases, P. */
  readonly parameterCount: number;
  /** [P] a copy of all weights and biases, layer by layer: W [in, out] row by row, then b [out]. */
  getParameters(): Float64Array;
  /**
   * @param parameters [P] in the order of `getParameters`
   * @throws ShapeError when there are not P of them, RangeError when one is not finite
   */
  setParameters(parameters: ArrayLike<number>): void;
  /**
   * @param inputs [B, in] row by row; B follows from the length
   * @returns [B, out] row by row, the caller's to keep
   * @throws ShapeError when the length is no multiple of the input width
   */
  forward(inputs: ArrayLike<number>): Float64Array;
  /**
   * Gradient of the loss with respect to the parameters, for the batch of the last `forward`.
   *
   * @param outputGradient [B, out] ∂L/∂outputs
   * @returns [P] ∂L/∂θ, the caller's to keep
   */
  backward(outputGradient: ArrayLike<number>): Float64Array;
  /**
   * One Adam step on the batch of the last `forward`.
   *
   * @returns the gradient's Euclidean norm before clipping
   * @throws NonFiniteError when the gradient is not finite; the parameters then stay as they were
   */
  update(outputGradient: ArrayLike<number>, learningRate: number): number;
  /** Everything needed to go on as if nothing had happened: parameters and Adam's state. */
  getState(): NetworkState;
  /** @throws ShapeError when the state is that of a network of other sizes */
  setState(state: NetworkState): void;
}

/** A network's parameters with the state of its Adam, as saved in a checkpoint. */
export interface NetworkState {
  sizes: readonly number[];
  parameters: Float64Array;
  firstMoment: Float64Array;
  secondMoment: Float64Array;
  steps: number;
}

/** How an MLP is made and trained; what is left out has the value given here. */
export interface MlpOptions {
  /** Non-linearity of the hidden layers; the output layer has none. Default "tanh". */
  activation?: "tanh" | "relu";
  /** Scale of the output layer's weights at the start: 0.01 for a policy, 1 for a value. Default 1. */
  outputGain?: number;
  /** Adam's decay rates of the two moments. Default [0.9, 0.999]. */
  betas?: readonly [number, number];
  /** Added to √v̂ in Adam. Default 1e-8. */
  epsilon?: number;
  /** Decoupled weight decay (AdamW), times the learning rate. Default 0. */
  weightDecay?: number;
  /** Gradients of a larger Euclidean norm are scaled down to it. Default Infinity. */
  maxNorm?: number;
}

/**
 * Checks that a saved state belongs to this network before anything is overwritten.
 *
 * @throws ShapeError when its sizes differ, RangeError when a number in it is not finite
 */
export function checkState(where: string, state: NetworkState, network: Network): void {
  if (state.sizes.join() !== network.sizes.join()) {
    throw new ShapeError(
      `${where}: the state is that of a network of sizes [${state.sizes.join(", ")}], this one has ` +
        `[${network.sizes.join(", ")}].`,
    );
  }
  for (const name of ["parameters", "firstMoment", "secondMoment"] as const) {
    checkLength(`${where}: ${name}`, state[name], network.parameterCount);
    checkAllFinite(`${where}: ${name}`, state[name]);
  }
  checkInteger(`${where}: steps`, state.steps, 0);
}
