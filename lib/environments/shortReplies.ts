/**
 * The reply language with an end: a reply may stop after 0, 1, … 5 words, so that there is something to be long
 * or short. 37,449 replies to each order, worth what `goldReward` says. In this world length and quality have
 * next to nothing to do with each other; whoever learns that longer is better learned it from annotators.
 */
import { checkInteger } from "../core/checks";
import {
  demonstratorProbabilities,
  goldRewardOfWords,
  type Order,
  orders,
  replyLength,
  type Word,
} from "./replyLanguage";

/** Probability that the demonstrator stops before word 1 … 5, having come so far. */
const stops = [0.02, 0.08, 0.15, 0.25, 0.35] as const;

/** Number of replies of fewer than n words: (8ⁿ − 1)/7. */
const shorterThan = (n: number): number => (8 ** n - 1) / 7;

/** Number of replies of 0 to 5 words. */
export const shortReplyCount = shorterThan(replyLength + 1);

/** The words of the reply with a number in [0, 37449): the shorter come first, then as `replyOf` counts. */
export function shortReplyOf(index: number): Word[] {
  checkInteger("shortReplyOf: index", index, 0, shortReplyCount - 1);
  let length = 0;
  while (index >= shorterThan(length + 1)) length += 1;
  const digits = index - shorterThan(length);
  return Array.from({ length }, (_, slot) => (digits >> (3 * (length - 1 - slot))) & 7);
}

/** The number of words of every reply, [37449]. */
export function shortReplyLengths(): Float64Array {
  return Float64Array.from({ length: shortReplyCount }, (_, y) => shortReplyOf(y).length);
}

/** The gold reward of every reply to each order, [6][37449]. */
export function shortGoldTables(): Float64Array[] {
  return orders.map((order) =>
    Float64Array.from({ length: shortReplyCount }, (_, y) =>
      goldRewardOfWords(order, shortReplyOf(y)),
    ),
  );
}

/**
 * log-probability of every reply under a demonstrator who draws words as the one of `demonstrate` does and may
 * stop before each: a reference policy that is a formula.
 *
 * @returns [37449] nats; their exponentials sum to 1
 */
export function shortDemonstratorLogProbabilities(order: Order): Float64Array {
  const words = demonstratorProbabilities(order).map((slot) => slot.map(Math.log));
  return Float64Array.from({ length: shortReplyCount }, (_, y) => {
    const reply = shortReplyOf(y);
    let logp = reply.length < replyLength ? Math.log(stops[reply.length]) : 0;
    for (let slot = 0; slot < reply.length; slot++)
      logp += Math.log(1 - stops[slot]) + words[slot][reply[slot]];
    return logp;
  });
}
