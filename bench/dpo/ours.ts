/** Our steps as a contender: one JSON command a line on stdin, one JSON answer a line on stdout. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import {
  adam,
  compile,
  copyOf,
  dpoLoss,
  type Gpt,
  gpt,
  pairwiseRewardLoss,
  ready,
  Rng,
  ScalarHead,
  sumOverResponse,
  type Tensor,
  tf,
  tokenLogProbabilities,
} from "../../lib/index";
import type { Answer } from "../training/contender";
import { promptLength, tasks } from "./task";

type Command =
  { command: "load"; size: string; folder: string } | { command: "steps"; count: number };

const [{ batch, context, vocabulary, layers, heads, width }] = tasks;
let step: (() => Tensor) | undefined;
const rss = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

/** The chosen sequences of all pairs, then the rejected ones: a pair shares its prompt, the last token ends a reply. */
function drawTokens(rng: Rng): Int32Array {
  const tokens = Int32Array.from({ length: 2 * batch * context }, () => 1 + rng.integer(vocabulary - 2)); // prettier-ignore
  for (let pair = 0; pair < batch; pair++) {
    const chosen = pair * context;
    tokens.copyWithin((batch + pair) * context, chosen, chosen + promptLength);
  }
  return tokens.map((token, i) => (i % context === context - 1 ? vocabulary - 1 : token));
}

function dpoStep(policy: Gpt, tokens: Tensor): () => Tensor {
  const reference = copyOf(policy);
  const optimizer = adam(policy.parameters);
  const mask = tf.tidy(() => {
    const inReply = tf.greaterEqual(tf.range(0, context, 1, "int32"), promptLength);
    return tf.tile(tf.reshape(tf.cast(inReply, "float32"), [1, context]), [2 * batch, 1]);
  });
  const halves = (model: Gpt, sequences: Tensor, counts: Tensor): Tensor[] =>
    tf.split(sumOverResponse(tokenLogProbabilities(model, sequences), counts), 2);
  const compiled = compile((sequences: Tensor, counts: Tensor, rate: Tensor) => {
    const [refChosen, refRejected] = halves(reference, sequences, counts);
    const loss = (): Tensor => {
      const [chosen, rejected] = halves(policy, sequences, counts);
      return dpoLoss(chosen, rejected, refChosen, refRejected, 0.1);
    };
    return optimizer.minimize(loss, rate, { maxNorm: 1 });
  });
  return () => compiled(tokens, mask, 1e-3);
}

function rewardStep(model: Gpt, head: ScalarHead, tokens: Tensor): () => Tensor {
  const optimizer = adam({ ...model.parameters, ...head.parameters });
  const last = tf.fill([2 * batch], context - 1, "int32");
  const compiled = compile((sequences: Tensor, positions: Tensor, rate: Tensor) => {
    const loss = (): Tensor => {
      const rewards = head.scores(model.hiddenAt(sequences, positions));
      const [chosen, rejected] = tf.split(rewards, 2);
      return pairwiseRewardLoss(chosen, rejected);
    };
    return optimizer.minimize(loss, rate, { maxNorm: 1 });
  });
  return () => compiled(tokens, last, 1e-3);
}

/** Draws weights and tokens, and writes them for the others. */
async function load({ size, folder }: { size: string; folder: string }): Promise<object> {
  const rng = new Rng(`bench ${size}`);
  const model = gpt({ vocabulary, context, layers, heads, width }, rng);
  const head = new ScalarHead(width, rng);
  const tokens = drawTokens(rng);
  const all = { ...model.parameters, ...head.parameters };
  const values = await Promise.all(Object.values(all).map((variable) => variable.data()));
  const parts = [...values, tokens].map((x) => Buffer.from(x.buffer, x.byteOffset, x.byteLength));
  writeFileSync(join(folder, `${size}.bin`), Buffer.concat(parts));
  const shapes = Object.entries(all).map(([name, { shape }]) => ({ name, shape }));
  const sizes = { batch, context, vocabulary, layers, heads, width, promptLength };
  writeFileSync(join(folder, `${size}.json`), JSON.stringify({ ...sizes, shapes }));
  const sequences = tf.tensor2d(tokens, [2 * batch, context], "int32");
  step = size === "dpo" ? dpoStep(model, sequences) : rewardStep(model, head, sequences);
  return { wall: [], cpu: [], rss: rss() };
}

async function measure(count: number, run: () => Tensor): Promise<Answer> {
  const [wall, cpu, losses]: number[][] = [[], [], []];
  for (let i = 0; i < count; i++) {
    const [start, used] = [performance.now(), process.cpuUsage()];
    const loss = run();
    losses.push((await loss.data())[0]);
    loss.dispose();
    const { user, system } = process.cpuUsage(used);
    wall.push(performance.now() - start);
    cpu.push((user + system) / 1000);
  }
  return { wall, cpu, losses, rss: rss() };
}

async function answer(command: Command): Promise<object> {
  if (command.command === "load") return load(command);
  if (!step) throw new Error("nothing is loaded");
  return measure(command.count, step);
}

async function main(): Promise<void> {
  await ready();
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      console.log(JSON.stringify(await answer(JSON.parse(line) as Command)));
    } catch (error) {
      console.log(JSON.stringify({ failed: (error as Error).message }));
    }
  }
}

void main();
