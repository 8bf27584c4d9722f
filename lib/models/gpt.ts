/**
 * GPT-2: Radford et al. 2019, "Language models are unsupervised multitask learners". A transformer
 * decoder (Vaswani et al. 2017) with normalisation before each block, learned positions, GELU and one
 * table of embeddings for reading and writing. The weights have the names and shapes of Hugging
 * Face's `GPT2LMHeadModel`, whose logits these are.
 */
import { checkInteger, checkPositive, ShapeError } from "../core/checks";
import type { Rng } from "../core/rng";
import {
  attentionOfOne,
  embedding,
  geluTanh,
  layerNorm,
  linear,
  linearTransposed,
  type NamedTensors,
  type Parameters,
  selfAttention,
  type Tensor,
  tf,
  updateSlice,
} from "../tensor";
import { randomWeights } from "./gptWeights";

export { gptShapes } from "./gptWeights";

/** The sizes of a GPT. GPT-2 itself: 50257, 1024, 12, 12, 768. */
export interface GptConfig {
  /** V, number of tokens */
  vocabulary: number;
  /** longest sequence */
  context: number;
  layers: number;
  /** H, attention heads; divides the width */
  heads: number;
  /** D, numbers that stand for one token on its way through */
  width: number;
}

/** What a forward pass may be told about padding. */
export interface GptInputs {
  /** [B, T] float32, 1 for tokens, 0 for padding that nobody may look at. Default: all are tokens. */
  mask?: Tensor;
  /** [B, T] or [T] int32 positions; needed when padding stands on the left. Default 0 … T−1. */
  positions?: Tensor;
  /** [B, T] int32: a token looks at tokens of its own segment only (several examples packed in a row). */
  segments?: Tensor;
}

const epsilon = 1e-5;

/**
 * A GPT-2 of any size.
 *
 *     const model = gpt({ vocabulary: 64, context: 64, layers: 2, heads: 4, width: 64 }, rng);
 *     const logits = model.logits(tokens); // [B, T] int32 → [B, T, V]
 */
export class Gpt {
  readonly kind = "gpt2";
  readonly config: Readonly<GptConfig>;
  /** All weights by Hugging Face's names: "wte.weight", "h.0.attn.c_attn.weight", … */
  readonly parameters: Readonly<Parameters>;

  /**
   * @param rng   draws the weights: N(0, scale²), less for what is added to the residual stream
   * @param scale default 0.8/√D. GPT-2 took 0.02, for widths of 768 and more; narrow models start from
   *   that with signals too weak to learn a sum within a few hundred steps.
   */
  constructor(
    config: GptConfig,
    rng: Rng,
    { scale = 0.8 / Math.sqrt(config.width) }: { scale?: number } = {},
  ) {
    this.config = checkConfig(config);
    checkPositive("gpt: scale", scale);
    this.parameters = tf.tidy(() => randomWeights(this.config, rng, scale));
  }

