/**
 * Identity preference optimisation: Azar et al. 2023, "A general theoretical paradigm to understand
 * learning from human preferences", arXiv:2310.12036.
 *
 * Where a pair is always labelled the same way, DPO's margin has no largest value and π_ref is forgotten.
 * IPO regresses the margin on a fixed number instead, and so optimises the probability to be preferred
 * itself, not the Bradley–Terry reward behind it.
 */
import { checkAllFinite, checkLength } from "../core/checks";
import { expectation, tiltedPolicy } from "../environments/exactPolicy";
import { type Tensor, tf } from "../tensor";
import { checkCoefficient, type Coefficient, type MarginLoss, pairMargin } from "./pairMargin";

/**
 * IPO loss, averaged over the batch.
 *
 *   L = E (h − 1/(2β))²,   h as in `pairMargin`
 *
 * Azar et al. 2023, Eq. 17, where β is called τ. Log-probabilities are summed over the tokens here; some
 * programs take their mean (one then divides them before calling).
 *
 * @param policyChosen      [B] log π_θ(y_w|x) in nats
 * @param policyRejected    [B] log π_θ(y_l|x)
 * @param referenceChosen   [B] log π_ref(y_w|x)
 * @param referenceRejected [B] log π_ref(y_l|x)
 * @param beta              τ > 0; each margin is drawn to 1/(2β)
 * @returns scalar, nats²; differentiable, caller disposes
 * @throws ShapeError when the four vectors differ in length
 */
export function ipoLoss(
  policyChosen: Tensor,
  policyRejected: Tensor,
  referenceChosen: Tensor,
  referenceRejected: Tensor,
  beta: Coefficient,
): Tensor {
  checkCoefficient("ipoLoss: beta", beta);
  return tf.tidy(() => {
    const h = pairMargin(
      "ipoLoss",
      policyChosen,
      policyRejected,
      referenceChosen,
      referenceRejected,
    ); // [B]
    return tf.mean(tf.square(tf.sub(h, tf.div(0.5, beta))));
  });
}

/** IPO's loss of one pair by its margin: ℓ(h) = (h − 1/(2β))². */
export function ipoOfMargin(beta: number): MarginLoss {
  checkCoefficient("ipoOfMargin: beta", beta);
  const target = 1 / (2 * beta);
  return { value: (h) => (h - target) ** 2, slope: (h) => 2 * (h - target), curvature: () => 2 };
}

/**
 * The policy that IPO strives for when both replies of every pair are drawn from the reference:
 *
 *   π(y) ∝ π_ref(y)·exp(E_{y′~π_ref} P(y ≻ y′) / β)
 *
 * Azar et al. 2023, section 4, with μ = π_ref. DPO's optimum tilts by the reward, this one by the chance to win.
 *
 * @param logpReference [Y] log π_ref(y), nats
 * @param preference    [Y][Y] P(y ≻ y′)
 * @returns [Y] log π(y), nats
 */
export function ipoOptimum(
  logpReference: ArrayLike<number>,
  preference: readonly ArrayLike<number>[],
  beta: number,
): Float64Array {
  checkLength("ipoOptimum: preference", preference, logpReference.length);
  const wins = preference.map((row) => expectation(logpReference, row));
  checkAllFinite("ipoOptimum: preference", wins);
  return tiltedPolicy(logpReference, wins, beta);
}
