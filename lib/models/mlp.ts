import {
  checkAllFinite,
  checkInteger,
  checkLength,
  checkNotEmpty,
  checkPositive,
  ShapeError,
} from "../core/checks";
import { NonFiniteError } from "../core/nonFiniteError";
import type { Rng } from "../core/rng";
import { FlatAdam } from "./flatAdam";
import { orthogonal } from "./initialisation";
import { checkState, type MlpOptions, type Network, type NetworkState } from "./network";
import { transpose, Workspace, type Matrix } from "./workspace";

/** A layer's numbers, as pieces of the flat vectors. */
interface Layer {
  weight: Float64Array; // W [in, out]
  bias: Float64Array; // b [out]
  weightGradient: Float64Array;
  biasGradient: Float64Array;
}

/** A layer at work on B rows, in the workspace. */
interface Sheet {
  weight: Matrix; // W [in, out]
  transposed: Matrix; // Wᵀ [out, in]
  h: Matrix; // [B, out] φ(hₗ₋₁W + b)
  delta: Matrix; // [B, out] ∂L/∂(hₗ₋₁W + b)
  weightGradient: Matrix; // [in, out]
  biasGradient: Matrix; // [1, out]
}

/**
 * A multilayer perceptron on typed arrays, trained by hand-written back-propagation.
 *
 *   hₗ = φ(hₗ₋₁ Wₗ + bₗ),  φ = tanh or ReLU, no φ on the last layer
 *
 * At the sizes of reinforcement learning's small problems (hidden layers of 64, batches of 64) a
 * tensor library spends its time calling its kernels; here a train step of 4-64-2 on 64 rows takes
 * about a thirtieth of a millisecond. From about 128 × 128 upward use `EngineMlp`, same interface.
 * Backward: Rumelhart, Hinton & Williams 1986, doi:10.1038/323533a0.
 *
 *     const policy = new Mlp([4, 64, 2], rng, { outputGain: 0.01 });
 *     const logits = policy.forward(observations);   // [B, 2]
 */
export class Mlp implements Network {
  readonly sizes: readonly number[];
  readonly parameterCount: number;
  /** [P] all weights and biases, live: layer by layer W [in, out] row by row, then b [out]. */
  readonly parameters: Float64Array;
  readonly #gradient: Float64Array; // [P]
  readonly #layers: readonly Layer[];
  readonly #adam: FlatAdam;
  readonly #activation: "tanh" | "relu";
  readonly #maxNorm: number;
  readonly #work = new Workspace();
  #batch = 0;
  #inputs: Matrix; // [B, in]
  #ones: Matrix; // [1, B]
  #sheets: Sheet[] = [];

