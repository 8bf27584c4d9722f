import type { Rng } from "../core/rng";
import { type Parameters, tf } from "../tensor";
import type { GptConfig } from "./gpt";

/** The shape of every weight of a GPT of this size, by its name. */
export function gptShapes({
  vocabulary,
  context,
  layers,
  width: D,
}: GptConfig): Record<string, number[]> {
  const shapes: Record<string, number[]> = {
    "wte.weight": [vocabulary, D],
    "wpe.weight": [context, D],
  };
  const affine = (name: string, inputs: number, outputs: number): void => {
    shapes[`${name}.weight`] = [inputs, outputs];
    shapes[`${name}.bias`] = [outputs];
  };
  const norm = (name: string): void => {
    shapes[`${name}.weight`] = [D];
    shapes[`${name}.bias`] = [D];
  };
  for (let layer = 0; layer < layers; layer++) {
    norm(`h.${layer}.ln_1`);
    affine(`h.${layer}.attn.c_attn`, D, 3 * D);
    affine(`h.${layer}.attn.c_proj`, D, D);
    norm(`h.${layer}.ln_2`);
    affine(`h.${layer}.mlp.c_fc`, D, 4 * D);
    affine(`h.${layer}.mlp.c_proj`, 4 * D, D);
  }
  norm("ln_f");
  return shapes;
}

/** N(0, scale²) for tables and matrices, divided by √(2·layers) where a block adds to the stream. */
export function randomWeights(config: GptConfig, rng: Rng, scale: number): Parameters {
  const parameters: Parameters = {};
  for (const [name, shape] of Object.entries(gptShapes(config))) {
    const adds = name.endsWith("c_proj.weight");
    const deviation = adds ? scale / Math.sqrt(2 * config.layers) : scale;
    const size = shape.reduce((a, b) => a * b, 1);
    const constant = name.endsWith("bias") ? 0 : 1; // biases 0, gains 1
    const values = new Float32Array(size).fill(constant);
    if (shape.length === 2) for (let i = 0; i < size; i++) values[i] = deviation * rng.normal();
    parameters[name] = tf.variable(tf.tensor(values, shape));
  }
  return parameters;
}
