/**
 * Conservative DPO: Mitchell 2023, "A note on DPO with noisy preferences & relationship to IPO"
 * (ericmitchell.ai/cdpo.pdf). Labels are believed with 1 − ε only: label smoothing.
 *
 * The slope is 0 where σ(βh) = 1 − ε, so that the margin is not driven on for ever.
 */
import { logSigmoid, type Tensor, tf } from "../tensor";
import { dpoOfMargin } from "./dpo";
import {
  checkCoefficient,
  checkFlips,
  type Coefficient,
  type MarginLoss,
  pairMargin,
} from "./pairMargin";

/**
 * Conservative DPO loss, averaged over the batch.
 *
 *   L = −E[(1−ε)·log σ(βh) + ε·log σ(−βh)],   h as in `pairMargin`
 *
 * Mitchell 2023; with ε = 0 it is DPO's.
 *
 * @param policyChosen      [B] log π_θ(y_w|x) in nats, summed over the tokens of the reply
 * @param policyRejected    [B] log π_θ(y_l|x)
 * @param referenceChosen   [B] log π_ref(y_w|x)
 * @param referenceRejected [B] log π_ref(y_l|x)
 * @param beta              > 0
 * @param epsilon           share of labels believed to be flipped, in [0, ½)
 * @returns scalar, nats; differentiable, caller disposes
 * @throws ShapeError when the four vectors differ in length
 */
export function cdpoLoss(
  policyChosen: Tensor,
  policyRejected: Tensor,
  referenceChosen: Tensor,
  referenceRejected: Tensor,
  beta: Coefficient,
  epsilon: number,
): Tensor {
  checkCoefficient("cdpoLoss: beta", beta);
  checkFlips("cdpoLoss: epsilon", epsilon);
  return tf.tidy(() => {
    const h = pairMargin(
      "cdpoLoss",
      policyChosen,
      policyRejected,
      referenceChosen,
      referenceRejected,
    ); // [B]
    const logit = tf.mul(beta, h);
    const right = tf.mul(logSigmoid(logit), 1 - epsilon);
    const flipped = tf.mul(logSigmoid(tf.neg(logit)), epsilon);
    return tf.neg(tf.mean(tf.add(right, flipped)));
  });
}

/** The loss of one pair by its margin: (1−ε)·ℓ(h) + ε·ℓ(−h) with DPO's ℓ. */
export function cdpoOfMargin(beta: number, epsilon: number): MarginLoss {
  checkFlips("cdpoOfMargin: epsilon", epsilon);
  const dpo = dpoOfMargin(beta);
  return {
    value: (h) => (1 - epsilon) * dpo.value(h) + epsilon * dpo.value(-h),
    slope: (h) => (1 - epsilon) * dpo.slope(h) - epsilon * dpo.slope(-h),
    curvature: (h) => dpo.curvature(h), // ℓ″ is even
  };
}
