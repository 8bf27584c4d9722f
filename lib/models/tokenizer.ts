import { checkInteger } from "../core/checks";

/** Turns text into token numbers and back. */
export interface Tokenizer {
  /** Number of tokens, V; tokens are 0 … V−1. */
  readonly size: number;
  /** @throws RangeError when a piece of the text is no token */
  encode(text: string): number[];
  /** @throws RangeError when a number is no token */
  decode(tokens: ArrayLike<number>): string;
}

/**
 * Text as its UTF-8 bytes: 256 tokens, every text has an encoding, and nothing needs training.
 * Radford et al. 2019, section 2.2.
 */
export class ByteTokenizer implements Tokenizer {
  readonly size = 256;

  encode(text: string): number[] {
    return [...Buffer.from(text, "utf8")];
  }

  /** Bytes that are no UTF-8 (half of an "é") come out as U+FFFD. */
  decode(tokens: ArrayLike<number>): string {
    for (let t = 0; t < tokens.length; t++) {
      checkInteger(`ByteTokenizer.decode: tokens[${t}]`, tokens[t], 0, 255);
    }
    return Buffer.from(tokens as ArrayLike<number> & Iterable<number>).toString("utf8");
  }
}

/** Text as its characters (Unicode code points), each a token. */
export class CharacterTokenizer implements Tokenizer {
  readonly size: number;
  readonly #characters: string[];
  readonly #numbers: Map<string, number>;

  /** @param text its distinct characters, in Unicode's order, become the tokens */
  constructor(text: string) {
    this.#characters = [...new Set(text)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
    this.#numbers = new Map(this.#characters.map((character, number) => [character, number]));
    this.size = this.#characters.length;
  }

  encode(text: string): number[] {
    return Array.from(text, (character, position) => {
      const number = this.#numbers.get(character);
      if (number === undefined) {
        throw new RangeError(
          `CharacterTokenizer.encode: "${character}" at ${position} is none of the ` +
            `${this.size} characters "${this.#characters.join("")}".`,
        );
      }
      return number;
    });
  }

  decode(tokens: ArrayLike<number>): string {
    return Array.from(tokens, (token, t) => {
      checkInteger(`CharacterTokenizer.decode: tokens[${t}]`, token, 0, this.size - 1);
      return this.#characters[token];
    }).join("");
  }
}
