import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { BpeTokenizer } from "../../lib/models/bpeTokenizer";
import { FileFormatError } from "../../lib/models/safetensors";
import { ByteTokenizer, CharacterTokenizer } from "../../lib/models/tokenizer";
import { trainBpe } from "../../lib/models/trainBpe";
import { readOracle } from "./oracles/read";

describe("ByteTokenizer", () => {
  it("writes é as the two bytes of UTF-8", () => {
    assert.deepEqual(new ByteTokenizer().encode("é!"), [0xc3, 0xa9, 33]);
  });

  it("gives every text back", () => {
    const bytes = new ByteTokenizer();
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        (text) => bytes.decode(bytes.encode(text)) === text,
      ),
    );
  });

  it("refuses what is no byte", () => {
    assert.throws(
      () => new ByteTokenizer().decode([65, 256]),
      /tokens\[1\] must be an integer in \[0, 255\], got 256/,
    );
  });
});

describe("CharacterTokenizer", () => {
  it("numbers the characters in order and gives the text back", () => {
    const characters = new CharacterTokenizer("banana 🐳");
    assert.equal(characters.size, 5);
    assert.deepEqual(characters.encode("nab 🐳"), [3, 1, 2, 0, 4]);
    assert.equal(characters.decode([2, 1, 3, 4]), "ban🐳");
  });

  it("names the character that it does not know, and where", () => {
    assert.throws(
      () => new CharacterTokenizer("abc").encode("abz"),
      /"z" at 2 is none of the 3 characters "abc"/,
    );
    assert.throws(() => new CharacterTokenizer("abc").decode([3]), RangeError);
  });
});

describe("BpeTokenizer", () => {
  const path = join(__dirname, "oracles/bpe-tokenizer.json");
  const bpe = BpeTokenizer.read(path);
  const cases = readOracle("bpe.json") as { text: string; tokens: number[] }[];

  it("encodes as Hugging Face's tokenizers do in Rust, bytes it has never seen included", () => {
    assert.equal(bpe.size, 320);
    for (const { text, tokens } of cases) assert.deepEqual(bpe.encode(text), tokens);
    assert.ok(cases[0].tokens.length < cases[0].text.length / 2); // it did merge
  });

  it("gives every text back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => bpe.decode(bpe.encode(text)) === text),
    );
    for (const { text } of cases) assert.equal(bpe.decode(bpe.encode(text)), text);
  });

  it("names the character that is in none of its tokens, as it would be lost", () => {
    const narrow = new BpeTokenizer(trainBpe("the whale the whale", 9));
    assert.equal(narrow.decode(narrow.encode("what a thaw")), "what a thaw");
    assert.deepEqual(narrow.encode(""), []);
    assert.throws(() => narrow.encode("the café"), /"c" is in none of the 9 tokens/);
    assert.throws(() => narrow.encode("thé"), /"é" is in none of the 9 tokens/);
  });

  it("refuses a token beyond its size and a file of another kind", () => {
    assert.throws(() => bpe.decode([320]), RangeError);
    assert.throws(
      () => new BpeTokenizer({ model: { type: "WordPiece", vocab: {} } }),
      FileFormatError,
    );
    assert.throws(() => new BpeTokenizer({}), /got an object without model/);
    assert.throws(() => BpeTokenizer.read(join(__dirname, "oracles/README.md")), /is not JSON/);
  });
});
