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
import { multiplyAdd } from "./multiply";
import { checkState, type MlpOptions, type Network, type NetworkState } from "./network";
import { tanhInPlace } from "./tanh";

/** Where a layer's numbers lie in the flat vector. */
interface Layer {
  inputs: number;
  outputs: number;
  weight: number; // offset of W [inputs, outputs]
  bias: number; // offset of b [outputs]
}

/**
 * A multilayer perceptron on typed arrays, trained by hand-written back-propagation.
 *
 *   hₗ = φ(hₗ₋₁ Wₗ + bₗ),  φ = tanh or ReLU, no φ on the last layer
 *
 * At the sizes of reinforcement learning's small problems (hidden layers of 64, batches of 64) a
 * tensor library spends its time calling its kernels; here a train step of 4-64-2 on 64 rows takes
 * about a tenth of a millisecond. From about 128 × 128 upward use `EngineMlp`, same interface.
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
  readonly #layers: Layer[] = [];
  readonly #adam: FlatAdam;
  readonly #relu: boolean;
  readonly #maxNorm: number;
  #batch = 0;
  #activations: Float64Array[] = []; // h₀ … h_L of the last forward, each [B, width]

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
    let end = 0;
    for (let l = 1; l < sizes.length; l++) {
      const [inputs, outputs] = [sizes[l - 1], sizes[l]];
      this.#layers.push({ inputs, outputs, weight: end, bias: end + inputs * outputs });
      end += (inputs + 1) * outputs;
    }
    this.parameterCount = end;
    this.parameters = new Float64Array(end);
    for (const layer of this.#layers) {
      const gain = layer === this.#layers.at(-1) ? outputGain : Math.SQRT2;
      this.parameters.set(orthogonal(layer.inputs, layer.outputs, gain, rng), layer.weight);
    }
    this.#adam = new FlatAdam(end, options);
    this.#relu = activation === "relu";
    this.#maxNorm = maxNorm;
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
    this.#resize(batch);
    this.#activations[0].set(inputs);
    this.#layers.forEach((layer, l) => {
      const out = this.#activations[l + 1];
      this.#affine(layer, this.#activations[l], out);
      if (layer !== this.#layers.at(-1)) activate(out, this.#relu);
    });
    return this.#activations[this.#layers.length].slice();
  }

  backward(outputGradient: ArrayLike<number>): Float64Array {
    checkLength(
      "Mlp.backward: outputGradient",
      outputGradient,
      this.#batch * this.sizes[this.#layers.length],
    );
    const gradient = new Float64Array(this.parameterCount);
    let delta: Float64Array = new Float64Array(outputGradient); // [B, outputs] ∂L/∂(hₗ₋₁Wₗ + bₗ)
    for (let l = this.#layers.length - 1; l >= 0; l--) {
      const layer = this.#layers[l];
      const h = this.#activations[l]; // [B, inputs]
      this.#weightGradient(layer, h, delta, gradient);
      if (l > 0) delta = this.#passBack(layer, h, delta);
    }
    return gradient;
  }

  update(outputGradient: ArrayLike<number>, learningRate: number): number {
    const gradient = this.backward(outputGradient);
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

  /** Makes room for the activations of B rows; kept from call to call while B stays. */
  #resize(batch: number): void {
    if (batch === this.#batch) return;
    this.#batch = batch;
    this.#activations = this.sizes.map((width) => new Float64Array(batch * width));
  }

  /** out ← h W + b */
  #affine({ inputs, outputs, weight, bias }: Layer, h: Float64Array, out: Float64Array): void {
    const b = this.parameters.subarray(bias, bias + outputs);
    for (let r = 0; r < this.#batch; r++) out.set(b, r * outputs);
    const left = { data: h, offset: 0, down: inputs, right: 1 };
    const right = { data: this.parameters, offset: weight, down: outputs, right: 1 };
    multiplyAdd(left, right, out, 0, this.#batch, outputs, inputs);
  }

  /** ∂L/∂W = hᵀ δ and ∂L/∂b = Σ over rows of δ, written to their place in `gradient`. */
  #weightGradient(
    layer: Layer,
    h: Float64Array,
    delta: Float64Array,
    gradient: Float64Array,
  ): void {
    const { inputs, outputs, weight, bias } = layer;
    const left = { data: h, offset: 0, down: 1, right: inputs };
    const right = { data: delta, offset: 0, down: outputs, right: 1 };
    multiplyAdd(left, right, gradient, weight, inputs, outputs, this.#batch);
    for (let k = 0; k < delta.length; k += outputs) {
      for (let j = 0; j < outputs; j++) gradient[bias + j] += delta[k + j];
    }
  }

  /** δ of the layer below: (δ Wᵀ) ∘ φ′, where φ′ follows from h = φ(·) alone. */
  #passBack(
    { inputs, outputs, weight }: Layer,
    h: Float64Array,
    delta: Float64Array,
  ): Float64Array {
    const below = new Float64Array(this.#batch * inputs);
    const left = { data: delta, offset: 0, down: outputs, right: 1 };
    const right = { data: this.parameters, offset: weight, down: 1, right: outputs };
    multiplyAdd(left, right, below, 0, this.#batch, inputs, outputs);
    if (this.#relu) for (let k = 0; k < h.length; k++) below[k] = h[k] > 0 ? below[k] : 0;
    else for (let k = 0; k < h.length; k++) below[k] *= 1 - h[k] * h[k];
    return below;
  }
}

/** φ in place. */
function activate(values: Float64Array, relu: boolean): void {
  if (relu) for (let k = 0; k < values.length; k++) values[k] = values[k] > 0 ? values[k] : 0;
  else tanhInPlace(values);
}

/** Scales a gradient down to Euclidean norm `maxNorm` if it is longer; returns the norm before. */
function clipNorm(gradient: Float64Array, maxNorm: number): number {
  let squares = 0;
  for (let i = 0; i < gradient.length; i++) squares += gradient[i] * gradient[i];
  const norm = Math.sqrt(squares);
  if (norm > maxNorm) for (let i = 0; i < gradient.length; i++) gradient[i] *= maxNorm / norm;
  return norm;
}
