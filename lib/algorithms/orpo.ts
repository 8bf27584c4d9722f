/**
 * Odds ratio preference optimisation: Hong, Lee & Thorne 2024, "ORPO: monolithic preference optimization
 * without reference model", arXiv:2403.07691. Imitation of the chosen reply and a preference in one
 * step, without a reference: what an SFT run does, and a push against the rejected reply.
 */
import { logSigmoid, type Tensor, tf } from "../tensor";
import { checkCoefficient, checkVectors, type Coefficient } from "./pairMargin";

/**
 * ORPO loss, averaged over the batch.
 *
 *   L = −E log p(y_w|x) − λ·E log σ( log odds(y_w|x) − log odds(y_l|x) ),   odds = p/(1−p),
 *   log p(y|x) = (1/|y|)·log π_θ(y|x)
 *
 * Hong et al. 2024, Eq. 6 and 7, with the mean log-probability of a token as there.
 *
 * @param policyChosen   [B] log π_θ(y_w|x) in nats, summed over the tokens of the reply
 * @param policyRejected [B] log π_θ(y_l|x)
 * @param chosenLength   [B] |y_w|, tokens of the reply
 * @param rejectedLength [B] |y_l|
 * @param lambda         λ > 0; the paper uses 0.1 to 1
 * @returns scalar, nats; differentiable, caller disposes
 * @throws ShapeError when the four vectors differ in length
 */
export function orpoLoss(
  policyChosen: Tensor,
  policyRejected: Tensor,
  chosenLength: Tensor,
  rejectedLength: Tensor,
  lambda: Coefficient,
): Tensor {
  checkCoefficient("orpoLoss: lambda", lambda);
  checkVectors("orpoLoss", { policyChosen, policyRejected, chosenLength, rejectedLength });
  return tf.tidy(() => {
    const chosen = tf.div(policyChosen, chosenLength); // [B] nats a token
    const rejected = tf.div(policyRejected, rejectedLength);
    const preference = logSigmoid(tf.sub(logOdds(chosen), logOdds(rejected)));
    return tf.neg(tf.add(tf.mean(chosen), tf.mul(lambda, tf.mean(preference))));
  });
}

/** log p/(1−p) from log p; 1−p by expm1, which keeps its digits where p is near 1. */
function logOdds(logp: Tensor): Tensor {
  return tf.sub(logp, tf.log(tf.neg(tf.expm1(logp))));
}
