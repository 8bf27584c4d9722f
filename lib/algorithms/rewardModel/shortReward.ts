/**
 * Linear rewards of replies that may be short: how a liking for length gets into a reward model, and how it is
 * taken out again.
 */
import { checkInteger, checkLength } from "../../core/checks";
import type { ReplyFeatures } from "../../environments/replyFeatures";
import type { ReplyPair } from "../../environments/replyComparisons";
import { orders } from "../../environments/replyLanguage";
import { shortReplyCount, shortReplyOf } from "../../environments/shortReplies";
import { fitLinearReward, linearRewards } from "./linearReward";

/**
 * Features with one more, the last: the number of words. Fitted together, the words' worth and the liking for
 * length come apart, and the second can be set to 0: the idea of the length-controlled win rate, Dubois et al.
 * 2024, arXiv:2404.04475.
 */
export function withLength(features: ReplyFeatures): ReplyFeatures {
  return {
    name: `${features.name} and length`,
    names: [...features.names, "length"],
    of: (order, reply) => [...features.of(order, reply), reply.length],
  };
}

/**
 * Weights of a linear reward, fitted to comparisons of short replies as `fitLinearReward` does.
 *
 * @param features any that can be read off a reply of fewer than five words: `bagOfCounts`, `trueFeatures`, …
 * @returns [F] nats
 */
export function fitShortReplyReward(
  features: ReplyFeatures,
  pairs: readonly ReplyPair[],
  options: { ridge?: number } = {},
): Float64Array {
  const width = features.names.length;
  const differences = new Float64Array(pairs.length * width);
  pairs.forEach(({ order, chosen, rejected }, i) => {
    const won = features.of(orders[order], shortReplyOf(chosen));
    const lost = features.of(orders[order], shortReplyOf(rejected));
    for (let f = 0; f < width; f++) differences[i * width + f] = won[f] - lost[f];
  });
  return fitLinearReward(differences, width, options);
}

const known = new WeakMap<ReplyFeatures, Map<number, Float64Array>>();

/**
 * w·φ(x, y) of every short reply to one order.
 *
 * @param order 0 … 5, place in `orders`; the world is the same for each but for the items' names
 * @returns [37449]
 */
export function shortRewardTable(
  features: ReplyFeatures,
  weights: ArrayLike<number>,
  order: number,
): Float64Array {
  checkInteger("shortRewardTable: order", order, 0, orders.length - 1);
  checkLength("shortRewardTable: weights", weights, features.names.length);
  return linearRewards(featureTable(features, order), weights);
}

/** [37449·F], worked out once. */
function featureTable(features: ReplyFeatures, order: number): Float64Array {
  const tables = known.get(features) ?? new Map<number, Float64Array>();
  known.set(features, tables);
  const found = tables.get(order);
  if (found) return found;
  const F = features.names.length;
  const table = new Float64Array(shortReplyCount * F);
  for (let y = 0; y < shortReplyCount; y++)
    table.set(features.of(orders[order], shortReplyOf(y)), y * F);
  tables.set(order, table);
  return table;
}
