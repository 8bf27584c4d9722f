/**
 * Robust DPO: Chowdhury, Kini & Natarajan 2024, "Provably robust DPO: aligning language models with
 * noisy feedback", arXiv:2403.00409. If labels are flipped with a known probability ε, this loss has, on
 * the noisy labels, the mean that DPO's has on clean ones (Natarajan et al. 2013's unbiased estimator).
 * The price is variance: 1/(1−2ε) of it, and single terms that have no lower bound.
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
 * Robust DPO loss, averaged over the batch.
 *
 *   L = −E[(1−ε)·log σ(βh) − ε·log σ(−βh)] / (1−2ε),   h as in `pairMargin`
 *
 * Chowdhury et al. 2024, section 3; with ε = 0 it is DPO's.
 *
 * @param policyChosen      [B] log π_θ(y_w|x) in nats, summed over the tokens of the reply
 * @param policyRejected    [B] log π_θ(y_l|x)
 * @param referenceChosen   [B] log π_ref(y_w|x)
 * @param referenceRejected [B] log π_ref(y_l|x)
 * @param beta              > 0
 * @param epsilon           share of labels that are flipped, in [0, ½)
 * @returns scalar, nats; differentiable, caller disposes
 * @throws ShapeError when the four vectors differ in length
 */
export function robustDpoLoss(
  policyChosen: Tensor,
  policyRejected: Tensor,
  referenceChosen: Tensor,
  referenceRejected: Tensor,
  beta: Coefficient,
  epsilon: number,
): Tensor {
  checkCoefficient("robustDpoLoss: beta", beta);
  checkFlips("robustDpoLoss: epsilon", epsilon);
  return tf.tidy(() => {
    const h = pairMargin(
      "robustDpoLoss",
      policyChosen,
      policyRejected,
      referenceChosen,
      referenceRejected,
    ); // [B]
    const logit = tf.mul(beta, h);
    const right = tf.mul(logSigmoid(logit), 1 - epsilon);
    const flipped = tf.mul(logSigmoid(tf.neg(logit)), epsilon);
    return tf.div(tf.mean(tf.sub(flipped, right)), 1 - 2 * epsilon);
  });
}

/** The loss of one pair by its margin: ((1−ε)·ℓ(h) − ε·ℓ(−h))/(1−2ε) with DPO's ℓ. */
export function robustDpoOfMargin(beta: number, epsilon: number): MarginLoss {
  checkFlips("robustDpoOfMargin: epsilon", epsilon);
  const dpo = dpoOfMargin(beta);
  const rest = 1 - 2 * epsilon;
  return {
    value: (h) => ((1 - epsilon) * dpo.value(h) - epsilon * dpo.value(-h)) / rest,
    slope: (h) => ((1 - epsilon) * dpo.slope(h) + epsilon * dpo.slope(-h)) / rest,
    curvature: (h) => dpo.curvature(h), // (1−ε) − ε over 1−2ε
  };
}
