import {
  adam,
  compile,
  dpoLoss,
  drawBatch,
  drawReplyPairs,
  ExactReplies,
  frontierPoint,
  goldTables,
  mean,
  pairBatch,
  replyLogp,
  replyReference,
  Rng,
  type Tensor,
  tf,
} from "../lib/index";
import { summary, type Recipe, type Values } from "./recipe";

export const recipe: Recipe = {
  title: "DPO on few labels makes the chosen answers less likely too",
  about:
    "Reply language, 300 labels, β = 0.1, 300 steps of 64 pairs, Adam 1e-3, gradient norm at most 1. Mean log π/π_ref of the training pairs " +
    "at the end; the first loss is to be ln 2; KL from the reference and gold reward, summed over all answers.",
  seeds: { smoke: 1, quick: 5, full: 10 },
  async run(seed): Promise<Values> {
    const rng = new Rng(seed);
    const policy = replyReference();
    const exact = new ExactReplies(policy);
    const [reference, gold] = [exact.logProbabilities(), goldTables()];
    const pairs = drawReplyPairs(reference, gold, 300, rng);
    const optimizer = adam(policy.parameters);
    const step = compile((tokens: Tensor, logpReference: Tensor, rate: Tensor) => {
      const lossOf = (): Tensor => {
        const [chosen, rejected] = tf.split(replyLogp(policy, tokens), 2);
        const [refChosen, refRejected] = tf.split(logpReference, 2);
        return dpoLoss(chosen, rejected, refChosen, refRejected, 0.1);
      };
      return optimizer.minimize(lossOf, rate, { maxNorm: 1 });
    });
    const losses: number[] = [];
    for (let t = 0; t < 300; t++) {
      const batch = pairBatch(drawBatch(pairs, 64, rng), reference);
      const loss = step(batch.tokens, batch.reference, 1e-3);
      losses.push(...(await loss.data()));
      tf.dispose([loss, batch.tokens, batch.reference]);
    }
    const all = pairBatch(pairs, reference);
    const ratios = tf.tidy(() => tf.sub(replyLogp(policy, all.tokens), all.reference).dataSync());
    const end = frontierPoint(exact.logProbabilities(), reference, gold);
    tf.dispose([all.tokens, all.reference]);
    step.dispose();
    policy.dispose();
    return {
      ln2: Math.abs(losses[0] - Math.LN2),
      chosen: mean(ratios.slice(0, 300)),
      rejected: mean(ratios.slice(300)),
      kl: end.kl,
      gold: end.reward,
    };
  },
  report: (rows) =>
    summary(rows, {
      ln2: { title: "first loss, off ln 2 (nats)", digits: 7, atMost: 1e-5 },
      chosen: { title: "log-ratio of the chosen answers (nats)", atMost: -5 },
      rejected: { title: "log-ratio of the rejected answers (nats)" },
      kl: { title: "KL from the reference (nats)", digits: 2 },
      gold: { title: "gold reward", digits: 2 },
    }),
};
