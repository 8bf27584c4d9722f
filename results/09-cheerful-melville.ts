import {
  copyOf,
  distinctShare,
  drawWindows,
  languageModelLoss,
  logRatios,
  mean,
  melvilleHeldOut,
  melvilleModel,
  melvillePrompts,
  melvilleText,
  melvilleTokenizer,
  Rlhf,
  Rng,
  sentiment,
  sentimentOfDistinctWords,
  tf,
  tokenAdvantages,
  tokenRewards,
} from "../lib/index";
import { type Figure, summary, type Recipe, type Values } from "./recipe";

interface Way {
  title: string;
  reward: (text: string) => number;
  beta: number;
  rounds: number;
  rate: number;
  mix?: number; // weight of the pretraining text
}
const distinct = { reward: sentimentOfDistinctWords, beta: 0.5, rounds: 30, rate: 1e-3 };
const ways: Record<string, Way> = {
  reference: { title: "the reference", ...distinct, rounds: 0 },
  distinct: { title: "each word once, β = 0.5", ...distinct },
  dear: { title: "each word once, β = 1", ...distinct, beta: 1 },
  mixed: { title: "β = 0.5, the book mixed in", ...distinct, mix: 0.3 },
  plain: { title: "plain sum, β = 0.2", reward: sentiment, beta: 0.2, rounds: 40, rate: 2e-3 },
};
const bars: Record<string, Partial<Figure>> = {
  "cheer distinct": { atLeast: 1.5 },
  "kl distinct": { atMost: 20 },
  "words distinct": { atLeast: 0.85 },
  "words plain": { atMost: 0.4 },
};

/** The book, its model, and one run of PPO that is started over for each seed. */
function openBook() {
  const tokenizer = melvilleTokenizer();
  const { training, heldOut } = melvilleHeldOut(tokenizer.encode(melvilleText()));
  const reference = melvilleModel();
  const author = copyOf(reference);
  const sizes = { length: 32, epochs: 2, minibatches: 2 };
  const run = new Rlhf(author, reference, new Rng("critic"), sizes);
  const unseen = tf.keep(tf.tensor2d(heldOut, undefined, "int32"));
  return {
    run,
    training,
    /** So many texts of openings drawn anew. */
    write: (count: number, rng: Rng) => {
      const samples = run.sample(melvillePrompts(training, count, 8, tokenizer, rng), rng);
      return { samples, texts: samples.tokens.map((tokens) => tokenizer.decode(tokens.slice(8))) };
    },
    /** Nats a token on the end of the book, which nobody has read. */
    loss: (): number => tf.tidy(() => languageModelLoss(author, unseen).dataSync()[0]),
  };
}
let book: ReturnType<typeof openBook> | undefined;

function train(
  { run, training, write }: ReturnType<typeof openBook>,
  { reward, beta, rounds, rate, mix }: Way,
  rng: Rng,
): void {
  run.restart();
  const draw = () => tf.tensor2d(drawWindows(training, 24, 32, rng), undefined, "int32");
  for (let round = 0; round < rounds; round++) {
    const { samples, texts } = write(96, rng);
    const advantages = tokenAdvantages(samples, tokenRewards(samples, texts.map(reward), beta));
    run.update(samples, advantages, rate, rng, mix ? { draw, weight: mix } : undefined);
  }
}

export const recipe: Recipe = {
  title: "A cheerful Melville",
  about:
    "A GPT of 137,000 weights that has read Moby-Dick continues openings of 8 tokens by 24. Reward: the valences of its words (AFINN-111). PPO, " +
    "96 texts a round, 2 epochs of 2 minibatches, Adam 1e-3, 30 rounds; the plain sum, which pays a word each time, 40 rounds of Adam 2e-3. " +
    "Mixed in: 24 windows of the book in each step, weight 0.3. Afterwards 384 texts; the loss is that on the last 2 % of the book, nats a token.",
  seeds: { smoke: 1, quick: 5, full: 5 },
  run(seed): Values {
    book ??= openBook();
    const values: Record<string, number> = {};
    for (const [name, way] of Object.entries(ways)) {
      const rng = new Rng(`${name} ${seed}`);
      train(book, way, rng);
      const batches = [0, 1, 2, 3].map(() => book!.write(96, rng));
      const texts = batches.flatMap((batch) => batch.texts);
      values[`cheer ${name}`] = mean(texts.map(sentiment));
      values[`kl ${name}`] = mean(batches.flatMap(({ samples }) => Array.from(logRatios(samples))));
      values[`words ${name}`] = mean(texts.map(distinctShare));
      values[`loss ${name}`] = book.loss();
    }
    return values;
  },
  report(rows) {
    const kinds = {
      cheer: { title: "sum of valences a text", digits: 2 },
      kl: { title: "KL(π‖π_ref) (nats a text)", digits: 1 },
      words: { title: "share of distinct words", digits: 2 },
      loss: { title: "loss on unread text (nats a token)", digits: 3 },
    };
    const figures: Record<string, Figure> = {};
    for (const [way, { title }] of Object.entries(ways))
      for (const [kind, figure] of Object.entries(kinds)) {
        const key = `${kind} ${way}`;
        figures[key] = { ...figure, title: `${title}: ${figure.title}`, ...bars[key] };
      }
    return summary(rows, figures);
  },
};
