/**
 * Chain addition: add digits modulo 10, with or without writing the sums on the way.
 *
 *   [SYS] [SHOW] [USR] 7 5 0 9 [ASST] 2 2 1 [END]       each sum so far: 7+5, +0, +9
 *   [SYS] [ONLY] [USR] 7 5 0 9 [ASST] 1 [END]           the answer alone
 *
 * The smallest world with an instruction to follow, a chain of thought whose every step can be
 * checked, and an answer that a program can verify.
 */
import { checkInteger, checkNotEmpty, checkRange } from "../core/checks";
import type { Rng } from "../core/rng";

/** Tokens beyond the digits 0 … 9, by name. */
export const chainTokens = {
  system: 10,
  show: 11,
  only: 12,
  user: 13,
  assistant: 14,
  end: 15,
  padding: 16,
} as const;

/** Number of tokens: ten digits and seven marks. */
export const chainVocabulary = 17;

/** Whether the sums on the way are to be written. */
export type ChainMode = "show" | "only";

const names = ["SYS", "SHOW", "ONLY", "USR", "ASST", "END", "PAD"];

/** "[SYS] [SHOW] [USR] 7 5 [ASST] 2 [END]" */
export function chainText(tokens: ArrayLike<number>): string {
  return Array.from(tokens, (token, t) => {
    checkInteger(`chainText: tokens[${t}]`, token, 0, chainVocabulary - 1);
    return token < 10 ? String(token) : `[${names[token - 10]}]`;
  }).join(" ");
}

/**
 * The sums on the way, modulo 10: n digits make n − 1 sums, the last of which is the answer.
 *
 * @param digits at least two, each 0 … 9
 */
export function chainSums(digits: readonly number[]): number[] {
  checkDigits("chainSums", digits);
  let sum = digits[0];
  return digits.slice(1).map((digit) => (sum = (sum + digit) % 10));
}

/**
 * A problem's digits. Each problem draws q ~ U(0, zeros) and sets each digit to 0 with probability q:
 * easy problems among the hard ones, without which one training run in three never finds the sums.
 *
 * @param count n ≥ 2 digits
 * @param zeros upper end of q, in [0, 1]; 0 gives uniform digits
 */
export function drawDigits(
  count: number,
  rng: Rng,
  { zeros = 0.9 }: { zeros?: number } = {},
): number[] {
  checkInteger("drawDigits: count", count, 2);
  checkRange("drawDigits: zeros", zeros, 0, 1);
  const q = zeros * rng.uniform();
  return Array.from({ length: count }, () => (rng.bernoulli(q) ? 0 : rng.integer(10)));
}

/**
 * What the model is given: everything up to [ASST].
 *
 * @param mode "show", "only", or undefined for a base model, which reads padding where the system
 *   prompt would stand, so that every digit keeps its position
 */
export function chainPrompt(digits: readonly number[], mode?: ChainMode): number[] {
  checkDigits("chainPrompt", digits);
  const { system, user, assistant, padding } = chainTokens;
  const instruction = mode === undefined ? [padding, padding] : [system, chainTokens[mode]];
  return [...instruction, user, ...digits, assistant];
}

/** The right reply: all sums or the last alone, then [END]. */
export function chainReply(digits: readonly number[], mode: ChainMode): number[] {
  const sums = chainSums(digits);
  return [...(mode === "show" ? sums : sums.slice(-1)), chainTokens.end];
}

/**
 * A shown chain in which each sum is wrong with some probability, and the wrong sum is carried on:
 * what a model writes that knows how to add but is careless.
 *
 * @param slips probability of a wrong sum, in [0, 1]
 * @returns the reply with [END], and whether each step follows from the one before
 */
export function chainWithSlips(
  digits: readonly number[],
  slips: number,
  rng: Rng,
): { reply: number[]; stepsRight: boolean[] } {
  checkDigits("chainWithSlips", digits);
  checkRange("chainWithSlips: slips", slips, 0, 1);
  let sum = digits[0];
  const stepsRight: boolean[] = [];
  const reply = digits.slice(1).map((digit) => {
    const slip = rng.bernoulli(slips);
    stepsRight.push(!slip);
    return (sum = (sum + digit + (slip ? 1 + rng.integer(9) : 0)) % 10);
  });
  return { reply: [...reply, chainTokens.end], stepsRight };
}

/** How a reply did. */
export interface ChainVerdict {
  /** it has the form that the mode asks for: so many digits, then [END] */
  format: boolean;
  /** its last digit before [END] is the answer; false when there is none */
  answer: boolean;
  /** each written sum follows from the one before it and the next digit; only for mode "show" */
  steps: boolean[];
}

/**
 * Checks a reply: its form, its answer, and each step on its own (a step from a wrong sum can be
 * right). What comes after the first [END] does not count.
 *
 * @param reply tokens after [ASST]
 */
export function checkChain(
  digits: readonly number[],
  mode: ChainMode,
  reply: ArrayLike<number>,
): ChainVerdict {
  const sums = chainSums(digits);
  const tokens = Array.from(reply);
  const end = tokens.indexOf(chainTokens.end);
  const written = end === -1 ? tokens : tokens.slice(0, end);
  const wanted = mode === "show" ? sums.length : 1;
  const isDigit = (token: number): boolean => Number.isInteger(token) && token >= 0 && token <= 9;
  const format = end !== -1 && written.length === wanted && written.every(isDigit);
  const answer = end !== -1 && written[written.length - 1] === sums[sums.length - 1];
  const steps =
    mode === "only"
      ? []
      : written
          .slice(0, sums.length)
          .map((sum, i) => sum === ((i === 0 ? digits[0] : written[i - 1]) + digits[i + 1]) % 10);
  return { format, answer, steps };
}

/**
 * Sequences of one length for training: prompt, reply, padding.
 *
 * @param length of each row; at least as long as the longest
 * @returns tokens [B·length] row by row, and mask [B·length], 1 for the tokens of the reply
 * @throws RangeError when a sequence is longer
 */
export function chainBatch(
  examples: readonly { prompt: readonly number[]; reply: readonly number[] }[],
  length: number,
): { tokens: Int32Array; responseMask: Float32Array } {
  checkNotEmpty("chainBatch: examples", examples);
  checkInteger("chainBatch: length", length, 1);
  const tokens = new Int32Array(examples.length * length).fill(chainTokens.padding);
  const responseMask = new Float32Array(examples.length * length);
  examples.forEach(({ prompt, reply }, b) => {
    if (prompt.length + reply.length > length) {
      throw new RangeError(
        `chainBatch: example ${b} has ${prompt.length} + ${reply.length} tokens, the rows have ${length}. Make them longer.`,
      );
    }
    tokens.set([...prompt, ...reply], b * length);
    responseMask.fill(1, b * length + prompt.length, b * length + prompt.length + reply.length);
  });
  return { tokens, responseMask };
}

function checkDigits(where: string, digits: readonly number[]): void {
  checkNotEmpty(`${where}: digits`, digits, 2);
  digits.forEach((digit, i) => checkInteger(`${where}: digits[${i}]`, digit, 0, 9));
}
