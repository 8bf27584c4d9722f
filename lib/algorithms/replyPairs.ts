/** Pairs of replies with a verdict, read from people's labels and made into batches. */
import { checkInteger } from "../core/checks";
import type { Rng } from "../core/rng";
import type { ReplyPair } from "../environments/replyComparisons";
import { orders, orderText, replyIndex, replyWords } from "../environments/replyLanguage";
import type { Comparison } from "../preference/comparison";
import { type Tensor, tf } from "../tensor";
import { replyTokens } from "./replyPolicy";

/**
 * People's labels as pairs. Ties and "cannot tell" say nothing about which is better and are left out.
 *
 * @param comparisons with `prompt` as `orderText` writes it and replies as `replyText` does
 * @throws RangeError when a text is no order or no reply of the language
 */
export function replyPairsFrom(comparisons: readonly Comparison<string>[]): ReplyPair[] {
  return comparisons.flatMap(({ prompt = "", first, second, preference }) => {
    if (typeof preference !== "number" || preference === 0.5) return [];
    const [one, other] = [parseReply(first), parseReply(second)];
    const [chosen, rejected] = preference > 0.5 ? [one, other] : [other, one];
    return [{ order: parseOrder(prompt), chosen, rejected }];
  });
}

/**
 * The place in `orders` of an order's text.
 *
 * @throws RangeError when it is none
 */
export function parseOrder(text: string): number {
  const order = orders.findIndex((one) => orderText(one) === text);
  if (order >= 0) return order;
  throw new RangeError(
    `parseOrder: "${text}" is no order. An order reads like "${orderText(orders[0])}".`,
  );
}

/**
 * The number of a reply's text; `replyText(replyOf(number))` undoes it.
 *
 * @throws RangeError when a word is none of the language, or there are not five
 */
export function parseReply(text: string): number {
  const words = text.split(" ").map((said) => {
    const word = replyWords.findIndex((known) => known === said);
    if (word >= 0) return word;
    throw new RangeError(`parseReply: "${said}" in "${text}" is no word of the language.`);
  });
  return replyIndex(words);
}

/** A batch of pairs as a preference loss wants it. */
export type PairBatch = {
  /** [2B, 7] int32: all chosen replies with their orders, then all rejected ones */
  tokens: Tensor;
  /** [2B] log π_ref of them, nats */
  reference: Tensor;
};

/**
 * Some pairs as tensors, with their log-probabilities under the reference read from its exact table.
 *
 * @param logpReference [6][32768]
 * @returns tensors, caller disposes
 */
export function pairBatch(
  pairs: readonly ReplyPair[],
  logpReference: readonly ArrayLike<number>[],
): PairBatch {
  const replies = [
    ...pairs.map(({ order, chosen }) => [order, chosen]),
    ...pairs.map(({ order, rejected }) => [order, rejected]),
  ];
  const tokens = replies.map(([order, reply]) => replyTokens(order, reply));
  const reference = replies.map(([order, reply]) => logpReference[order][reply]);
  return { tokens: tf.tensor2d(tokens, undefined, "int32"), reference: tf.tensor1d(reference) };
}

/**
 * A batch for KTO: as `pairBatch`, and below it each pair's order with the chosen reply of the next pair, by
 * which `ktoReferencePoint` guesses how far the policy has moved.
 *
 * @returns tokens [3B, 7] and reference [3B], caller disposes
 */
export function ktoBatch(
  pairs: readonly ReplyPair[],
  logpReference: readonly ArrayLike<number>[],
): PairBatch {
  const moved = pairs.map(({ order }, i) => [order, pairs[(i + 1) % pairs.length].chosen]);
  const mismatched = moved.map(([order, reply]) => replyTokens(order, reply));
  return tf.tidy(() => {
    const { tokens, reference } = pairBatch(pairs, logpReference);
    const known = moved.map(([order, reply]) => logpReference[order][reply]);
    return {
      tokens: tf.concat([tokens, tf.tensor2d(mismatched, undefined, "int32")]),
      reference: tf.concat([reference, tf.tensor1d(known)]),
    };
  });
}

/** B pairs drawn with replacement. */
export function drawBatch<T>(items: readonly T[], size: number, rng: Rng): T[] {
  checkInteger("drawBatch: size", size, 1);
  checkInteger("drawBatch: number of items", items.length, 1);
  return Array.from({ length: size }, () => items[rng.integer(items.length)]);
}
