import { checkInteger } from "../core/checks";
import { readNamedFile } from "../core/files";
import { FileFormatError } from "./safetensors";
import type { Tokenizer } from "./tokenizer";

/** What is used of `@huggingface/tokenizers`: its declarations are for ES modules only. */
interface Library {
  Tokenizer: new (
    tokenizer: Record<string, unknown>,
    config: Record<string, unknown>,
  ) => {
    encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
    decode(ids: number[], options: { clean_up_tokenization_spaces: boolean }): string;
  };
}

/**
 * Byte-pair encoding: the most frequent pair of neighbours becomes a new token, again and again.
 *
 * Sennrich, Haddow & Birch 2016, arXiv:1508.07909; on bytes, as in GPT-2, so that every text has
 * an encoding where all bytes are tokens. Reads the `tokenizer.json` that Hugging Face's tokenizers write, whose library does
 * the work.
 *
 *     const bpe = BpeTokenizer.read("data/melville-bpe.json");
 *     bpe.decode(bpe.encode("the white whale")); // "the white whale"
 */
export class BpeTokenizer implements Tokenizer {
  /** V, the number of tokens. */
  readonly size: number;
  readonly #library: InstanceType<Library["Tokenizer"]>;
  readonly #known = new Set<string>();

  /**
   * @param definition the object in a `tokenizer.json`
   * @throws FileFormatError when it is not the definition of a BPE tokenizer
   */
  constructor(definition: unknown) {
    const model = (
      definition as { model?: { type?: string; vocab?: Record<string, number> } } | null
    )?.model;
    if (model?.type !== "BPE" || typeof model.vocab !== "object") {
      throw new FileFormatError(
        `BpeTokenizer: expected a tokenizer.json with a model of type "BPE" and its vocab, got ` +
          `${model === undefined ? "an object without model" : `type ${JSON.stringify(model.type)}`}.`,
      );
    }
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- see Library
    const { Tokenizer: Implementation } = require("@huggingface/tokenizers") as Library;
    this.#library = new Implementation(definition as Record<string, unknown>, {});
    const added = (definition as { added_tokens?: { id: number }[] }).added_tokens ?? [];
    this.size = 1 + Math.max(...Object.values(model.vocab), ...added.map(({ id }) => id));
  }

  /** @throws FileFormatError when the file is no tokenizer.json of a BPE tokenizer */
  static read(path: string): BpeTokenizer {
    const text = readNamedFile(path).toString("utf8");
    let definition: unknown;
    try {
      definition = JSON.parse(text);
    } catch (error) {
      throw new FileFormatError(`${path}: is not JSON (${(error as Error).message}).`);
    }
    return new BpeTokenizer(definition);
  }

  /**
   * The tokens of a text.
   *
   * @returns [T] token numbers, each in [0, V); none for an empty text. No special token is added.
   * @throws RangeError when a character is in no token, as the library would leave it out
   */
  encode(text: string): number[] {
    for (const character of new Set(text)) this.#checkKnown(character);
    return this.#tokens(text);
  }

  #checkKnown(character: string): void {
    if (this.#known.has(character)) return;
    if (this.#tokens(character).length === 0) {
      throw new RangeError(
        `BpeTokenizer.encode: "${character}" is in none of the ${this.size} tokens: the text they were ` +
          `learned from does not have it. Leave it out.`,
      );
    }
    this.#known.add(character);
  }

  #tokens(text: string): number[] {
    return this.#library.encode(text, { add_special_tokens: false }).ids;
  }

  /**
   * The text of some tokens; bytes that are no UTF-8 (a token that ends within an "é") come out as U+FFFD.
   *
   * @param tokens [T] token numbers
   * @throws RangeError when one is not in [0, V)
   */
  decode(tokens: ArrayLike<number>): string {
    const ids = Array.from(tokens, (token, t) => {
      checkInteger(`BpeTokenizer.decode: tokens[${t}]`, token, 0, this.size - 1);
      return token;
    });
    return ids.length === 0
      ? ""
      : this.#library.decode(ids, { clean_up_tokenization_spaces: false });
  }
}