  /** Number of weights; the tied table counts once. */
  get parameterCount(): number {
    return Object.values(this.parameters).reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * @param tokens [B, T] int32, T ≤ context
   * @returns [B, T, V] scores of each next token in nats, not normalised; caller disposes
   * @throws ShapeError when tokens is not [B, T], or T is longer than the context
   */
  logits(tokens: Tensor, inputs: GptInputs = {}): Tensor {
    return tf.tidy(() => this.unembed(this.hidden(tokens, inputs)));
  }

  /**
   * The last layer's output after its normalisation: what value and reward heads read.
   *
   * @param tokens [B, T] int32, T ≤ context
   * @returns [B, T, D], caller disposes
   */
  hidden(tokens: Tensor, inputs: GptInputs = {}): Tensor {
    return tf.tidy(() => {
      const { x } = this.#throughLayers(this.config.layers, tokens, inputs);
      return tf.reshape(this.#norm("ln_f", x), [...tokens.shape, this.config.width]);
    });
  }

  /**
   * The same of one token of each sequence, such as the last one of a reply. Cheaper than `hidden`: of the
   * other tokens the last layer makes keys and values only.
   *
   * @param tokens    [B, T] int32, T ≤ context
   * @param positions [B] int32 in [0, T)
   * @returns [B, D], caller disposes
   */
  hiddenAt(tokens: Tensor, positions: Tensor, inputs: GptInputs = {}): Tensor {
    checkPositions(positions, tokens);
    const last = this.config.layers - 1;
    return tf.tidy(() => {
      const { x, bias } = this.#throughLayers(last, tokens, inputs);
      const [T, D] = [tokens.shape[1] ?? 0, this.config.width];
      const here = tf.expandDims(tf.cast(tf.oneHot(positions, T), "float32"), -1); // [B, T, 1]
      const split = (rows: Tensor): Tensor => tf.reshape(rows, [-1, T, rows.shape[1] ?? 0]);
      const pick = (rows: Tensor): Tensor => tf.sum(tf.mul(split(rows), here), 1);
      const normal = this.#norm(`h.${last}.ln_1`, x);
      const [toQuery, toOthers] = tf.split(this.#w(`h.${last}.attn.c_attn.weight`), [D, 2 * D], 1);
      const [queryBias, othersBias] = tf.split(this.#w(`h.${last}.attn.c_attn.bias`), [D, 2 * D]);
      const query = linear(pick(normal), toQuery, queryBias); // [B, D]
      const [keys, values] = tf.split(split(linear(normal, toOthers, othersBias)), 2, -1); // [B, T, D]
      const seen = tf.sum(tf.mul(tf.reshape(bias, [-1, T, T]), here), 1); // [B, T]
      const heard = attentionOfOne(query, keys, values, this.config.heads, seen);
      return this.#norm("ln_f", this.#addBlock(last, pick(x), heard));
    });
  }

  /** Scores of all tokens from hidden states: [..., D] → [..., V]; caller disposes. */
  unembed(hidden: Tensor): Tensor {
    return linearTransposed(hidden, this.#w("wte.weight"));
  }

  /**
   * Keys and values of all layers with room for `length` tokens, still empty: what `next` carries.
   *
   * @returns "key.0", "value.0", …: [B, H, length, D/H]; caller disposes
   */
  emptyCache(batch: number, length = this.config.context): NamedTensors {
    checkInteger("Gpt.emptyCache: batch", batch, 1);
    checkInteger("Gpt.emptyCache: length", length, 1, this.config.context);
    const { layers, heads, width } = this.config;
    const names = Array.from({ length: layers }, (_, l) => [`key.${l}`, `value.${l}`]).flat();
    return Object.fromEntries(
      names.map((name) => [name, tf.zeros([batch, heads, length, width / heads])]),
    );
  }

  /**
   * Reads one more token of each sequence; the tokens before are in the cache. T calls cost what one
   * pass over T tokens costs, and all shapes stay the same: this is the body of a compiled rollout.
   *
   * @param tokens   [B] int32, the tokens at `position`
   * @param position int32 scalar, counted from 0
   * @param cache    as `emptyCache` or the call before returned it
   * @returns hidden [B, D] (see `unembed`) and the cache with this token in it; caller disposes
   */
  next(
    tokens: Tensor,
    position: Tensor,
    cache: NamedTensors,
  ): { hidden: Tensor; cache: NamedTensors } {
    const length = cache["key.0"].shape[2] ?? 0;
    return tf.tidy(() => {
      const at = tf.reshape(position, [1]);
      const later = tf.greater(tf.range(0, length, 1, "int32"), at);
      const bias = tf.mul(tf.cast(later, "float32"), -1e9); // [length]
      const grown = { ...cache };
      const places = embedding(this.#w("wpe.weight"), at); // [1, D]
      let x = tf.add(embedding(this.#w("wte.weight"), tokens), places); // [B, D]
      for (let layer = 0; layer < this.config.layers; layer++) {
        const qkv = this.#affine(`h.${layer}.attn.c_attn`, this.#norm(`h.${layer}.ln_1`, x)); // [B, 3D]
        x = this.#addBlock(layer, x, this.#hear(layer, qkv, position, bias, grown));
      }
      return { hidden: this.#norm("ln_f", x), cache: grown };
    });
  }

  /** Attention of one token to those before it, [B, 3D] → [B, D]; its key and value join the cache. */
  #hear(layer: number, qkv: Tensor, position: Tensor, bias: Tensor, cache: NamedTensors): Tensor {
    const { heads, width } = this.config;
    const head = width / heads;
    const [q, k, v] = tf.split(tf.reshape(qkv, [-1, 3 * heads, 1, head]), 3, 1); // [B, H, 1, D/H]
    const keys = updateSlice(cache[`key.${layer}`], k, position, 2); // [B, H, length, D/H]
    const values = updateSlice(cache[`value.${layer}`], v, position, 2);
    Object.assign(cache, { [`key.${layer}`]: keys, [`value.${layer}`]: values });
    const scores = tf.mul(tf.matMul(q, keys, false, true), 1 / Math.sqrt(head)); // [B, H, 1, length]
    return tf.reshape(tf.matMul(tf.softmax(tf.add(scores, bias)), values), [-1, width]);
  }

  /** Frees the weights. */
  dispose(): void {
    tf.dispose(Object.values(this.parameters));
  }

  /**
   * What the first `count` layers make of the tokens, [B·T, D], and who may look at whom. One matrix all
   * the way: with the three dimensions of [B, T, D] XLA computes a third of the backward pass twice.
   */
  #throughLayers(
    count: number,
    tokens: Tensor,
    { mask, positions, segments }: GptInputs,
  ): { x: Tensor; bias: Tensor } {
    const T = checkTokens(tokens, this.config.context);
    const at = positions ?? tf.range(0, T, 1, "int32");
    const bias = attentionBias(T, mask, segments); // [1 or B, 1, T, T]
    const { width, heads } = this.config;
    const read = embedding(this.#w("wte.weight"), tokens); // [B, T, D]
    let x = tf.reshape(tf.add(read, embedding(this.#w("wpe.weight"), at)), [-1, width]);
    for (let layer = 0; layer < count; layer++) {
      const qkv = this.#affine(`h.${layer}.attn.c_attn`, this.#norm(`h.${layer}.ln_1`, x));
      const heard = selfAttention(tf.reshape(qkv, [-1, T, 3 * width]), heads, bias);
      x = this.#addBlock(layer, x, tf.reshape(heard, [-1, width]));
    }
    return { x, bias };
  }

  /** x + attention's projection, then + the feed-forward block. */
  #addBlock(layer: number, x: Tensor, heard: Tensor): Tensor {
    const attended = tf.add(x, this.#affine(`h.${layer}.attn.c_proj`, heard));
    const wide = geluTanh(
      this.#affine(`h.${layer}.mlp.c_fc`, this.#norm(`h.${layer}.ln_2`, attended)),
    );
    return tf.add(attended, this.#affine(`h.${layer}.mlp.c_proj`, wide));
  }

  #w(name: string): Tensor {
    return this.parameters[name];
  }

  #affine(name: string, x: Tensor): Tensor {
    return linear(x, this.#w(`${name}.weight`), this.#w(`${name}.bias`));
  }

  #norm(name: string, x: Tensor): Tensor {
    return layerNorm(x, this.#w(`${name}.weight`), this.#w(`${name}.bias`), epsilon);
  }
}

/** A new GPT with random weights; see `Gpt`. */
export function gpt(config: GptConfig, rng: Rng, options: { scale?: number } = {}): Gpt {
  return new Gpt(config, rng, options);
}

/** 0 where position i may look at position j (j ≤ i, j no padding, in one segment), −1e9 elsewhere. */
function attentionBias(T: number, mask?: Tensor, segments?: Tensor): Tensor {
  const at = tf.range(0, T, 1, "int32");
  const later = tf.greater(tf.reshape(at, [1, T]), tf.reshape(at, [T, 1]));
  let bias = tf.reshape(tf.mul(tf.cast(later, "float32"), -1e9), [1, 1, T, T]);
  if (mask !== undefined)
    bias = tf.add(bias, tf.mul(tf.sub(1, tf.reshape(mask, [-1, 1, 1, T])), -1e9));
  if (segments === undefined) return bias;
  const [from, to] = [tf.reshape(segments, [-1, 1, T, 1]), tf.reshape(segments, [-1, 1, 1, T])];
  return tf.add(bias, tf.mul(tf.cast(tf.notEqual(from, to), "float32"), -1e9));
}

function checkConfig(config: GptConfig): Readonly<GptConfig> {
  const { vocabulary, context, layers, heads, width } = config;
  for (const [name, value] of Object.entries({ vocabulary, context, layers, heads, width })) {
    checkInteger(`gpt: ${name}`, value, 1);
  }
  if (width % heads !== 0) {
    throw new RangeError(`gpt: width must be a multiple of the ${heads} heads, got ${width}.`);
  }
  return { vocabulary, context, layers, heads, width };
}

function checkTokens(tokens: Tensor, context: number): number {
  const T = tokens.shape[1] ?? 0;
  if (tokens.rank !== 2 || tokens.dtype !== "int32" || T > context) {
    throw new ShapeError(
      `Gpt: tokens must be [B, T] int32 with T at most the context of ${context}, got ` +
        `[${tokens.shape.join(", ")}] ${tokens.dtype}.`,
    );
  }
  return T;
}

function checkPositions(positions: Tensor, tokens: Tensor): void {
  if (positions.rank !== 1 || positions.shape[0] !== tokens.shape[0]) {
    throw new ShapeError(
      `Gpt.hiddenAt: tokens [${tokens.shape.join(", ")}] want one position of each sequence, [B], got [${positions.shape.join(", ")}].`,
    );
  }
}
