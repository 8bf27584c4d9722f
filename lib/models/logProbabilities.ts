import { ShapeError } from "../core/checks";
import { sparseSoftmaxCrossEntropy, type Tensor, tf } from "../tensor";
import type { Gpt, GptInputs } from "./gpt";

/**
 * log p(tokenₜ₊₁ | token₀ … tokenₜ) under a model: how likely it finds each token it was given.
 *
 * @param tokens [B, T] int32
 * @returns [B, T−1] nats; entry t belongs to token t+1. Differentiable; caller disposes
 */
export function tokenLogProbabilities(model: Gpt, tokens: Tensor, inputs: GptInputs = {}): Tensor {
  const [B, T] = tokens.shape;
  return tf.tidy(() => {
    const [read, targets] = [0, 1].map((start) => tf.slice(tokens, [0, start], [B, T - 1]));
    const logits = model.logits(read, withoutLast(inputs));
    return tf.neg(sparseSoftmaxCrossEntropy(logits, targets));
  });
}

/**
 * log π(y|x) of whole responses: the sum over the response's tokens (the sum, not the mean: that is
 * what DPO's and PPO's equations hold).
 *
 * @param logp         [B, T−1] from `tokenLogProbabilities`
 * @param responseMask [B, T] 1 for tokens of the response (its end token too), 0 for prompt and padding
 * @returns [B] nats, caller disposes
 */
export function sumOverResponse(logp: Tensor, responseMask: Tensor): Tensor {
  return tf.tidy(() => tf.sum(tf.mul(logp, shiftedMask(logp, responseMask)), 1));
}

/**
 * Mean cross-entropy of the tokens that count: the loss of pretraining, and of instruction tuning
 * when the mask keeps the responses only.
 *
 * @param tokens [B, T] int32
 * @param mask   [B, T] 1 for tokens to be predicted; default all. The first token never counts.
 * @returns scalar, nats a token; caller disposes
 */
export function languageModelLoss(
  model: Gpt,
  tokens: Tensor,
  mask?: Tensor,
  inputs: GptInputs = {},
): Tensor {
  return tf.tidy(() => {
    const logp = tokenLogProbabilities(model, tokens, inputs);
    if (mask === undefined) return tf.neg(tf.mean(logp));
    const counts = shiftedMask(logp, mask);
    return tf.neg(tf.div(tf.sum(tf.mul(logp, counts)), tf.sum(counts)));
  });
}

/** The last token is predicted only: nothing is read at its place. */
function withoutLast(inputs: GptInputs): GptInputs {
  const shorter = ([name, x]: [string, Tensor]): [string, Tensor] => {
    const size = x.shape.map((n, axis) => (axis === x.rank - 1 ? n - 1 : n));
    return [name, tf.slice(x, size.map(() => 0), size)]; // prettier-ignore
  };
  return Object.fromEntries(Object.entries(inputs).map(shorter));
}

/** The mask of tokens 1 … T−1, which is where log-probabilities 0 … T−2 belong. */
function shiftedMask(logp: Tensor, mask: Tensor): Tensor {
  const [B, short] = logp.shape;
  if (mask.rank !== 2 || mask.shape[0] !== B || mask.shape[1] !== short + 1) {
    throw new ShapeError(
      `the mask must be [B, T] = [${B}, ${short + 1}] for log-probabilities [B, T−1], got [${mask.shape.join(", ")}].`,
    );
  }
  return tf.slice(mask, [0, 1], [B, short]);
}
