/**
 * Instruction tuning on chain addition: a base model that adds with its sums written out learns from a few
 * demonstrations to follow a system prompt, "show the sums" or "the answer only".
 */
import { checkInteger } from "../core/checks";
import type { Rng } from "../core/rng";
import { mean } from "../core/statistics";
import {
  chainBatch,
  type ChainMode,
  chainPrompt,
  chainReply,
  chainTokens,
  chainVocabulary,
  checkChain,
  drawDigits,
} from "../environments/chainAddition";
import type { GptConfig } from "../models/gpt";
import type { Rollout } from "../models/rollout";
import { tf } from "../tensor";
import type { TextBatch } from "./sft";

/** Tokens of the longest sequence: system prompt, four digits, three sums and their marks. */
export const chainLength = 12;

/** Sizes of a model of chains: one layer, about 52,000 weights. */
export const chainGptConfig: GptConfig = {
  vocabulary: chainVocabulary,
  context: chainLength,
  layers: 1,
  heads: 4,
  width: 64,
};

/** A prompt and the reply that one would like to it. */
export interface ChainExample {
  prompt: number[];
  reply: number[];
}

/**
 * An example of four digits.
 *
 * @param mode  the system prompt; undefined is the base model's plain chain, without one
 * @param zeros as in `drawDigits`: 0.9 for pretraining, 0 for uniform digits
 */
export function drawChain(mode: ChainMode | undefined, zeros: number, rng: Rng): ChainExample {
  const digits = drawDigits(4, rng, { zeros });
  return { prompt: chainPrompt(digits, mode), reply: chainReply(digits, mode ?? "show") };
}

/**
 * Examples as a batch to learn from.
 *
 * @param learn which tokens count: those of the replies, those of the prompts, or all but padding
 */
export function chainRows(
  examples: readonly ChainExample[],
  learn: "replies" | "prompts" | "all" = "replies",
): TextBatch {
  const { tokens, responseMask } = chainBatch(examples, chainLength);
  const rows = <T extends Int32Array | Float32Array>(cells: T): number[][] =>
    examples.map((_, b) => Array.from(cells.subarray(b * chainLength, (b + 1) * chainLength)));
  const [own, replies] = [rows(tokens), rows(responseMask)];
  const mask = own.map((row, b) =>
    row.map((token, t) => {
      if (replies[b][t] === 1) return learn === "prompts" ? 0 : 1;
      return learn === "replies" || token === chainTokens.padding ? 0 : 1;
    }),
  );
  return { tokens: own, mask };
}

/** How replies were judged. */
export interface ChainMarks {
  /** share that has the form the system prompt asks for */
  format: number;
  /** share that has the form and the right answer */
  right: number;
}

/**
 * Marks what a model replies to fresh problems of uniform digits, half with each system prompt.
 *
 * @param rollout of the model, with `stop: chainTokens.end`; its temperature is the judge's
 * @param count   problems for each system prompt
 * @returns marks by system prompt, and their score: the mean over both of format + right, 0 … 2
 */
export function judgeChains(
  rollout: Rollout,
  count: number,
  rng: Rng,
): Record<ChainMode, ChainMarks> & { score: number } {
  checkInteger("judgeChains: count", count, 1);
  const modes: ChainMode[] = ["show", "only"];
  const problems = modes.flatMap((mode) =>
    Array.from({ length: count }, () => ({ mode, digits: drawDigits(4, rng, { zeros: 0 }) })),
  );
  const prompts = problems.map(({ mode, digits }) => chainPrompt(digits, mode));
  const replies = chainReplies(rollout, prompts, rng);
  const marksOf = (wanted: ChainMode): ChainMarks => {
    const verdicts = problems.flatMap(({ mode, digits }, i) =>
      mode === wanted ? [checkChain(digits, mode, replies[i])] : [],
    );
    return {
      format: mean(verdicts.map((v) => Number(v.format))),
      right: mean(verdicts.map((v) => Number(v.format && v.answer))),
    };
  };
  const [show, only] = [marksOf("show"), marksOf("only")];
  return { show, only, score: (show.format + show.right + only.format + only.right) / 2 };
}

/**
 * What a model replies, prompt by prompt.
 *
 * @returns tokens after the prompts, up to and with [END] where there is one
 */
export function chainReplies(rollout: Rollout, prompts: readonly number[][], rng: Rng): number[][] {
  const { tokens, logp } = rollout.run(prompts, rng);
  const rows = tokens.arraySync() as number[][];
  tf.dispose([tokens, logp]);
  return rows.map((row, b) => {
    const reply = row.slice(prompts[b].length);
    const end = reply.indexOf(chainTokens.end);
    return end === -1 ? reply : reply.slice(0, end + 1);
  });
}
