import type { Size } from "../training/sizes";

/** Tokens of the prompt; the rest of the context is the reply. */
export const promptLength = 16;

const small = { context: 64, width: 64, layers: 2, heads: 4, vocabulary: 64, batch: 8 };

/** Both steps on one small GPT; `batch` counts pairs, and 0 is kept for padding. */
export const tasks: Size[] = [
  { name: "dpo", ...small },
  { name: "reward", ...small },
];
