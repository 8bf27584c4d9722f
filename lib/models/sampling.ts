import { checkInteger, checkRange, ShapeError } from "../core/checks";
import type { Rng } from "../core/rng";
import { type Tensor, tf } from "../tensor";

/** How a token is chosen from its scores; what is left out has the value given here. */
export interface SamplingOptions {
  /** Divides the scores: 1 samples from the model, 0 takes the best token (greedy). Default 1. */
  temperature?: number;
  /** Only the k best tokens (Fan et al. 2018, arXiv:1805.04833). Default all. */
  topK?: number;
  /** Only the fewest best tokens with probability p together (Holtzman et al. 2020, arXiv:1904.09751). Default 1. */
  topP?: number;
}

/** What stands for −∞: far below any score, and still a number. */
const excluded = -1e9;

/**
 * Scores divided by the temperature, and −1e9 for tokens that top-k or top-p leave out; in this
 * order, as in Hugging Face's `generate`. A softmax of the result is what is sampled from.
 *
 * @param logits [B, V] nats
 * @returns [B, V], caller disposes
 * @throws RangeError when temperature is not above 0, topK not in 1 … V or topP not in (0, 1]
 */
export function filterLogits(
  logits: Tensor,
  { temperature = 1, topK, topP = 1 }: SamplingOptions = {},
): Tensor {
  const vocabulary = logits.shape[logits.rank - 1];
  checkRange("filterLogits: temperature", temperature, Number.MIN_VALUE, Number.MAX_VALUE);
  if (topK !== undefined) checkInteger("filterLogits: topK", topK, 1, vocabulary);
  checkRange("filterLogits: topP", topP, Number.MIN_VALUE, 1);
  // the axis of cumsum is counted from the front: -1 is misread by the plain and wasm engines
  return tf.tidy(() => {
    let scores = tf.div(logits, temperature);
    if (topK !== undefined && topK < vocabulary) {
      const { values } = tf.topk(scores, topK); // best first
      scores = atLeast(scores, tf.min(values, -1, true));
    }
    if (topP < 1) {
      const { values } = tf.topk(scores, vocabulary);
      const before = tf.cumsum(tf.softmax(values), logits.rank - 1, true); // probability of all better tokens
      const kept = tf.where(tf.less(before, topP), values, tf.fill(values.shape, -excluded));
      scores = atLeast(scores, tf.min(kept, -1, true));
    }
    return scores;
  });
}

/**
 * Draws a token for each row, by the Gumbel trick: the arg max of score + Gumbel noise is a draw from
 * the softmax of the scores (lesson 01 shows why).
 *
 * @param logits [B, V] nats
 * @param noise  [B, V] from `samplingNoise`; with temperature 0 it is not needed
 * @returns [B] int32, caller disposes
 */
export function sampleTokens(
  logits: Tensor,
  noise?: Tensor,
  options: SamplingOptions = {},
): Tensor {
  if (options.temperature === 0) return tf.tidy(() => tf.cast(tf.argMax(logits, -1), "int32"));
  if (noise?.shape.join() !== logits.shape.join()) {
    throw new ShapeError(
      `sampleTokens: noise must have the shape of the logits [${logits.shape.join(", ")}], got ` +
        `${noise ? `[${noise.shape.join(", ")}]` : "none"}. Make it by samplingNoise.`,
    );
  }
  return tf.tidy(() => {
    const gumbel = tf.neg(tf.log(tf.neg(tf.log(noise))));
    return tf.cast(tf.argMax(tf.add(filterLogits(logits, options), gumbel), -1), "int32");
  });
}

/**
 * Uniform noise for `sampleTokens`: strictly between 0 and 1, so that both its logarithms are finite.
 * The logarithms are taken on the engine, where they are cheap.
 *
 * @returns a tensor of this shape, caller disposes
 */
export function samplingNoise(shape: number[], rng: Rng): Tensor {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let i = 0; i < values.length; i++) values[i] = ((rng.uint32() >>> 9) + 0.5) / 8388608; // 2²³
  return tf.tensor(values, shape);
}

/** Scores at or above a threshold; the others are excluded. */
function atLeast(scores: Tensor, threshold: Tensor): Tensor {
  return tf.where(tf.greaterEqual(scores, threshold), scores, tf.fill(scores.shape, excluded));
}
