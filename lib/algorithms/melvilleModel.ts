/** A small GPT that has read Moby-Dick, its tokens, and the part of the book it has not seen. */
import { join } from "node:path";

import { checkNotEmpty } from "../core/checks";
import { dataFolder } from "../core/dataTable";
import type { Rng } from "../core/rng";
import { BpeTokenizer } from "../models/bpeTokenizer";
import type { Gpt, GptConfig } from "../models/gpt";
import { loadShippedGpt } from "../models/shippedModel";
import { drawWindows } from "./sft";

/** Sizes of the model: two layers, about 137,000 weights. */
export const melvilleGptConfig: GptConfig = {
  vocabulary: 512,
  context: 64,
  layers: 2,
  heads: 4,
  width: 64,
};

/** The 512 tokens of Moby-Dick: byte-pair encoding, 2.5 characters a token. */
export function melvilleTokenizer(): BpeTokenizer {
  return BpeTokenizer.read(join(dataFolder(), "melville-bpe.json"));
}

/**
 * The pretrained model (data/melville.card.json). A new copy at each call, which may be trained on.
 *
 * @returns a GPT, caller disposes
 */
export function melvilleModel(): Gpt {
  return loadShippedGpt("melville");
}

/**
 * The book in two: the first 98 % for training, and the rest in windows that do not overlap.
 *
 * @param tokens the whole book
 * @returns heldOut [B][64]
 */
export function melvilleHeldOut(tokens: readonly number[]): {
  training: number[];
  heldOut: number[][];
} {
  const { context } = melvilleGptConfig;
  const end = Math.floor(0.98 * tokens.length);
  const windows = Math.floor((tokens.length - end) / context);
  checkNotEmpty("melvilleHeldOut: tokens", tokens, 50 * context);
  const heldOut = Array.from({ length: windows }, (_, k) =>
    tokens.slice(end + k * context, end + (k + 1) * context),
  );
  return { training: tokens.slice(0, end), heldOut };
}

/**
 * Openings of the book to be continued: some tokens from the beginning of a word.
 *
 * @param tokens of the book
 * @param count  B
 * @param length tokens of an opening
 * @returns [B][length]
 */
export function melvillePrompts(
  tokens: readonly number[],
  count: number,
  length: number,
  tokenizer: BpeTokenizer,
  rng: Rng,
): number[][] {
  const prompts: number[][] = [];
  while (prompts.length < count) {
    const [window] = drawWindows(tokens, 1, length, rng);
    if (tokenizer.decode(window.slice(0, 1)).startsWith(" ")) prompts.push(window);
  }
  return prompts;
}
