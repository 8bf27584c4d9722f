import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { melvilleHeldOut, melvilleModel, melvillePrompts, melvilleTokenizer } from "../../lib/algorithms/melvilleModel"; // prettier-ignore
import { LanguageModelTrainer } from "../../lib/algorithms/sft";
import { Rng } from "../../lib/core/rng";
import { distinctShare, melvilleText, plain, sentiment, sentimentOfDistinctWords, wordsOf } from "../../lib/environments/melville"; // prettier-ignore
import { BpeTokenizer } from "../../lib/models/bpeTokenizer";
import { modelCard } from "../../lib/models/shippedModel";
import { trainBpe } from "../../lib/models/trainBpe";
import { ready, tf } from "../../lib/tensor";

describe("Moby-Dick", () => {
  it("is the whole book in small letters", () => {
    const text = melvilleText();
    assert.ok(text.length > 1_180_000 && text.length < 1_220_000, `${text.length} characters`);
    assert.match(text, /call me ishmael\. some years ago-never mind how long precisely/);
    assert.match(text, /^[a-z.,;:!?'"\- ]+$/);
  });

  it("is worth what AFINN-111 says of its words", () => {
    // good +3, great +3, bad −3; "goodly" is not in the list
    assert.equal(sentiment("Good, GREAT! good - bad goodly"), 6);
    assert.equal(sentimentOfDistinctWords("Good, GREAT! good - bad goodly"), 3);
    assert.equal(sentiment("the white whale"), 0);
    assert.deepEqual(wordsOf("Don't — 'stop'"), ["don't", "stop"]);
    assert.equal(distinctShare("great great great sea"), 0.5);
    assert.equal(plain("“Ahab’s”\n—déjà"), '"ahab\'s" -deja');
  });
});

describe("trainBpe", () => {
  it("merges the most frequent pair first, and its encoding gives the text back", () => {
    // "ab" occurs four times, " a" three times
    const definition = trainBpe("ab ab ab abc", 5);
    assert.deepEqual(definition.model.merges, [["a", "b"]]);
    const tokenizer = new BpeTokenizer(definition);
    assert.equal(tokenizer.size, 5);
    assert.equal(tokenizer.decode(tokenizer.encode("ab abc")), "ab abc");
  });

  it("made the encoding that ships with the course", () => {
    const shipped = join(__dirname, "..", "..", "data", "melville-bpe.json");
    const merges = (JSON.parse(readFileSync(shipped, "utf8")) as ReturnType<typeof trainBpe>).model.merges; // prettier-ignore
    const learned = trainBpe(melvilleText(), 60).model.merges;
    assert.deepEqual(merges.slice(0, learned.length), learned);
  });

  it("refuses letters it does not know, and a size that cannot be reached", () => {
    assert.throws(() => trainBpe("naïve", 10), /"ï" at 2/);
    assert.throws(() => trainBpe("ab", 4), /every word is one token at 3 tokens/);
  });
});

describe("the model that has read it", () => {
  it("is as good as its card says on the part it has not read", async () => {
    await ready();
    const tensors = tf.memory().numTensors;
    const tokenizer = melvilleTokenizer();
    const tokens = tokenizer.encode(melvilleText());
    assert.equal(tokenizer.decode(tokens.slice(0, 40)), melvilleText().slice(0, tokenizer.decode(tokens.slice(0, 40)).length)); // prettier-ignore
    const { training, heldOut } = melvilleHeldOut(tokens);
    assert.deepEqual(heldOut[0], tokens.slice(training.length, training.length + 64));
    const model = melvilleModel();
    const trainer = new LanguageModelTrainer(model);
    const { measured } = modelCard("melville");
    const loss = trainer.evaluate({ tokens: heldOut });
    assert.ok(Math.abs(loss - measured.heldOutLoss) < 1e-3, `${loss}`);
    assert.ok(loss < 4.1);
    assert.equal(model.parameterCount, measured.weights);
    const prompts = melvillePrompts(tokens, 5, 8, tokenizer, new Rng("prompts"));
    for (const prompt of prompts) assert.match(tokenizer.decode(prompt), /^ /);
    trainer.dispose();
    model.dispose();
    assert.equal(tf.memory().numTensors, tensors, "tensors are disposed of");
  });
});
