import { checkInteger } from "../core/checks";

/** A `tokenizer.json` of Hugging Face's form, as `BpeTokenizer` reads it. */
export interface BpeDefinition {
  version: string;
  added_tokens: never[];
  normalizer: null;
  post_processor: null;
  pre_tokenizer: {
    type: "ByteLevel";
    add_prefix_space: false;
    trim_offsets: true;
    use_regex: true;
  };
  decoder: { type: "ByteLevel"; add_prefix_space: true; trim_offsets: true; use_regex: true };
  model: { type: "BPE"; vocab: Record<string, number>; merges: [string, string][] };
}

/** GPT-2's words: a space belongs to the word after it. Merges never reach over their borders. */
const words = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

interface CountedWord {
  pieces: string[];
  count: number;
}

/**
 * Learns a byte-pair encoding: start from the characters; make a new token of the pair of neighbours
 * that occurs most often, everywhere; repeat.
 *
 * Sennrich, Haddow & Birch 2016, arXiv:1508.07909, Algorithm 1. A pair that is found as often as
 * another comes first in the alphabet's order, so that a text has one encoding.
 *
 * @param text printable ASCII; a space is written Ġ in the result, as GPT-2 does
 * @param size number of tokens, more than there are characters
 * @returns what `new BpeTokenizer` takes
 * @throws RangeError when the text has another character, or no pair is left before `size`
 */
export function trainBpe(text: string, size: number): BpeDefinition {
  const alien = /[^ -~]/u.exec(text);
  if (alien) {
    throw new RangeError(`trainBpe: "${alien[0]}" at ${alien.index} is no printable ASCII.`);
  }
  const spelled = text.replaceAll(" ", "Ġ");
  const characters = [...new Set(spelled)].sort();
  checkInteger("trainBpe: size", size, characters.length);
  const counted = countWords(text);
  const tokens = [...characters];
  const merges: [string, string][] = [];
  while (tokens.length < size) {
    const pair = mostFrequentPair(counted);
    if (pair === undefined) {
      throw new RangeError(
        `trainBpe: every word is one token at ${tokens.length} tokens; ${size} cannot be reached. Give more text.`,
      );
    }
    merges.push(pair);
    tokens.push(pair.join(""));
    for (const word of counted) merge(word, pair);
  }
  return definition(tokens, merges);
}

function countWords(text: string): CountedWord[] {
  const counts = new Map<string, number>();
  for (const [word] of text.matchAll(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Array.from(counts, ([word, count]) => ({ pieces: [...word.replaceAll(" ", "Ġ")], count }));
}

function mostFrequentPair(counted: CountedWord[]): [string, string] | undefined {
  const counts = new Map<string, number>();
  for (const { pieces, count } of counted) {
    for (let i = 0; i + 1 < pieces.length; i++) {
      const pair = `${pieces[i]} ${pieces[i + 1]}`;
      counts.set(pair, (counts.get(pair) ?? 0) + count);
    }
  }
  let [best, most] = ["", 0];
  for (const [pair, count] of counts) {
    if (count > most || (count === most && pair < best)) [best, most] = [pair, count];
  }
  return most === 0 ? undefined : (best.split(" ") as [string, string]);
}

/** Every place of the pair becomes one piece. */
function merge(word: CountedWord, [left, right]: [string, string]): void {
  const { pieces } = word;
  for (let i = 0; i + 1 < pieces.length; i++) {
    if (pieces[i] === left && pieces[i + 1] === right) pieces.splice(i, 2, left + right);
  }
}

function definition(tokens: string[], merges: [string, string][]): BpeDefinition {
  const vocab = Object.fromEntries(tokens.map((token, number) => [token, number]));
  return {
    version: "1.0",
    added_tokens: [],
    normalizer: null,
    post_processor: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true }, // prettier-ignore
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: "BPE", vocab, merges },
  };
}
