import {
  bagOfCounts,
  bestOfNCurve,
  drawReplyPairs,
  ExactReplies,
  fitReplyReward,
  goldTables,
  replyReference,
  Rng,
} from "../lib/index";
import { summary, type Recipe } from "./recipe";

const sizes = [1, 4, 16, 64, 256, 1024];

/** π_ref and the gold reward: the same for all seeds, so read once. */
let world: { reference: Float64Array[]; gold: Float64Array[] } | undefined;
function readWorld(): { reference: Float64Array[]; gold: Float64Array[] } {
  const model = replyReference();
  const reference = new ExactReplies(model).logProbabilities();
  model.dispose();
  return { reference, gold: goldTables() };
}

export const recipe: Recipe = {
  title: "The gold reward of best-of-n rises and falls under a judge that counts words",
  about:
    "Reply language; a bag of counts fitted by Bradley–Terry to 1,000 labels, drawn anew for each seed. Exact gold reward of the best " +
    "of n by this judge; the best answer there is earns 5.5. The top of the curve is to lie at n = 16, at least 1 above n = 1,024.",
  seeds: { smoke: 2, quick: 20, full: 40 },
  run(seed) {
    world ??= readWorld();
    const pairs = drawReplyPairs(world.reference, world.gold, 1000, new Rng(seed));
    const { tables } = fitReplyReward(bagOfCounts, pairs);
    const curve = bestOfNCurve(world.reference, tables, world.gold, sizes);
    const golds = curve.map((point) => point.gold);
    const top = Math.max(...golds);
    const [last] = golds.slice(-1);
    const byN = Object.fromEntries(sizes.map((n, k) => [`gold${n}`, golds[k]]));
    return { ...byN, top: sizes[golds.indexOf(top)], fall: top - last };
  },
  report: (rows) =>
    summary(rows, {
      ...Object.fromEntries(
        sizes.map((n) => [`gold${n}`, { title: `gold, n = ${n.toLocaleString("en")}`, digits: 2 }]),
      ),
      top: { title: "n at the top", digits: 0, atLeast: 16, atMost: 16 },
      fall: { title: "top − gold at n = 1,024", digits: 2, atLeast: 1 },
    }),
};
