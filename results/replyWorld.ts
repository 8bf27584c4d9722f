import {
  drawReplyPairs,
  ExactReplies,
  goldTables,
  replyReference,
  Rng,
  type ReplyPair,
} from "../lib/index";

/** π_ref and the gold reward of the reply language, and 20,000 verdicts on which every judge is marked. */
export interface ReplyWorld {
  reference: Float64Array[];
  gold: Float64Array[];
  fresh: ReplyPair[];
  /** [20000] gold(chosen) − gold(rejected) */
  differences: number[];
}

let world: ReplyWorld | undefined;

/** The same for all seeds, so read once. */
export function replyWorld(): ReplyWorld {
  if (world) return world;
  const model = replyReference();
  const exact = new ExactReplies(model);
  const reference = exact.logProbabilities();
  exact.dispose();
  model.dispose();
  const gold = goldTables();
  const fresh = drawReplyPairs(reference, gold, 20000, new Rng("held out"));
  world = { reference, gold, fresh, differences: pairDifferences(gold, fresh) };
  return world;
}

/** r(chosen) − r(rejected) of each pair. */
export const pairDifferences = (
  rewards: readonly ArrayLike<number>[],
  pairs: readonly ReplyPair[],
): number[] =>
  pairs.map(({ order, chosen, rejected }) => rewards[order][chosen] - rewards[order][rejected]);
