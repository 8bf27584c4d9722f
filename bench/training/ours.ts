/**
 * Our library as a contender: one JSON command a line on stdin, one JSON answer a line on stdout.
 * RLHF_BENCH_XLA=off leaves XLA out.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import {
  adamW,
  compile,
  compileLoop,
  fitCache,
  gpt,
  type NamedTensors,
  nn,
  ready,
  Rng,
  type Tensor,
  tf,
} from "../../lib/index";
import type { Answer } from "./contender";
import { rolloutBatch, type Size, sizeNamed } from "./sizes";

type Command =
  | { command: "load"; size: string; folder: string }
  | { command: "steps"; count: number }
  | { command: "rollouts"; count: number; segments: number };

interface Loaded {
  size: Size;
  model: ReturnType<typeof gpt>;
  step: (inputs: Tensor, targets: Tensor, learningRate: number) => Tensor;
  inputs: Tensor;
  targets: Tensor;
  noise: Tensor;
  rollouts: Map<number, () => Tensor>;
}

const xla = process.env.RLHF_BENCH_XLA !== "off";
let loaded: Loaded | undefined;
const rss = () => Math.round(process.resourceUsage().maxRSS / 1024);

async function load({ size: name, folder }: { size: string; folder: string }): Promise<object> {
  const size = sizeNamed(name);
  const { vocabulary, context, layers, heads, width, batch } = size;
  const rng = new Rng(`bench ${name}`);
  const model = gpt({ vocabulary, context, layers, heads, width }, rng);
  const draw = () => Int32Array.from({ length: batch * context }, () => rng.integer(vocabulary));
  const [inputs, targets] = [draw(), draw()];
  const noise = Float32Array.from({ length: context * rolloutBatch * vocabulary }, () =>
    rng.gumbel(),
  );
  const names = Object.keys(model.parameters);
  const values = await Promise.all(names.map((key) => model.parameters[key].data()));
  const parts = [...values, inputs, targets, noise].map((x) =>
    Buffer.from(x.buffer, x.byteOffset, x.byteLength),
  );
  const shapes = names.map((key) => ({ name: key, shape: model.parameters[key].shape }));
  writeFileSync(join(folder, `${name}.bin`), Buffer.concat(parts));
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ ...size, rolloutBatch, shapes }));
  const optimizer = adamW(model.parameters, { weightDecay: 0.01 });
  const step = compile(
    (tokens: Tensor, next: Tensor, learningRate: Tensor) =>
      optimizer.minimize(
        () => tf.mean(nn.sparseSoftmaxCrossEntropy(model.logits(tokens), next)),
        learningRate,
      ),
    { xla },
  );
  loaded = {
    size,
    model,
    step,
    inputs: tf.tensor2d(inputs, [batch, context], "int32"),
    targets: tf.tensor2d(targets, [batch, context], "int32"),
    noise: tf.tensor3d(noise, [context, rolloutBatch, vocabulary]),
    rollouts: new Map(),
  };
  return { wall: [], cpu: [], rss: rss() };
}

/** Token by token with a cache, the noise given: what the PyTorch loop does. */
function makeRollout({ model, size, noise }: Loaded, segments: number): () => Tensor {
  const loop = compileLoop<NamedTensors, NamedTensors, NamedTensors>(
    ({ token, ...cache }, { noise: gumbel }, { t }) => {
      const { hidden, cache: grown } = model.next(token, t, cache);
      const next = tf.argMax<Tensor>(tf.add(model.unembed(hidden), gumbel), -1);
      return { carry: { token: next, ...grown }, outputs: { token: next } };
    },
    { steps: size.context, segments, fit: fitCache, xla },
  );
  return () =>
    tf.tidy(() => {
      const token = tf.zeros([rolloutBatch], "int32");
      const carry = { token, ...model.emptyCache(rolloutBatch) };
      return loop(carry, { noise }).outputs.token;
    });
}

/** Runs a thing several times and reads its result each time. */
async function measure(count: number, run: () => Tensor): Promise<Answer & { values: number[][] }> {
  const result = { wall: [] as number[], cpu: [] as number[], values: [] as number[][], rss: 0 };
  for (let i = 0; i < count; i++) {
    const [start, used] = [performance.now(), process.cpuUsage()];
    const tensor = run();
    const values = [...(await tensor.data())]; // not dataSync: WebGPU has none
    tensor.dispose();
    const { user, system } = process.cpuUsage(used);
    result.wall.push(performance.now() - start);
    result.cpu.push((user + system) / 1000);
    result.values.push(values);
  }
  return { ...result, rss: rss() };
}

async function answer(command: Command): Promise<object> {
  if (command.command === "load") return load(command);
  if (!loaded) throw new Error("nothing is loaded");
  const { step, inputs, targets, rollouts } = loaded;
  if (command.command === "steps") {
    const { values, ...times } = await measure(command.count, () => step(inputs, targets, 1e-3));
    return { ...times, losses: values.map(([loss]) => loss) };
  }
  const rollout = rollouts.get(command.segments) ?? makeRollout(loaded, command.segments);
  rollouts.set(command.segments, rollout);
  const { values, ...times } = await measure(command.count, rollout);
  return { ...times, tokens: values[0] };
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
