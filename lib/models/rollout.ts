import { checkInteger, checkNotEmpty, ShapeError } from "../core/checks";
import type { Rng } from "../core/rng";
import {
  type CompiledLoop,
  compileLoop,
  type NamedTensors,
  resizeAxis,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  tf,
} from "../tensor";
import type { Gpt } from "./gpt";
import { sampleTokens, samplingNoise, type SamplingOptions } from "./sampling";

/** How sequences are completed. */
export interface RolloutOptions extends SamplingOptions {
  /** tokens of a whole sequence, prompt and reply; at most the model's context */
  length: number;
  /** After this token a sequence is over: it is repeated to the end. Default: none. */
  stop?: number;
  /**
   * Stretches that are compiled each on its own, with a cache no longer than needed up to its end: a
   * long rollout takes a quarter less time, the first call longer. Default one for each 32 tokens, at
   * most 4.
   */
  segments?: number;
}

/** What a rollout gives. */
export interface Completions {
  /** [B, length] int32, prompt and reply */
  tokens: Tensor;
  /** [B, length − 1] log π of token t+1 under the model itself (temperature 1, nothing left out), nats */
  logp: Tensor;
}

type Step = { forced: Tensor; noise?: Tensor };

/**
 * Completes prompts token by token with a cache of keys and values, all in one compiled call.
 *
 * Prompts may differ in length: each sequence reads its own prompt to the end and goes on from
 * there. The model's present weights are used at every call.
 *
 *     const rollout = new Rollout(model, { length: 32, temperature: 1 });
 *     const { tokens, logp } = rollout.run([[1, 2, 3], [4, 5]], rng);
 */
export class Rollout {
  readonly #model: Gpt;
  readonly #options: RolloutOptions;
  readonly #loop: CompiledLoop<NamedTensors, NamedTensors, NamedTensors>;

  constructor(model: Gpt, options: RolloutOptions) {
    const { vocabulary, context } = model.config;
    const { length, segments = Math.min(4, Math.ceil(length / 32)) } = options;
    checkInteger("Rollout: length", length, 2, context);
    if (options.stop !== undefined) checkInteger("Rollout: stop", options.stop, 0, vocabulary - 1);
    this.#model = model;
    this.#options = { ...options };
    this.#loop = compileLoop(
      (carry, inputs, { t }) => this.#step(carry, inputs as unknown as Step, t),
      { steps: length - 1, segments, fit: fitCache },
    );
  }

  /**
   * @param prompts B of them, each of 1 … length tokens
   * @param rng     draws the noise of all steps
   * @returns tokens and their log-probabilities; caller disposes
   * @throws RangeError when a prompt is empty, too long, or holds no token of the vocabulary
   */
  run(prompts: readonly ArrayLike<number>[], rng: Rng): Completions {
    const { length, temperature = 1 } = this.#options;
    this.#checkPrompts(prompts);
    const B = prompts.length;
    return tf.tidy(() => {
      const first = tf.tensor1d(
        prompts.map((prompt) => prompt[0]),
        "int32",
      );
      const forced = forcedTokens(prompts, length);
      const inputs: NamedTensors = { forced: tf.tensor2d(forced, [length - 1, B], "int32") };
      if (temperature > 0) {
        inputs.noise = samplingNoise([length - 1, B, this.#model.config.vocabulary], rng);
      }
      const carry = { token: first, ...this.#model.emptyCache(B, length - 1) }; // the last token is not read
      const { outputs } = this.#loop(carry, inputs);
      const tokens = tf.concat([tf.reshape(first, [1, B]), outputs.token]);
      return { tokens: tf.transpose(tokens), logp: tf.transpose(outputs.logp) };
    });
  }

  /** Frees the compiled loop; the model stays. */
  dispose(): void {
    this.#loop.dispose();
  }

  /** Reads the token at t and chooses the one at t+1. */
  #step({ token, ...cache }: NamedTensors, { forced, noise }: Step, t: Tensor) {
    const { stop } = this.#options;
    const { hidden, cache: grown } = this.#model.next(token, t, cache);
    const logits = this.#model.unembed(hidden); // [B, V]
    let next = sampleTokens(logits, noise, this.#options);
    if (stop !== undefined)
      next = tf.where(tf.equal(token, stop), tf.fill(next.shape, stop, "int32"), next);
    next = tf.where(tf.greaterEqual(forced, 0), forced, next);
    const logp = tf.neg(sparseSoftmaxCrossEntropy(logits, next));
    return { carry: { token: next, ...grown }, outputs: { token: next, logp } };
  }

  #checkPrompts(prompts: readonly ArrayLike<number>[]): void {
    checkNotEmpty("Rollout.run: prompts", prompts);
    prompts.forEach((prompt, b) => {
      if (!(prompt.length >= 1 && prompt.length <= this.#options.length)) {
        throw new ShapeError(
          `Rollout.run: prompts[${b}] must have 1 to ${this.#options.length} tokens, got ${prompt.length}.`,
        );
      }
      for (let t = 0; t < prompt.length; t++) {
        checkInteger(
          `Rollout.run: prompts[${b}][${t}]`,
          prompt[t],
          0,
          this.#model.config.vocabulary - 1,
        );
      }
    });
  }
}

/**
 * A rollout's carry with caches of keys and values (all that is [B, H, length, D/H]) of this length:
 * what `compileLoop` calls where a segment begins.
 *
 * @returns new tensors for the caches, the others as they are; caller disposes
 */
export function fitCache(carry: NamedTensors, length: number): NamedTensors {
  return Object.fromEntries(
    Object.entries(carry).map(([name, x]) => [name, x.rank === 4 ? resizeAxis(x, 2, length) : x]),
  );
}

/** [length − 1, B] the token that must stand at t+1, or −1 where it is to be chosen. */
function forcedTokens(prompts: readonly ArrayLike<number>[], length: number): Int32Array {
  const forced = new Int32Array((length - 1) * prompts.length).fill(-1);
  prompts.forEach((prompt, b) => {
    for (let t = 1; t < prompt.length; t++) forced[(t - 1) * prompts.length + b] = prompt[t];
  });
  return forced;
}

/**
 * Which tokens belong to the replies: those after the prompt, up to and with the first stop token.
 *
 * @param tokens  [B][length]
 * @param prompts the prompts, or their lengths
 * @returns [B·length] 1 for tokens of the reply, row by row
 */
export function responseMask(
  tokens: readonly ArrayLike<number>[],
  prompts: readonly (ArrayLike<number> | number)[],
  stop?: number,
): Float32Array {
  if (tokens.length !== prompts.length) {
    throw new ShapeError(`responseMask: ${tokens.length} sequences but ${prompts.length} prompts.`);
  }
  const length = tokens[0]?.length ?? 0;
  const mask = new Float32Array(tokens.length * length);
  tokens.forEach((sequence, b) => {
    const prompt = prompts[b];
    const start = typeof prompt === "number" ? prompt : prompt.length;
    for (let t = start; t < length; t++) {
      mask[b * length + t] = 1;
      if (sequence[t] === stop) break;
    }
  });
  return mask;
}
