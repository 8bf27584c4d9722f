/**
 * PPO's two losses on the tokens of replies, differentiable: Schulman et al. 2017, Eq. 7,
 * arXiv:1707.06347. The same as in `ppo`, for networks on the engine, and blind to prompt and padding.
 */
import { checkPositive, ShapeError } from "../core/checks";
import { type Tensor, tf } from "../tensor";

/**
 * PPO's clipped surrogate loss, averaged over the tokens that count.
 *
 *   L = −E_mask min( ρ·Â, clip(ρ, 1−ε, 1+ε)·Â ),   ρ = π_θ(y_t|…)/π_old(y_t|…)
 *
 * @param logp       [B, T] log π_θ, nats
 * @param logpOld    [B, T] of the policy that wrote the tokens
 * @param advantages [B, T] Â
 * @param mask       [B, T] 1 for tokens of the replies
 * @param clip       ε > 0; Infinity for no clip
 * @returns scalar, caller disposes
 */
export function tokenPolicyLoss(
  logp: Tensor,
  logpOld: Tensor,
  advantages: Tensor,
  mask: Tensor,
  clip: number,
): Tensor {
  checkShapes("tokenPolicyLoss", { logp, logpOld, advantages, mask });
  if (clip !== Infinity) checkPositive("tokenPolicyLoss: clip", clip);
  return tf.tidy(() => {
    const ratio = tf.exp(tf.mul(tf.sub(logp, logpOld), mask)); // 1 outside, whatever stands there
    const free = tf.mul(ratio, advantages);
    if (clip === Infinity) return tf.neg(maskedMean(free, mask));
    const held = tf.mul(tf.clipByValue(ratio, 1 - clip, 1 + clip), advantages);
    return tf.neg(maskedMean(tf.minimum(free, held), mask));
  });
}

/**
 * The critic's loss, half the mean squared error over the tokens that count, in its clipped form: no
 * gradient for what has already moved by more than ε from the old value.
 *
 *   L = ½ E_mask max( (V − R)², (V_old + clip(V − V_old, −ε, ε) − R)² )
 *
 * @param values    [B, T] V
 * @param valuesOld [B, T] V when the replies were written
 * @param returns   [B, T] R = Â + V_old
 * @param mask      [B, T] 1 for tokens of the replies
 * @param clip      ε > 0, in the unit of the rewards; Infinity for the plain loss
 * @returns scalar, caller disposes
 */
export function tokenValueLoss(
  values: Tensor,
  valuesOld: Tensor,
  returns: Tensor,
  mask: Tensor,
  clip = Infinity,
): Tensor {
  checkShapes("tokenValueLoss", { values, valuesOld, returns, mask });
  if (clip !== Infinity) checkPositive("tokenValueLoss: clip", clip);
  return tf.tidy(() => {
    const free = tf.square(tf.sub(values, returns));
    if (clip === Infinity) return tf.mul(0.5, maskedMean(free, mask));
    const move = tf.clipByValue(tf.sub(values, valuesOld), -clip, clip);
    const held = tf.square(tf.sub(tf.add(valuesOld, move), returns));
    return tf.mul(0.5, maskedMean(tf.maximum(free, held), mask));
  });
}

/**
 * Mean over the entries with mask 1.
 *
 * @returns scalar, caller disposes
 */
export function maskedMean(x: Tensor, mask: Tensor): Tensor {
  return tf.tidy(() => tf.div(tf.sum(tf.mul(x, mask)), tf.sum(mask)));
}

/**
 * How far a policy has moved from the one that wrote the tokens.
 *
 * @param clip ε of the clipped surrogate
 * @returns scalars: KL(old‖new) by k3 in nats a token, and the share of tokens with |ρ − 1| > ε;
 *   caller disposes
 */
export function policyMovement(
  logp: Tensor,
  logpOld: Tensor,
  mask: Tensor,
  clip: number,
): [kl: Tensor, clipFraction: Tensor] {
  checkShapes("policyMovement", { logp, logpOld, mask });
  return tf.tidy(() => {
    const moved = tf.mul(tf.sub(logp, logpOld), mask);
    const outside = tf.greater(tf.abs(tf.expm1(moved)), clip);
    const k3 = tf.sub(tf.expm1(moved), moved);
    return [maskedMean(k3, mask), maskedMean(tf.cast(outside, "float32"), mask)];
  });
}

function checkShapes(where: string, tensors: Record<string, Tensor>): void {
  const shapes = Object.entries(tensors).map(([name, { shape }]) => [name, shape.join(", ")]);
  if (shapes.some(([, shape]) => shape !== shapes[0][1])) {
    const list = shapes.map(([name, shape]) => `${name} [${shape}]`).join(", ");
    throw new ShapeError(`${where}: all must have one shape [B, T], got ${list}.`);
  }
}