  /**
   * @param sizes widths of the layers, inputs first: [4, 64, 2]
   * @param rng   draws the weights: orthogonal, gain √2, the last layer `outputGain`; biases are 0
   */
  constructor(sizes: readonly number[], rng: Rng, options: MlpOptions = {}) {
    const { activation = "tanh", outputGain = 1, maxNorm = Infinity } = options;
    checkNotEmpty("Mlp: sizes", sizes, 2);
    for (const size of sizes) checkInteger("Mlp: sizes", size, 1);
    if (maxNorm !== Infinity) checkPositive("Mlp: maxNorm", maxNorm);
    this.sizes = [...sizes];
    this.parameterCount = sizes.slice(1).reduce((sum, out, l) => sum + (sizes[l] + 1) * out, 0);
    this.parameters = new Float64Array(this.parameterCount);
    this.#gradient = new Float64Array(this.parameterCount);
    this.#layers = this.#pieces();
    this.#layers.forEach(({ weight }, l) => {
      const gain = l === this.#layers.length - 1 ? outputGain : Math.SQRT2;
      weight.set(orthogonal(sizes[l], sizes[l + 1], gain, rng));
    });
    this.#adam = new FlatAdam(this.parameterCount, options);
    this.#activation = activation;
    this.#maxNorm = maxNorm;
    [this.#inputs, this.#ones] = this.#makeRoom(1);
  }

  getParameters(): Float64Array {
    return this.parameters.slice();
  }

  setParameters(parameters: ArrayLike<number>): void {
    checkLength("Mlp.setParameters: parameters", parameters, this.parameterCount);
    checkAllFinite("Mlp.setParameters: parameters", parameters);
    this.parameters.set(parameters);
  }

  forward(inputs: ArrayLike<number>): Float64Array {
    const batch = inputs.length / this.sizes[0];
    if (!Number.isInteger(batch) || batch === 0) {
      throw new ShapeError(
        `Mlp.forward: inputs [B, ${this.sizes[0]}] must have a multiple of ${this.sizes[0]} ` +
          `entries, got ${inputs.length}.`,
      );
    }
    if (batch !== this.#batch) [this.#inputs, this.#ones] = this.#makeRoom(batch);
    this.#work.write(this.#inputs, inputs);
    for (let l = 0; l < this.#layers.length; l++) this.#affine(l);
    const outputs = this.sizes[this.#layers.length];
    return this.#work.read(this.#sheets[this.#layers.length - 1].h, new Float64Array(batch * outputs)); // prettier-ignore
  }

  backward(outputGradient: ArrayLike<number>): Float64Array {
    return this.#backPropagate(outputGradient).slice();
  }

  update(outputGradient: ArrayLike<number>, learningRate: number): number {
    const gradient = this.#backPropagate(outputGradient);
    const norm = clipNorm(gradient, this.#maxNorm);
    if (!Number.isFinite(norm)) throw new NonFiniteError(this.#adam.steps + 1);
    this.#adam.step(this.parameters, gradient, learningRate);
    return norm;
  }

  getState(): NetworkState {
    const { firstMoment, secondMoment, steps } = this.#adam;
    return {
      sizes: this.sizes,
      parameters: this.getParameters(),
      firstMoment: firstMoment.slice(),
      secondMoment: secondMoment.slice(),
      steps,
    };
  }

  setState(state: NetworkState): void {
    checkState("Mlp.setState", state, this);
    this.parameters.set(state.parameters);
    this.#adam.firstMoment.set(state.firstMoment);
    this.#adam.secondMoment.set(state.secondMoment);
    this.#adam.steps = state.steps;
  }

  /** The flat vectors cut into layers. */
  #pieces(): Layer[] {
    let end = 0;
    const next = (size: number): [Float64Array, Float64Array] => {
      const start = end;
      end += size;
      return [this.parameters.subarray(start, end), this.#gradient.subarray(start, end)];
    };
    return this.sizes.slice(1).map((outputs, l) => {
      const [weight, weightGradient] = next(this.sizes[l] * outputs);
      const [bias, biasGradient] = next(outputs);
      return { weight, bias, weightGradient, biasGradient };
    });
  }

  /** Makes room for B rows; kept from call to call while B stays. */
  #makeRoom(batch: number): [inputs: Matrix, ones: Matrix] {
    const work = this.#work;
    work.clear();
    this.#batch = 0; // until there is room: an Mlp that got none asks again
    this.#sheets = this.sizes.slice(1).map((outputs, l) => ({
      weight: work.matrix(this.sizes[l], outputs),
      transposed: work.matrix(outputs, this.sizes[l]),
      h: work.matrix(batch, outputs),
      delta: work.matrix(batch, outputs),
      weightGradient: work.matrix(this.sizes[l], outputs),
      biasGradient: work.matrix(1, outputs),
    }));
    const room: [Matrix, Matrix] = [work.matrix(batch, this.sizes[0]), work.ones(batch)];
    this.#batch = batch;
    return room;
  }

  /** [B, in] what layer l sees. */
  #below(l: number): Matrix {
    return l === 0 ? this.#inputs : this.#sheets[l - 1].h;
  }

  /** hₗ ← φ(hₗ₋₁ W + b) */
  #affine(l: number): void {
    const { weight, h } = this.#sheets[l];
    this.#work.write(weight, this.#layers[l].weight);
    this.#work.repeat(h, this.#layers[l].bias);
    this.#work.multiplyAdd(this.#below(l), weight, h);
    if (l < this.#layers.length - 1) this.#work.activate(h, this.#activation);
  }

  /** ∂L/∂θ from the last layer to the first. */
  #backPropagate(outputGradient: ArrayLike<number>): Float64Array {
    const last = this.#layers.length - 1;
    checkLength("Mlp.backward: outputGradient", outputGradient, this.#batch * this.sizes[last + 1]);
    this.#work.write(this.#sheets[last].delta, outputGradient);
    for (let l = last; l >= 0; l--) {
      this.#layerGradient(l);
      if (l > 0) this.#passBack(l);
    }
    return this.#gradient;
  }

  /** ∂L/∂W = hᵀδ and ∂L/∂b = Σ over rows of δ = 1ᵀδ. */
  #layerGradient(l: number): void {
    const { delta, weightGradient, biasGradient } = this.#sheets[l];
    this.#work.zero(weightGradient);
    this.#work.multiplyAdd(transpose(this.#below(l)), delta, weightGradient);
    this.#work.read(weightGradient, this.#layers[l].weightGradient);
    this.#work.zero(biasGradient);
    this.#work.multiplyAdd(this.#ones, delta, biasGradient);
    this.#work.read(biasGradient, this.#layers[l].biasGradient);
  }

  /** δ of the layer below: (δ Wᵀ) ∘ φ′, where φ′ follows from h = φ(·) alone. */
  #passBack(l: number): void {
    const { delta, transposed } = this.#sheets[l];
    const below = this.#sheets[l - 1];
    this.#work.write(transpose(transposed), this.#layers[l].weight);
    this.#work.zero(below.delta);
    this.#work.multiplyAdd(delta, transposed, below.delta);
    this.#work.timesSlope(below.delta, below.h, this.#activation);
  }
}

/** Scales a gradient down to Euclidean norm `maxNorm` if it is longer; returns the norm before. */
function clipNorm(gradient: Float64Array, maxNorm: number): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i] * gradient[i];
  const norm = Math.sqrt(squares);
  const scale = maxNorm / norm;
  if (scale < 1) for (let i = 0; i < gradient.length; i++) gradient[i] *= scale;
  return norm;
}
