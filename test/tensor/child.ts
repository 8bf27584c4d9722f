/** Run in a process of its own, because an engine is chosen once: prints one line of JSON. */
import { backend, compile, ready, type Tensor, tf } from "../../lib/tensor";
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
  memory,
  first: firstTensor,
};

async function main(): Promise<void> {
  console.log(JSON.stringify(await tasks[process.argv[2]]()));
  process.exit(0);
}

void main();
