/**
 * Direct preference optimisation: Rafailov et al. 2023, "Direct preference optimization: your language
 * model is secretly a reward model", arXiv:2305.18290.
 *
 * The policy that is best for a reward r under a KL penalty is π* ∝ π_ref·exp(r/β) (Eq. 4). Read
 * backwards, every policy is best for some reward, r = β·log π/π_ref + a number that depends on the
 * prompt alone (Eq. 5). Bradley–Terry looks only at differences of rewards of one prompt, so the
 * number drops out, and the likelihood of preferences becomes a loss for the policy itself.
 */
import { logSigmoid as logSigmoidOf, sigmoid } from "../core/statistics";
import { logSigmoid, type Tensor, tf } from "../tensor";
import {
  checkCoefficient,
  checkVectors,
  type Coefficient,
  type MarginLoss,
  pairMargin,
} from "./pairMargin";

/**
 * Direct preference optimisation loss, averaged over the batch.
 *
 *   L = −E log σ( β·[log π_θ(y_w|x)/π_ref(y_w|x) − log π_θ(y_l|x)/π_ref(y_l|x)] )
 *
 * Rafailov et al. 2023, Eq. 7, arXiv:2305.18290. At π_θ = π_ref it is ln 2, whatever β.
 *
 * @param policyChosen      [B] log π_θ(y_w|x) in nats, summed over the tokens of the reply
 * @param policyRejected    [B] log π_θ(y_l|x)
 * @param referenceChosen   [B] log π_ref(y_w|x)
 * @param referenceRejected [B] log π_ref(y_l|x)
 * @param beta              > 0; a larger value holds the policy nearer the reference
 * @returns scalar, nats; differentiable, caller disposes
 * @throws ShapeError when the four vectors differ in length, RangeError when beta is not above 0
 */
export function dpoLoss(
  policyChosen: Tensor,
  policyRejected: Tensor,
  referenceChosen: Tensor,
  referenceRejected: Tensor,
  beta: Coefficient,
): Tensor {
  checkCoefficient("dpoLoss: beta", beta);
  return tf.tidy(() => {
    const h = pairMargin(
      "dpoLoss",
      policyChosen,
      policyRejected,
      referenceChosen,
      referenceRejected,
    ); // [B]
    return tf.neg(tf.mean(logSigmoid(tf.mul(beta, h))));
  });
}

/**
 * The reward by which a policy is optimal, up to a number that depends on the prompt alone:
 *
 *   r̂(x, y) = β·log π_θ(y|x)/π_ref(y|x)
 *
 * Rafailov et al. 2023, section 4. Its curves for chosen and rejected replies are what one watches in training.
 *
 * @param policy    [B] log π_θ(y|x), nats
 * @param reference [B] log π_ref(y|x)
 * @returns [B], caller disposes
 */
export function implicitReward(policy: Tensor, reference: Tensor, beta: Coefficient): Tensor {
  checkCoefficient("implicitReward: beta", beta);
  checkVectors("implicitReward", { policy, reference });
  return tf.tidy(() => tf.mul(beta, tf.sub(policy, reference)));
}

/** DPO's loss of one pair by its margin: ℓ(h) = −log σ(βh). */
export function dpoOfMargin(beta: number): MarginLoss {
  checkCoefficient("dpoOfMargin: beta", beta);
  return {
    value: (h) => -logSigmoidOf(beta * h),
    slope: (h) => -beta * sigmoid(-beta * h),
    curvature: (h) => beta * beta * sigmoid(beta * h) * sigmoid(-beta * h),
  };
}
