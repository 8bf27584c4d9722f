/** A GPT and a batch: the three sizes at which steps and rollouts are measured. */
export interface Size {
  name: string;
  context: number;
  width: number;
  layers: number;
  heads: number;
  vocabulary: number;
  /** sequences in a training step */
  batch: number;
}

/** Sequences in a rollout. */
export const rolloutBatch = 32;

export const sizes: Size[] = [
  { name: "small", context: 64, width: 64, layers: 2, heads: 4, vocabulary: 64, batch: 8 },
  { name: "middle", context: 64, width: 128, layers: 4, heads: 4, vocabulary: 64, batch: 32 },
  { name: "large", context: 128, width: 256, layers: 6, heads: 4, vocabulary: 512, batch: 16 },
];

export const sizeNamed = (name: string): Size => {
  const found = sizes.find((size) => size.name === name);
  if (!found)
    throw new RangeError(
      `There is no size "${name}"; there are ${sizes.map((s) => s.name).join(", ")}.`,
    );
  return found;
};

export const describeSize = (size: Size): string =>
  `context ${size.context}, width ${size.width}, ${size.layers} layers, ${size.heads} heads, ` +
  `vocabulary ${size.vocabulary}, batch ${size.batch}`;
