/**
 * The hinge loss on the margin: SLiC-HF (Zhao et al. 2023, arXiv:2305.10425) calibrates sequence
 * likelihoods by it; Liu et al. 2024 ("Statistical rejection sampling improves preference optimization",
 * arXiv:2309.06657) put the reference inside, which is the form here and in TRL.
 */
import { type Tensor, tf } from "../tensor";
import { checkCoefficient, type Coefficient, pairMargin } from "./pairMargin";

/**
 * Hinge loss, averaged over the batch.
 *
 *   L = E max(0, 1 − β·h),   h as in `pairMargin`
 *
 * Liu et al. 2024, section 3. A pair whose margin has reached 1/β pulls no more; one that has not pulls with
 * full strength however wrong its label is. It is not smooth at h = 1/β.
 *
 * @param policyChosen      [B] log π_θ(y_w|x) in nats, summed over the tokens of the reply
 * @param policyRejected    [B] log π_θ(y_l|x)
 * @param referenceChosen   [B] log π_ref(y_w|x)
 * @param referenceRejected [B] log π_ref(y_l|x)
 * @param beta              > 0
 * @returns scalar; differentiable, caller disposes
 * @throws ShapeError when the four vectors differ in length
 */
export function hingeLoss(
  policyChosen: Tensor,
  policyRejected: Tensor,
  referenceChosen: Tensor,
  referenceRejected: Tensor,
  beta: Coefficient,
): Tensor {
  checkCoefficient("hingeLoss: beta", beta);
  return tf.tidy(() => {
    const h = pairMargin(
      "hingeLoss",
      policyChosen,
      policyRejected,
      referenceChosen,
      referenceRejected,
    ); // [B]
    return tf.mean(tf.relu(tf.sub(1, tf.mul(beta, h))));
  });
}
