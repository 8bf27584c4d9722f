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
import {
  adamW,
  clipByGlobalNorm,
  compile,
  type CompiledStep,
  globalNorm,
  linear,
  type NamedGradients,
  type Optimizer,
  type Scalar,
  type Tensor,
  tf,
  type Variable,
} from "../tensor";
import { orthogonal } from "./initialisation";
import { checkState, type MlpOptions, type Network, type NetworkState } from "./network";

/**
 * The multilayer perceptron of `Mlp` on the tensor engine, behind the same interface: for hidden
 * layers from about 128 × 128 upward, where arithmetic outweighs the calls. Single precision.
 *
 * Numbers are read back as soon as they are asked for, which WebGPU cannot do.
 *
 *     const reward = new EngineMlp([46, 256, 256, 1], rng, { activation: "relu" });
 *     reward.forward(features); reward.update(gradient, 1e-3); …; reward.dispose();
 */
export class EngineMlp implements Network {
  readonly sizes: readonly number[];
  readonly parameterCount: number;
  readonly #variables: Variable[]; // W and b of each layer in turn
  readonly #optimizer: Optimizer;
  readonly #options: Required<Pick<MlpOptions, "activation" | "maxNorm" | "betas">>;
  readonly #forward: CompiledStep<[Tensor], Tensor>;
  readonly #backward: CompiledStep<[Tensor, Tensor], Tensor[]>;
  readonly #update: CompiledStep<[Tensor, Tensor, Tensor], Tensor>;
  #inputs = new Float32Array(0);
  #steps = 0;

