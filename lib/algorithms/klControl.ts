import { checkFinite, checkPositive } from "../core/checks";

/** How quickly β follows; what is left out has the value given here. */
export interface KlControlOptions {
  /** K_β > 0, the size of a correction. Default 0.1. */
  gain?: number;
  /** Bound on the relative error, > 0. Default 0.2. */
  bound?: number;
}

/**
 * Adaptive KL control: the price β of a nat, moved after every batch so that the KL divergence goes
 * to a target. A fixed β needs no function.
 *
 *   e = clip(KL/KL_target − 1, −bound, bound),   β ← β·(1 + K_β·e)
 *
 * Ziegler et al. 2019, section 2.2, arXiv:1909.08593: a proportional controller in log β. With
 * K_β = 0.1 and a bound of 0.2 a batch changes β by 2 % at most, so it overshoots when β starts far
 * from where it must go.
 *
 * @param beta   > 0
 * @param kl     the batch's KL(π‖π_ref), nats a reply; an estimate from samples may be negative
 * @param target > 0, nats a reply
 * @returns the β of the next batch
 */
export function adaptBeta(
  beta: number,
  kl: number,
  target: number,
  { gain = 0.1, bound = 0.2 }: KlControlOptions = {},
): number {
  checkPositive("adaptBeta: beta", beta);
  checkFinite("adaptBeta: kl", kl);
  checkPositive("adaptBeta: target", target);
  checkPositive("adaptBeta: gain", gain);
  checkPositive("adaptBeta: bound", bound);
  const error = Math.min(Math.max(kl / target - 1, -bound), bound);
  return beta * (1 + gain * error);
}
