import type { Size } from "../training/sizes";

/** A model and a batch of PPO: what is measured, and how long prompt and reply are. */
export interface RlhfSize extends Size {
  /** tokens of a prompt */
  prompt: number;
  /** tokens of a reply */
  reply: number;
  /** passes over a batch, each cut into so many minibatches */
  epochs: number;
  minibatches: number;
}

const small = { context: 64, width: 64, layers: 2, heads: 4, vocabulary: 64, batch: 32, prompt: 1, reply: 32 }; // prettier-ignore

export const sizes: RlhfSize[] = [
  { name: "world", context: 7, width: 32, layers: 1, heads: 2, vocabulary: 8, batch: 64, prompt: 2, reply: 5, epochs: 4, minibatches: 2 }, // prettier-ignore
  { name: "small", ...small, epochs: 4, minibatches: 2 },
  { name: "once", ...small, epochs: 1, minibatches: 1 },
  { name: "middle", context: 64, width: 128, layers: 4, heads: 4, vocabulary: 64, batch: 32, prompt: 1, reply: 32, epochs: 4, minibatches: 2 }, // prettier-ignore
];

export const sizeNamed = (name: string): RlhfSize => {
  const found = sizes.find((size) => size.name === name);
  if (!found) throw new RangeError(`There is no size "${name}".`);
  return found;
};
