import { performance } from "node:perf_hooks";

import { Rng } from "../core/rng";
import {
  adamW,
  type Backend,
  backend,
  compile,
  linear,
  ready,
  type Scalar,
  sparseSoftmaxCrossEntropy,
  type Tensor,
  tf,
} from "./index";
import { nativeStatus } from "./native";

/** A line of the doctor's table: what was found, what is used, what it costs, what would be better. */
export interface DoctorRow {
  part: string;
  found: string;
  used: string;
  costs: string;
  more: string;
}

const [tokens, width, vocabulary] = [512, 64, 64];
const timedSteps = 50;
/** An engine that needs longer is slow enough to be known after four steps. */
const mostMilliseconds = 10_000;

function matrix(rng: Rng, rows: number, columns: number): Tensor {
  const values = Float32Array.from({ length: rows * columns }, () => rng.normal() * 0.1);
  return tf.tensor2d(values, [rows, columns]);
}

/**
 * Times a training step of two dense layers, of the arithmetic of a small GPT's feed-forward block:
 * 512 tokens of width 64.
 *
 * @returns the first call and the median of the others, in milliseconds, and tokens a second
 */
export async function measureTrainStep(): Promise<{ first: number; step: number; rate: number }> {
  const rng = new Rng("doctor");
  const [wide, out] = tf.tidy(() => [
    tf.variable(matrix(rng, width, 4 * width)),
    tf.variable(matrix(rng, 4 * width, vocabulary)),
  ]);
  const inputs = matrix(rng, tokens, width);
  const targets = tf.tensor1d(
    Array.from({ length: tokens }, () => rng.integer(vocabulary)),
    "int32",
  );
  const optimizer = adamW({ wide, out });
  const loss = (x: Tensor, y: Tensor): Scalar =>
    tf.mean(sparseSoftmaxCrossEntropy(linear(tf.relu(linear(x, wide)), out), y));
  const step = compile((x: Tensor, y: Tensor, rate: Tensor) =>
    optimizer.minimize(() => loss(x, y), rate),
  );
  const times: number[] = [];
  const began = performance.now();
  for (let i = 0; i <= timedSteps && (i < 4 || performance.now() - began < mostMilliseconds); i++) {
    const start = performance.now();
    const value = step(inputs, targets, 1e-3);
    await value.data();
    value.dispose();
    times.push(performance.now() - start);
  }
  [wide, out, inputs, targets, optimizer, step].forEach((thing) => thing.dispose());
  const [first, ...rest] = times;
  const median = rest.sort((a, b) => a - b)[rest.length >> 1];
  return { first, step: median, rate: (tokens / median) * 1000 };
}

/** What would make training faster than on this engine. */
function advice({ name, device }: Backend): string {
  const status = nativeStatus();
  if (status.gpuFailure)
    return `The NVIDIA card is not used: ${status.gpuFailure}. Update its driver and run \`node scripts/native.mjs --again\`.`;
  if (process.env.RLHF_BACKEND && name !== "native")
    return "Unset RLHF_BACKEND to let the best engine be taken.";
  if (name !== "native") return `${status.reason ?? ""} ${status.cure ?? ""}`.trim();
  if (device === "CPU")
    return "An NVIDIA card with a driver for CUDA 12 (set-up then fetches CUDA).";
  return "";
}

const engines = {
  native: "TensorFlow's own runtime, compiled steps",
  webgpu: "WebGPU",
  wasm: "WebAssembly, one thread",
  cpu: "plain JavaScript, one thread",
};

/** The doctor's lines on training: the engine, the speed measured now, what would be faster. */
export async function trainingRows(): Promise<DoctorRow[]> {
  await ready();
  const used = backend();
  const { first, step, rate } = await measureTrainStep();
  const { compiler } = nativeStatus();
  const built = used.name === "native" && compiler ? `, binding built with ${compiler}` : "";
  return [
    {
      part: "training engine",
      found: `${used.version}${built}`,
      used: `${used.name}: ${engines[used.name]}, on ${used.device}`,
      costs: "",
      more: advice(used),
    },
    {
      part: "training speed",
      found: `${Number(rate.toPrecision(2)).toLocaleString("en")} tokens/s`,
      used: `a step of ${tokens} tokens, two layers of width ${width} (AdamW)`,
      costs: `${step.toPrecision(3)} ms a step; the first ${(first / 1000).toFixed(1)} s`,
      more: "",
    },
  ];
}
