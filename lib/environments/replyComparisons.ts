/** Verdicts on replies: pairs drawn from a policy, and which of the two a simulated annotator prefers. */
import { checkInteger, checkNotEmpty, checkPositive, checkRange, checkSameLength } from "../core/checks"; // prettier-ignore
import type { Rng } from "../core/rng";
import { sigmoid } from "../core/statistics";
import { tableSampler } from "./exactPolicy";

/** One comparison of two replies to one order, by their numbers. */
export interface ReplyPair {
  /** 0 … 5, place in `orders` */
  order: number;
  /** the number of the reply that was preferred, as `replyOf` or, where replies may be short, `shortReplyOf` counts */
  chosen: number;
  rejected: number;
}

/** How simulated annotators answer. */
export interface AnnotatorOptions {
  /** τ > 0 of σ(Δr/τ). Default 1. */
  temperature?: number;
  /** ε, share of answers given the wrong way round, in [0, ½]. Default 0. */
  flips?: number;
}

/**
 * Pairs of different replies drawn from a policy, each judged once:
 * P(y preferred to y′) = ε + (1−2ε)·σ((r(y) − r(y′))/τ).
 *
 * @param logp    [X][Y] the policy from which both replies are drawn, mostly π_ref, order by order
 * @param rewards [X][Y] what the annotators go by, mostly `goldTables()` or `shortGoldTables()`; add λ·|y| for
 *   annotators who like length for its own sake
 * @param count   number of pairs; orders are drawn at random
 */
export function drawReplyPairs(
  logp: readonly ArrayLike<number>[],
  rewards: readonly ArrayLike<number>[],
  count: number,
  rng: Rng,
  { temperature = 1, flips = 0 }: AnnotatorOptions = {},
): ReplyPair[] {
  checkNotEmpty("drawReplyPairs: logp", logp);
  checkSameLength("drawReplyPairs", { logp, rewards });
  logp.forEach((table, x) => checkSameLength(`drawReplyPairs: order ${x}`, { logp: table, rewards: rewards[x] })); // prettier-ignore
  checkInteger("drawReplyPairs: count", count, 1);
  checkPositive("drawReplyPairs: temperature", temperature);
  checkRange("drawReplyPairs: flips", flips, 0, 0.5);
  const draws = logp.map((table) => tableSampler(table));
  return Array.from({ length: count }, () => {
    const order = rng.integer(logp.length);
    const first = draws[order](rng);
    let second = draws[order](rng);
    while (second === first) second = draws[order](rng);
    const difference = rewards[order][first] - rewards[order][second];
    const preferred = rng.bernoulli(flips + (1 - 2 * flips) * sigmoid(difference / temperature));
    const [chosen, rejected] = preferred ? [first, second] : [second, first];
    return { order, chosen, rejected };
  });
}
