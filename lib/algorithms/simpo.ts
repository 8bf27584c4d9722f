/**
 * Simple preference optimisation: Meng, Xia & Chen 2024, "SimPO: simple preference optimization with a
 * reference-free reward", arXiv:2405.14734. The reward is the mean log-probability of a token, which
 * is what generation goes by, and there is no reference: nothing holds the policy back but the number of steps.
 */
import { checkRange } from "../core/checks";
import { logSigmoid, type Tensor, tf } from "../tensor";
import { checkCoefficient, checkVectors, type Coefficient } from "./pairMargin";

/**
 * SimPO loss, averaged over the batch.
 *
 *   L = −E log σ( β/|y_w|·log π_θ(y_w|x) − β/|y_l|·log π_θ(y_l|x) − γ )
 *
 * Meng et al. 2024, Eq. 6.
 *
 * @param policyChosen   [B] log π_θ(y_w|x) in nats, summed over the tokens of the reply
 * @param policyRejected [B] log π_θ(y_l|x)
 * @param chosenLength   [B] |y_w|, tokens of the reply
 * @param rejectedLength [B] |y_l|
 * @param beta           > 0; the paper uses 2 to 10
 * @param gamma          γ ≥ 0, the margin by which the chosen reply should win
 * @returns scalar, nats; differentiable, caller disposes
 * @throws ShapeError when the four vectors differ in length
 */
export function simpoLoss(
  policyChosen: Tensor,
  policyRejected: Tensor,
  chosenLength: Tensor,
  rejectedLength: Tensor,
  beta: Coefficient,
  gamma: number,
): Tensor {
  checkCoefficient("simpoLoss: beta", beta);
  checkRange("simpoLoss: gamma", gamma, 0, Number.MAX_VALUE);
  checkVectors("simpoLoss", { policyChosen, policyRejected, chosenLength, rejectedLength });
  return tf.tidy(() => {
    const chosen = tf.div(policyChosen, chosenLength); // [B] nats a token
    const rejected = tf.div(policyRejected, rejectedLength);
    return tf.neg(tf.mean(logSigmoid(tf.sub(tf.mul(beta, tf.sub(chosen, rejected)), gamma))));
  });
}
