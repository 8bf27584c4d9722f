import { Rng } from "../../lib/core/rng";
import { gpt, type Gpt } from "../../lib/models/gpt";
import { adamW, type Scalar, sparseSoftmaxCrossEntropy, type Tensor, tf } from "../../lib/tensor";

export const sizes = { vocabulary: 17, context: 12, layers: 2, heads: 2, width: 16 };
export const batch = 4;

/** [4, 12] token numbers; the same name gives the same ones. */
export function tokensOf(name: string): Tensor {
  const rng = new Rng(name);
  const values = Array.from({ length: batch * sizes.context }, () => rng.integer(sizes.vocabulary));
  return tf.tensor2d(values, [batch, sizes.context], "int32");
}

export const meanLoss = (model: Gpt, tokens: Tensor, targets: Tensor): Scalar =>
  tf.mean(sparseSoftmaxCrossEntropy(model.logits(tokens), targets));

/** A small GPT and its training step; the same seed gives the same weights. */
export function smallGpt(seed: number) {
  const model = gpt(sizes, new Rng(seed));
  const optimizer = adamW(model.parameters);
  const step = (tokens: Tensor, targets: Tensor, learningRate: Tensor): Tensor =>
    optimizer.minimize(() => meanLoss(model, tokens, targets), learningRate);
  const dispose = () => {
    optimizer.dispose();
    model.dispose();
  };
  return { model, step, dispose };
}
