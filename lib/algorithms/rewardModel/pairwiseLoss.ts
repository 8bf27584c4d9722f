/**
 * The losses of reward models: Bradley–Terry's likelihood with a network in the place of a table of
 * strengths. Each is a function of the rewards alone; whatever computes these is trained through them.
 */
import { checkRange, ShapeError } from "../../core/checks";
import { logSigmoid, type Tensor, tf } from "../../tensor";
import { checkVectors } from "../pairMargin";

/**
 * Loss of comparisons of two replies to one prompt, averaged over the batch.
 *
 *   L = −E log σ( r(x, y_w) − r(x, y_l) )
 *
 * Ouyang et al. 2022, Eq. 1 with K = 2, arXiv:2203.02155; before them Christiano et al. 2017 and Stiennon et al.
 * 2020. ln 2 when the rewards are equal. A number added to both rewards changes nothing.
 *
 * @param chosen   [B] r(x, y_w)
 * @param rejected [B] r(x, y_l)
 * @returns scalar, nats; differentiable, caller disposes
 * @throws ShapeError when the two are not vectors of one length
 */
export function pairwiseRewardLoss(chosen: Tensor, rejected: Tensor): Tensor {
  checkVectors("pairwiseRewardLoss", { chosen, rejected });
  return tf.tidy(() => tf.neg(tf.mean(logSigmoid(tf.sub(chosen, rejected)))));
}

/**
 * The same where people also said by how much: a clear preference must show as a clear difference.
 *
 *   L = −E log σ( r(x, y_w) − r(x, y_l) − m )
 *
 * Touvron et al. 2023 (Llama 2), Eq. 2, arXiv:2307.09288: m from 0 ("about the same") to 1, or 3 in the larger
 * of their two variants ("significantly better").
 *
 * @param margins [B] m ≥ 0, in the unit of the rewards (nats)
 * @returns scalar, nats; differentiable, caller disposes
 */
export function marginRewardLoss(chosen: Tensor, rejected: Tensor, margins: Tensor): Tensor {
  checkVectors("marginRewardLoss", { chosen, rejected, margins });
  return tf.tidy(() => {
    const difference = tf.sub(tf.sub(chosen, rejected), margins);
    return tf.neg(tf.mean(logSigmoid(difference)));
  });
}

/**
 * What keeps the zero of a reward model in its place: comparisons do not, and it drifts.
 *
 *   c·E ( r(x, y_w) + r(x, y_l) )²
 *
 * Eisenstein et al. 2023, Eq. 2, arXiv:2312.09244, add it to the pairwise loss with c = 0.01. It asks the two
 * rewards of a pair to lie on either side of 0, and leaves their difference alone.
 *
 * @param weight c ≥ 0
 * @returns scalar; differentiable, caller disposes
 */
export function centringPenalty(chosen: Tensor, rejected: Tensor, weight: number): Tensor {
  checkVectors("centringPenalty", { chosen, rejected });
  checkRange("centringPenalty: weight", weight, 0, Number.MAX_VALUE);
  return tf.tidy(() => tf.mul(weight, tf.mean(tf.square(tf.add(chosen, rejected)))));
}

/**
 * Loss of whole rankings of K replies to one prompt: all K·(K−1)/2 pairs of a ranking as one term.
 *
 *   L = −1/C(K,2) · E Σ_{i before j} log σ( r(x, y_i) − r(x, y_j) )
 *
 * Ouyang et al. 2022, Eq. 1, arXiv:2203.02155. The pairs of one ranking are not independent: treated as
 * such they count each prompt C(K,2) times, and their model overfitted in one epoch.
 *
 * @param rewards [B, K] of the replies to each prompt, the best-liked first
 * @returns scalar, nats; differentiable, caller disposes
 * @throws ShapeError when there are not at least two replies a prompt
 */
export function kWiseRewardLoss(rewards: Tensor): Tensor {
  const [, K = 0] = rewards.shape;
  if (rewards.rank !== 2 || K < 2) {
    throw new ShapeError(
      `kWiseRewardLoss: rewards must be [B, K] with K ≥ 2, got [${rewards.shape.join(", ")}].`,
    );
  }
  return tf.tidy(() => {
    const columns = tf.unstack(rewards, 1); // K of [B]
    const terms = columns.flatMap((better, i) =>
      columns.slice(i + 1).map((worse) => tf.mean(logSigmoid(tf.sub(better, worse)))),
    );
    return tf.neg(tf.mean(tf.stack(terms)));
  });
}
