/**
 * Kahneman–Tversky optimisation: Ethayarajh et al. 2024, "KTO: model alignment as prospect theoretic
 * optimization", arXiv:2402.01306. It needs no pairs: each reply is only called desirable or not. Gains
 * and losses are measured from a reference point and saturate, as in prospect theory (lesson 01).
 */
import { checkPositive } from "../core/checks";
import { type Tensor, tf } from "../tensor";
import { checkCoefficient, checkVectors, type Coefficient } from "./pairMargin";

/** How much desirable and undesirable replies count, λ_D and λ_U. */
export interface KtoWeights {
  /** λ_D > 0. Default 1. */
  desirableWeight?: number;
  /** λ_U > 0. Default 1. */
  undesirableWeight?: number;
}

/**
 * KTO loss, averaged over all replies of the batch.
 *
 *   L = E[λ_D·(1 − σ(β(r − z)))] over desirable,  E[λ_U·(1 − σ(β(z − r)))] over undesirable replies,
 *   r = log π_θ(y|x)/π_ref(y|x)
 *
 * Ethayarajh et al. 2024, section 4.1. Desirable and undesirable replies need not belong together, nor be equally
 * many.
 *
 * @param policyDesirable      [D] log π_θ(y|x) in nats, summed over the tokens of the reply
 * @param policyUndesirable    [U]
 * @param referenceDesirable   [D] log π_ref(y|x)
 * @param referenceUndesirable [U]
 * @param referencePoint       z ≥ 0, from `ktoReferencePoint`; no gradient flows through it: compute it
 *   outside the function that is differentiated
 * @param beta                 > 0
 * @returns scalar in [0, max(λ_D, λ_U)]; differentiable, caller disposes
 * @throws ShapeError when a policy's vector differs in length from its reference's
 */
export function ktoLoss(
  policyDesirable: Tensor,
  policyUndesirable: Tensor,
  referenceDesirable: Tensor,
  referenceUndesirable: Tensor,
  referencePoint: Coefficient,
  beta: Coefficient,
  { desirableWeight = 1, undesirableWeight = 1 }: KtoWeights = {},
): Tensor {
  checkCoefficient("ktoLoss: beta", beta);
  checkPositive("ktoLoss: desirableWeight", desirableWeight);
  checkPositive("ktoLoss: undesirableWeight", undesirableWeight);
  checkVectors("ktoLoss", { policyDesirable, referenceDesirable });
  checkVectors("ktoLoss", { policyUndesirable, referenceUndesirable });
  return tf.tidy(() => {
    const gain = tf.sub(tf.sub(policyDesirable, referenceDesirable), referencePoint); // [D]
    const loss = tf.sub(referencePoint, tf.sub(policyUndesirable, referenceUndesirable)); // [U]
    const desirable = tf.mul(desirableWeight, tf.sub(1, tf.sigmoid(tf.mul(beta, gain))));
    const undesirable = tf.mul(undesirableWeight, tf.sub(1, tf.sigmoid(tf.mul(beta, loss))));
    return tf.mean(tf.concat([desirable, undesirable]));
  });
}

/**
 * Where gains end and losses begin: an estimate of KL(π_θ‖π_ref) that is never below 0.
 *
 *   z = max(0, mean log π_θ(y′|x)/π_ref(y′|x)),   y′ a reply to another prompt of the batch
 *
 * Ethayarajh et al. 2024, section 4.1. It is a biased and cheap estimate: the replies come from the data and not
 * from the policy.
 *
 * @param policyMismatched    [B] log π_θ(y′|x) of replies moved on by one prompt
 * @param referenceMismatched [B] log π_ref(y′|x)
 * @returns scalar, nats; caller disposes
 */
export function ktoReferencePoint(policyMismatched: Tensor, referenceMismatched: Tensor): Tensor {
  checkVectors("ktoReferencePoint", { policyMismatched, referenceMismatched });
  return tf.tidy(() => tf.relu(tf.mean(tf.sub(policyMismatched, referenceMismatched))));
}