  /**
   * @param sizes widths of the layers, inputs first: [46, 256, 256, 1]
   * @param rng   draws the weights, the same as `Mlp` draws
   * @throws Error on WebGPU
   */
  constructor(sizes: readonly number[], rng: Rng, options: MlpOptions = {}) {
    const {
      activation = "tanh",
      outputGain = 1,
      maxNorm = Infinity,
      betas = [0.9, 0.999],
    } = options;
    checkNotEmpty("EngineMlp: sizes", sizes, 2);
    for (const size of sizes) checkInteger("EngineMlp: sizes", size, 1);
    if (maxNorm !== Infinity) checkPositive("EngineMlp: maxNorm", maxNorm);
    if (tf.getBackend() === "webgpu") {
      throw new Error(
        "EngineMlp: WebGPU cannot give numbers back at once. Use Mlp, or RLHF_BACKEND=wasm.",
      );
    }
    this.sizes = [...sizes];
    this.#options = { activation, maxNorm, betas };
    this.#variables = tf.tidy(() => startVariables(sizes, outputGain, rng));
    this.parameterCount = this.#variables.reduce((sum, { size }) => sum + size, 0);
    const { epsilon = 1e-8, weightDecay = 0 } = options;
    const named = Object.fromEntries(this.#variables.map((variable, i) => [String(i), variable]));
    this.#optimizer = adamW(named, { betas, epsilon, weightDecay });
    this.#forward = compile((x: Tensor) => this.#outputs(x), { xla: false });
    this.#backward = compile((x: Tensor, dy: Tensor) => this.#inOrder(this.#gradients(x, dy)), {
      xla: false,
    });
    this.#update = compile((x: Tensor, dy: Tensor, rate: Tensor) => this.#step(x, dy, rate), {
      xla: false,
      guard: true,
    });
  }

  getParameters(): Float64Array {
    return flatten(this.#variables);
  }

  setParameters(parameters: ArrayLike<number>): void {
    checkLength("EngineMlp.setParameters: parameters", parameters, this.parameterCount);
    checkAllFinite("EngineMlp.setParameters: parameters", parameters);
    unflatten(this.#variables, parameters);
  }

  forward(inputs: ArrayLike<number>): Float64Array {
    if (inputs.length === 0 || inputs.length % this.sizes[0] !== 0) {
      throw new ShapeError(
        `EngineMlp.forward: inputs [B, ${this.sizes[0]}] must have a multiple of ${this.sizes[0]} entries, got ${inputs.length}.`,
      );
    }
    this.#inputs = Float32Array.from(inputs);
    return withTensors([this.#batch()], ([x]) => readAndDispose([this.#forward(x)]));
  }

  backward(outputGradient: ArrayLike<number>): Float64Array {
    return withTensors(this.#batchAnd(outputGradient), ([x, dy]) =>
      readAndDispose(this.#backward(x, dy)),
    );
  }

  update(outputGradient: ArrayLike<number>, learningRate: number): number {
    const tensors = this.#batchAnd(outputGradient);
    try {
      const [norm] = withTensors(tensors, ([x, dy]) =>
        readAndDispose([this.#update(x, dy, learningRate)]),
      );
      this.#steps += 1;
      return norm;
    } catch (error) {
      throw error instanceof NonFiniteError ? new NonFiniteError(this.#steps + 1) : error;
    }
  }

  getState(): NetworkState {
    return {
      sizes: this.sizes,
      parameters: this.getParameters(),
      firstMoment: flatten(this.#slots("firstMoment")),
      secondMoment: flatten(this.#slots("secondMoment")),
      steps: this.#steps,
    };
  }

  setState(state: NetworkState): void {
    checkState("EngineMlp.setState", state, this);
    unflatten(this.#variables, state.parameters);
    unflatten(this.#slots("firstMoment"), state.firstMoment);
    unflatten(this.#slots("secondMoment"), state.secondMoment);
    this.#options.betas.forEach((beta, i) => {
      unflatten([this.#optimizer.state[`correction${i + 1}`]], [correction(beta, state.steps)]);
    });
    this.#steps = state.steps;
  }

  /** Frees weights, Adam's state and the compiled steps. */
  dispose(): void {
    for (const step of [this.#forward, this.#backward, this.#update]) step.dispose();
    this.#optimizer.dispose();
    tf.dispose(this.#variables);
  }

  #slots(name: string): Variable[] {
    return this.#variables.map((_, i) => this.#optimizer.state[`${name}/${i}`]);
  }

  #batch(): Tensor {
    return tf.tensor(this.#inputs, [this.#inputs.length / this.sizes[0], this.sizes[0]]);
  }

  /** The last inputs, and ∂L/∂outputs for them, as tensors. */
  #batchAnd(outputGradient: ArrayLike<number>): Tensor[] {
    const rows = this.#inputs.length / this.sizes[0];
    const width = this.sizes[this.sizes.length - 1];
    checkLength("EngineMlp: outputGradient", outputGradient, rows * width);
    return [this.#batch(), tf.tensor(Float32Array.from(outputGradient), [rows, width])];
  }

  #outputs(x: Tensor): Tensor {
    let h = x;
    for (let i = 0; i < this.#variables.length; i += 2) {
      h = linear(h, this.#variables[i], this.#variables[i + 1]);
      if (i + 2 < this.#variables.length)
        h = this.#options.activation === "relu" ? tf.relu(h) : tf.tanh(h);
    }
    return h;
  }

  /** Gradient of Σ outputs·dy: what chain rule makes of ∂L/∂outputs. */
  #gradients(x: Tensor, dy: Tensor): NamedGradients {
    const along = (): Scalar => tf.sum(tf.mul(this.#outputs(x), dy));
    return tf.variableGrads(along, this.#variables).grads;
  }

  #inOrder(gradients: NamedGradients): Tensor[] {
    return this.#variables.map(({ name }) => gradients[name]);
  }

  #step(x: Tensor, dy: Tensor, learningRate: Tensor): Tensor {
    const { maxNorm } = this.#options;
    const gradients = this.#gradients(x, dy);
    const clipped =
      maxNorm === Infinity
        ? { gradients, norm: globalNorm(gradients) }
        : clipByGlobalNorm(gradients, maxNorm);
    this.#optimizer.step(clipped.gradients, learningRate);
    return clipped.norm;
  }
}

function startVariables(sizes: readonly number[], outputGain: number, rng: Rng): Variable[] {
  return sizes.slice(1).flatMap((outputs, l) => {
    const inputs = sizes[l];
    const gain = l === sizes.length - 2 ? outputGain : Math.SQRT2;
    const weight = Float32Array.from(orthogonal(inputs, outputs, gain, rng));
    return [tf.variable(tf.tensor(weight, [inputs, outputs])), tf.variable(tf.zeros([outputs]))];
  });
}

/** 1 − βᵗ, rounded as the optimiser rounds it on its way there: a resumed run is then the same run. */
function correction(beta: number, steps: number): number {
  let value = 0;
  for (let t = 0; t < steps; t++) {
    const next = Math.fround(Math.fround(value * Math.fround(beta)) + Math.fround(1 - beta));
    if (next === value) break;
    value = next;
  }
  return value;
}

function withTensors<R>(tensors: Tensor[], use: (tensors: Tensor[]) => R): R {
  try {
    return use(tensors);
  } finally {
    tf.dispose(tensors);
  }
}

function readAndDispose(tensors: Tensor[]): Float64Array {
  const values = flatten(tensors);
  tf.dispose(tensors);
  return values;
}

function flatten(tensors: Tensor[]): Float64Array {
  const flat = new Float64Array(tensors.reduce((sum, { size }) => sum + size, 0));
  let at = 0;
  for (const tensor of tensors) {
    flat.set(tensor.dataSync(), at);
    at += tensor.size;
  }
  return flat;
}

function unflatten(variables: Variable[], flat: ArrayLike<number>): void {
  const values = Float32Array.from(flat);
  let at = 0;
  tf.tidy(() => {
    for (const variable of variables) {
      variable.assign(tf.tensor(values.slice(at, at + variable.size), variable.shape));
      at += variable.size;
    }
  });
}
