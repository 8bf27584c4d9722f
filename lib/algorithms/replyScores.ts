/** Between the exact tables of the reply language and a run of `Rlhf`, which speaks in tokens. */
import { checkInteger, checkLength, ShapeError } from "../core/checks";
import { expectation } from "../environments/exactPolicy";
import { orders, replyIndex, replyLength } from "../environments/replyLanguage";
import { orderLength } from "./replyPolicy";

/**
 * Prompts for a batch: the six orders in turn.
 *
 * @returns [count][2]
 */
export function replyPrompts(count: number): number[][] {
  checkInteger("replyPrompts: count", count, 1);
  return Array.from({ length: count }, (_, i) => {
    const { first, second } = orders[i % orders.length];
    return [first, second];
  });
}

/**
 * The reward of each sequence, looked up in a reward's table.
 *
 * @param tables [6][32768] reward of every reply to every order, in the orders of `orders` and `replyOf`
 * @param tokens [B][7] order and reply
 * @returns [B]
 */
export function replyScores(
  tables: readonly ArrayLike<number>[],
  tokens: readonly (readonly number[])[],
): Float64Array {
  checkLength("replyScores: tables", tables, orders.length);
  return Float64Array.from(tokens, (sequence, b) => {
    checkLength(`replyScores: tokens[${b}]`, sequence, orderLength + replyLength);
    const order = orders.findIndex(
      ({ first, second }) => first === sequence[0] && second === sequence[1],
    );
    if (order === -1) {
      throw new ShapeError(
        `replyScores: tokens[${b}] begins with ${sequence.slice(0, orderLength).join(", ")}, which is no order.`,
      );
    }
    return tables[order][replyIndex(sequence.slice(orderLength))];
  });
}

/**
 * A reward moved so that the reference earns 0 for each order. Comparisons leave the zero open (lesson
 * 03), and a policy's gradient does not depend on it; centred, rewards of different judges can be drawn
 * on one axis. Stiennon et al. 2020, arXiv:2009.01325, section 3.4, does the same.
 *
 * @param rewards       [6][32768]
 * @param logpReference [6][32768] nats
 */
export function centredRewards(
  rewards: readonly ArrayLike<number>[],
  logpReference: readonly ArrayLike<number>[],
): Float64Array[] {
  checkLength("centredRewards: logpReference", logpReference, rewards.length);
  return rewards.map((table, x) => {
    const middle = expectation(logpReference[x], table);
    return Float64Array.from(table, (reward) => reward - middle);
  });
}
