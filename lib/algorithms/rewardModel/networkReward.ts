/**
 * A small network as reward model of the reply language: it sees every word in its slot and the order, and must
 * work out the rest. It can express the gold reward; how near it comes depends on how many labels it gets.
 */
import { checkInteger } from "../../core/checks";
import type { Rng } from "../../core/rng";
import { sigmoid } from "../../core/statistics";
import { tick } from "../../core/tick";
import type { ReplyPair } from "../../environments/replyComparisons";
import { featureTables, oneHotReply } from "../../environments/replyFeatures";
import { EngineMlp } from "../../models/engineMlp";
import { drawBatch } from "../replyPairs";

const width = oneHotReply.names.length;
const learningRate = 3e-3;
const batch = 128;

/** Steps for so many labels: about six passes, at least 60 and at most 1,000. */
export function networkRewardSteps(pairs: number): number {
  return Math.round(Math.min(1000, Math.max(60, (6 * pairs) / batch)));
}

/**
 * Trains a network 46–64–64–1 with ReLU on comparisons, −log σ(r(y_w) − r(y_l)), AdamW with weight decay 0.01.
 *
 * @param steps of 128 pairs each; `networkRewardSteps` if left out
 * @returns [6][32768] the trained reward of every reply to every order
 */
export async function trainNetworkReward(
  pairs: readonly ReplyPair[],
  rng: Rng,
  { steps = networkRewardSteps(pairs.length) }: { steps?: number } = {},
): Promise<Float64Array[]> {
  checkInteger("trainNetworkReward: steps", steps, 1);
  const network = new EngineMlp([width, 64, 64, 1], rng.split("weights"), {
    activation: "relu",
    weightDecay: 0.01,
  });
  const everything = featureTables(oneHotReply);
  const row = (order: number, y: number): Float32Array =>
    everything[order].subarray(y * width, (y + 1) * width);
  const inputs = new Float32Array(2 * batch * width);
  const draws = rng.split("batches");
  for (let step = 0; step < steps; step++) {
    const drawn = drawBatch(pairs, batch, draws);
    drawn.forEach(({ order, chosen, rejected }, i) => {
      inputs.set(row(order, chosen), i * width);
      inputs.set(row(order, rejected), (batch + i) * width);
    });
    network.update(pairGradient(network.forward(inputs)), learningRate);
    if (step % 20 === 19) await tick();
  }
  const tables = everything.map((replies) => network.forward(replies));
  network.dispose();
  return tables;
}

/** ∂L/∂r of the mean of −log σ(r_w − r_l): chosen replies first, rejected ones after them. */
function pairGradient(rewards: Float64Array): Float64Array {
  const B = rewards.length / 2;
  const gradient = new Float64Array(2 * B);
  for (let i = 0; i < B; i++) {
    const push = sigmoid(rewards[B + i] - rewards[i]) / B;
    gradient[i] = -push;
    gradient[B + i] = push;
  }
  return gradient;
}
