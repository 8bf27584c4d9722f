/**
 * Makes data/melville-bpe.json, data/melville.safetensors and its card: a byte-pair encoding of
 * Moby-Dick and a small GPT pretrained on the book. About two minutes:
 *
 *     node --import tsx scripts/data/melville.ts
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  BpeTokenizer,
  cosineSchedule,
  drawWindows,
  type Gpt,
  gpt,
  LanguageModelTrainer,
  melvilleGptConfig,
  melvilleText,
  melvilleHeldOut,
  type ModelCard,
  ready,
  Rng,
  saveCheckpoint,
  trainBpe,
} from "../../lib/index";

const data = join(__dirname, "..", "..", "data");
const [steps, batch, peak, weightDecay] = [1500, 16, 3e-3, 0.1];

/** The encoding of the whole book: its words decide what becomes a token. */
function makeTokenizer(): BpeTokenizer {
  const definition = trainBpe(melvilleText(), melvilleGptConfig.vocabulary);
  writeFileSync(join(data, "melville-bpe.json"), JSON.stringify(definition) + "\n");
  return new BpeTokenizer(definition);
}

function pretrain(tokens: number[], rng: Rng): Gpt {
  const model = gpt(melvilleGptConfig, rng.split("weights"));
  const trainer = new LanguageModelTrainer(model, { weightDecay });
  const windows = rng.split("windows");
  for (let step = 0; step < steps; step++) {
    const rows = drawWindows(tokens, batch, melvilleGptConfig.context, windows);
    const rate = cosineSchedule(step, peak, steps, { warmUp: 50, final: peak / 10 });
    const loss = trainer.step({ tokens: rows }, rate);
    if (step % 100 === 0) console.log(`${step} ${loss.toFixed(3)}`);
  }
  return model;
}

async function main(): Promise<void> {
  await ready();
  const tokenizer = makeTokenizer();
  const { training, heldOut } = melvilleHeldOut(tokenizer.encode(melvilleText()));
  const model = pretrain(training, new Rng("melville"));
  const file = join(data, "melville.safetensors");
  await saveCheckpoint(file, model, { step: steps });
  const trainer = new LanguageModelTrainer(model);
  const card: ModelCard = {
    title: "A GPT of two layers, width 64, four heads, that has read Moby-Dick",
    made: "node --import tsx scripts/data/melville.ts",
    training:
      `the first 98 % of Moby-Dick (small letters, 512 byte-pair tokens of data/melville-bpe.json), ${steps} steps of ` +
      `${batch} windows of ${melvilleGptConfig.context} tokens, AdamW ${peak}, weight decay ${weightDecay}, 50 steps of warm-up, cosine to a tenth`,
    licence: "Apache-2.0, as the course; the book is in the public domain",
    measured: {
      heldOutLoss: trainer.evaluate({ tokens: heldOut }),
      weights: model.parameterCount,
      tokens: training.length + heldOut.length * melvilleGptConfig.context,
    },
    sha256: createHash("sha256").update(readFileSync(file)).digest("hex"),
  };
  const text = JSON.stringify(card, null, 2) + "\n";
  writeFileSync(join(data, "melville.card.json"), text);
  console.log(text);
}

void main();
