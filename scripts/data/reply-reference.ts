/**
 * Makes data/reply-reference.safetensors and its card: π_ref of the reply language, a small GPT
 * trained on 2,000 demonstrations. A few seconds:
 *
 *     node --import tsx scripts/data/reply-reference.ts
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  adam,
  compile,
  demonstrate,
  demonstratorLogProbabilities,
  ExactReplies,
  expectedReward,
  goldTables,
  type Gpt,
  gpt,
  meanKl,
  type ModelCard,
  orders,
  ready,
  replyGptConfig,
  replyIndex,
  replyLogp,
  replyTokens,
  Rng,
  saveCheckpoint,
  type Tensor,
  tf,
} from "../../lib/index";

const data = join(__dirname, "..", "..", "data");
const [demonstrations, epochs, batch, learningRate, scale] = [2000, 12, 100, 3e-3, 0.08];

/** Demonstrations of all orders in turn, as tokens. */
function drawDemonstrations(rng: Rng): number[][] {
  return Array.from({ length: demonstrations }, (_, i) => {
    const order = i % orders.length;
    return replyTokens(order, replyIndex(demonstrate(orders[order], rng)));
  });
}

function train(rng: Rng): Gpt {
  const model = gpt(replyGptConfig, rng.split("weights"), { scale });
  const optimizer = adam(model.parameters);
  const step = compile((tokens: Tensor) =>
    optimizer.minimize(() => tf.neg(tf.mean(replyLogp(model, tokens))), learningRate),
  );
  const sequences = drawDemonstrations(rng.split("demonstrator"));
  const shuffles = rng.split("shuffles");
  for (let epoch = 0; epoch < epochs; epoch++) {
    const shuffled = shuffles.shuffle(sequences);
    for (let at = 0; at < shuffled.length; at += batch) {
      const tokens = tf.tensor2d(shuffled.slice(at, at + batch), undefined, "int32");
      tf.dispose([step(tokens), tokens]);
    }
  }
  return model;
}

async function main(): Promise<void> {
  await ready();
  const model = train(new Rng("b"));
  const logp = new ExactReplies(model).logProbabilities();
  const file = join(data, "reply-reference.safetensors");
  await saveCheckpoint(file, model, { step: (epochs * demonstrations) / batch });
  const card: ModelCard = {
    title: "π_ref of the reply language: a GPT of one layer, width 32, two heads",
    made: "node --import tsx scripts/data/reply-reference.ts",
    training:
      `${demonstrations} demonstrations of the six orders in turn, ${epochs} epochs, batches of ${batch}, ` +
      `Adam ${learningRate}; loss on the five words of the reply, weights start at N(0, ${scale}²)`,
    licence: "Apache-2.0, as the course",
    measured: {
      gold: expectedReward(logp, goldTables()),
      klFromDemonstrator: meanKl(orders.map(demonstratorLogProbabilities), logp),
      weights: model.parameterCount,
    },
    sha256: createHash("sha256").update(readFileSync(file)).digest("hex"),
  };
  const text = JSON.stringify(card, null, 2) + "\n";
  writeFileSync(join(data, "reply-reference.card.json"), text);
  console.log(text);
}

void main();
