/** Run in a process of its own, because an engine is chosen once: prints one line of JSON. */
import { backend, compile, compileLoop, ready, type Tensor, tf } from "../../lib/tensor";
import { meanLoss, smallGpt, tokensOf } from "./smallGpt";

/** The loss of a small GPT and the gradient of every weight, in the order of their names. */
async function gradients(): Promise<object> {
  await ready();
  const { model } = smallGpt(1);
  const [tokens, targets] = [tokensOf("tokens"), tokensOf("targets")];
  const names = Object.keys(model.parameters).sort();
  const variables = names.map((name) => model.parameters[name]);
  const { value, grads } = tf.variableGrads(() => meanLoss(model, tokens, targets), variables);
  const sums = await Promise.all(
    variables.map(async ({ name }) => {
      const values = await grads[name].data();
      return [...values].map((x, i) => x * Math.cos(i)).reduce((a, b) => a + b, 0);
    }),
  );
  return { backend: backend(), loss: [...(await value.data())][0], sums, names };
}

/** A first tensor without waiting for anything. */
function firstTensor(): object {
  const sum = tf.tensor1d([1, 2]).add<Tensor>(tf.scalar(1)); // a chained method: they must be there
  return { backend: backend(), values: [...sum.dataSync()] };
}

/** Three compiled steps of a small GPT and a compiled rollout, on whatever engine this is. */
async function training(): Promise<object> {
  await ready();
  const { step } = smallGpt(1);
  const [tokens, targets] = [tokensOf("tokens"), tokensOf("targets")];
  const compiled = compile(step);
  const losses: number[] = [];
  for (let i = 0; i < 3; i++) losses.push((await compiled(tokens, targets, 0.1 * i).data())[0]);
  const loop = compileLoop<{ x: Tensor }, { noise: Tensor }, { x: Tensor }>(
    ({ x }, { noise }) => {
      const next = tf.tanh(tf.add(x, noise));
      return { carry: { x: next }, outputs: { x: next } };
    },
    { steps: 4 },
  );
  const { outputs } = loop({ x: tf.zeros([2]) }, { noise: tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]) }); // prettier-ignore
  return { backend: backend(), losses, rollout: [...(await outputs.x.data())] };
}

/** A compiled step that is guarded against NaN; its error, if it has one. */
async function guarded(): Promise<object> {
  await ready();
  const weight = tf.variable(tf.scalar(1));
  const step = compile((x: Tensor) => weight.assign(tf.mul(weight, x)), { guard: true });
  try {
    step(2);
    step(NaN);
    return { error: "" };
  } catch (error) {
    return { error: (error as Error).message, kept: (await weight.data())[0] };
  }
}

/** What 1,000 compiled steps of a small GPT leave behind, after as many to warm up. */
async function memory(): Promise<object> {
  await ready();
  const { step } = smallGpt(1);
  const [tokens, targets] = [tokensOf("tokens"), tokensOf("targets")];
  const compiled = compile(step);
  const thousand = () => {
    for (let i = 0; i < 1000; i++) compiled(tokens, targets, 1e-3).dispose();
    globalThis.gc?.();
    return { tensors: tf.memory().numTensors, megabytes: process.memoryUsage.rss() / 2 ** 20 };
  };
  const [before, after] = [thousand(), thousand()];
  return { before, after };
}

const tasks: Record<string, () => object | Promise<object>> = {
  gradients,
  training,
  guarded,
  memory,
  first: firstTensor,
};

async function main(): Promise<void> {
  console.log(JSON.stringify(await tasks[process.argv[2]]()));
  process.exit(0);
}

void main();
