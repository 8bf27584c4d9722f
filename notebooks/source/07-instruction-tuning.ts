// %% [markdown]
// # 07 · Language models and instruction tuning
//
// A language model goes on with a text. An assistant does what it is asked. This lesson builds the first and turns it
// into the second, with a handful of examples.
//
// **The claim.** Fine-tuned on demonstrations, a model's loss on fresh ones soon rises again: it overfits. Train on all the same, says
// InstructGPT's paper: what people think of its answers still gets better [1].
//
// **Before.** A model that was trained to predict text [2] has seen questions followed by answers, and also by more
// questions. Ask it something and it may go on with the next item of the list. One had to disguise a task as a text that the model would finish in the right way.
//
// **Since.** Instruction tuning is the first of InstructGPT's three steps, and of nearly every assistant after it. The other two, a
// reward model and reinforcement learning, are lessons 08 and 09.
//
// About an hour. You need logarithms, probabilities and a derivative.

// %%
import {
  bandChart, barChart, budget, chainGptConfig, chainPrompt, chainReplies, chainRows,
  chainText, chainTokens, chatPrompt, copyOf, copyWeights, cosineSchedule, drawChain,
  drawWindows, gpt, judgeChains, LanguageModelTrainer, linearSchedule, liveChart,
  logSumExp, mean, melvilleGptConfig, melvilleHeldOut, melvilleModel,
  melvillePrompts, melvilleText, melvilleTokenizer, packExamples, person, predict,
  progress, renderChat, reveal, Rng, Rollout, SimulatedHuman, softmax, table, tf,
  tick, trainBpe, wordsOf, type ChainExample, type ChatMarks, type Message,
} from "rlhf";

// %%
const { seeds, epochs, judged, pretraining } = budget({
  smoke: { seeds: 2, epochs: 12, judged: 60, pretraining: 10 },
  quick: { seeds: 5, epochs: 20, judged: 300, pretraining: 100 },
  full: { seeds: 20, epochs: 20, judged: 1000, pretraining: 1500 },
});

// %% [markdown]
// ## 1 · Tokens
//
// A model reads numbers. Letters are too short a unit, words too many. **Byte-pair encoding** [3] starts from letters, finds the pair of neighbours that occurs most often, makes
// one new token of it, and repeats. Here are the first merges it finds in *Moby-Dick*. (Ġ stands for a space.)

// %%
const book = melvilleText();
const first = trainBpe(book.slice(0, 200_000), 48).model.merges;
console.log(first.map(([a, b]) => `${a}+${b}`).join("  "));
const tokenizer = melvilleTokenizer(); // 512 tokens, from the whole book
const sentence = "call me ishmael. some years ago - never mind how long precisely";
const pieces = tokenizer.encode(sentence).map((token) => tokenizer.decode([token]));
console.log(pieces.join("|"));

// %% [markdown]
// Frequent words have become one token, rare ones stay in pieces: nothing is ever unknown. 512 tokens are few; GPT-2 has 50,257 [2].
//
// ## 2 · Two predictions
//
// Later we tune a small model on 64 demonstrations, twenty times over. **a.** After how many of the twenty passes (*epochs*) will the loss on *fresh* demonstrations be lowest? **b.** From there to
// the end, the answers that the model gives, when judged,

// %%
const guessEpoch = await predict(
  "After which epoch is the loss on fresh demonstrations lowest?",
  { unit: "epochs", min: 0, max: 20 },
);
const guessJudge = await predict("From there to the end the judged answers", {
  choices: ["get worse", "stay the same", "get better"],
});

// %% [markdown]
// ## 3 · A model of text
//
// A language model gives each next token a probability, given all before. A network computes a score (a **logit**) $z_v$ for each token $v$ and
//
// $$p(v)=\frac{e^{z_v}}{\sum_u e^{z_u}},\qquad L=-\frac1T\sum_t\log p(y_t\mid y_{<t}).$$
//
// The loss $L$, in nats a token, is how surprised the model is by the text, on average. Its slope is
//
// $$\frac{\partial L_t}{\partial z_v}=p(v)-[v=y_t]:$$
//
// *what was expected minus what happened*, as in lesson 03. Check it by nudging:

// %%
const logits = [1.2, -0.3, 0.4, 0];
const happened = 2;
const surprise = (z: number[]) => logSumExp(z) - z[happened];
const nudge = (v: number, by: number) => logits.map((z, u) => (u === v ? z + by : z));
table(
  logits.map((_, v) => ({
    token: v,
    formula: softmax(logits)[v] - (v === happened ? 1 : 0),
    numeric: (surprise(nudge(v, 1e-5)) - surprise(nudge(v, -1e-5))) / 2e-5,
  })),
  {
    caption: "Slope of the loss by each logit; token 2 is the one that came",
    digits: 6,
    columns: {
      token: { title: "token", digits: 0 },
      formula: "formula",
      numeric: "numeric",
    },
  },
);

// %% [markdown]
// Now train one: two layers, 137,000 weights, on the book. A model that knows nothing finds all 512 tokens equally likely: $\ln 512=6.24$ nats. The dashed line is where
// 1,500 steps lead, the model that ships with the course.

// %%
const tokens = tokenizer.encode(book);
const { training } = melvilleHeldOut(tokens); // the last 2 % stay unread
const reader = gpt(melvilleGptConfig, new Rng("reader"));
const readerTrainer = new LanguageModelTrainer(reader, {
  weightDecay: 0.1,
  xla: false,
});
const windows = new Rng("windows");
const live = liveChart({
  title: "Reading Moby-Dick",
  x: { title: "step", unit: "16 windows of 64 tokens" },
  y: { title: "loss", unit: "nats a token" },
  reference: [
    { y: Math.log(512), label: "knows nothing" },
    { y: 4, label: "1,500 steps" },
  ],
});

// %%
for (let step = 0; step < pretraining; step++) {
  const rate = cosineSchedule(step, 3e-3, pretraining, { final: 3e-4 });
  const rows = drawWindows(training, 16, 64, windows);
  const loss = readerTrainer.step({ tokens: rows }, rate);
  live.add(step, { "loss on the batch": loss });
  await tick();
}
live.finish();

// %%
const trained = melvilleModel();
const [novice, careful] = [reader, trained].map(
  (writer) => new Rollout(writer, { length: 32, temperature: 0.6 }),
);
const openings = (label: string) =>
  melvillePrompts(tokens, 12, 8, tokenizer, new Rng(label));
const write = (pen: Rollout, prompts: number[][]) => {
  const { tokens: rows, logp } = pen.run(prompts, new Rng("ink"));
  const texts = (rows.arraySync() as number[][]).map((row) => tokenizer.decode(row));
  tf.dispose([rows, logp]);
  return texts.map((text) => text.trim());
};

// %%
const pens = { "fresh from above": novice, "1,500 steps": careful };
table(
  Object.entries(pens).flatMap(([model, pen]) =>
    write(pen, openings("three"))
      .slice(0, 3)
      .map((text) => ({ model, text })),
  ),
  { caption: "Three openings of eight tokens, continued" },
);

// %% [markdown]
// ## 4 · You are the human
//
// How bold should a writer be? Dividing all logits by a **temperature** makes it careful (below 1) or wild (above). Two continuations by the same model, one at 0.6 and one at 1.2; you are not
// told which. Which reads more like a book? Twelve pairs; click, or press `1` and `2`.

// %%
const wild = new Rollout(trained, { length: 32, temperature: 1.2 });
const starts = openings("twelve");
const [calm, bold] = [careful, wild].map((pen) => write(pen, starts));
const sides = new Rng("sides");
const questions = calm.map((text, i) =>
  sides.bernoulli(0.5)
    ? { first: text, second: bold[i] }
    : { first: bold[i], second: text },
);

// %%
const vocabulary = new Set(wordsOf(book));
const spelling = (text: string) =>
  8 * mean(wordsOf(text).map((word) => (vocabulary.has(word) ? 1 : 0)));
const you = person<string>({
  task: "07-temperature",
  question: "Which reads more like a book?",
  standIn: new SimulatedHuman(spelling, { rng: new Rng("reader") }),
});
const labels = you.compare(questions);
const answers = await labels;
const forCalm = answers.filter(({ first, preference }) =>
  calm.includes(first) ? preference === 1 : preference === 0,
).length;
const who =
  labels.answeredBy === "person" ? "You" : "The stand-in, who likes real words,";
console.log(
  `${who} preferred temperature 0.6 in ${forCalm} of ${answers.length} pairs.`,
);

// %% [markdown]
// The careful one spells better and says less. Neither does anything that one *asks*: there is nothing in the book that looks like an instruction.
//
// ## 5 · A model that can, and does not listen
//
// To see instructions followed we need a task that can be marked. **Chain addition**: add digits modulo 10, writing each sum so far: 7 5 0 9 gives 2 2 1. The base model learns this from plain chains, without
// any instruction, in 200 steps, about a second.

// %%
const model = gpt(chainGptConfig, new Rng("chains"));
const trainer = new LanguageModelTrainer(model, { xla: false });
async function pretrain(rng: Rng) {
  const fresh = gpt(chainGptConfig, rng.split("weights"));
  copyWeights(fresh, model);
  fresh.dispose();
  trainer.restart();
  for (let step = 0; step < 200; step++) {
    const chains = Array.from({ length: 48 }, () => drawChain(undefined, 0.9, rng));
    const rate = linearSchedule(step, 3e-3, 200, { warmUp: 40, final: 3e-4 });
    trainer.step(chainRows(chains), rate);
    if (step % 20 === 0) await tick();
  }
}

// %%
await pretrain(new Rng("base"));
const rollout = new Rollout(model, { length: 12, stop: chainTokens.end });
const ask = (mode: "show" | "only" | undefined) => chainPrompt([7, 5, 0, 9], mode);
const prompts = [ask(undefined), ask("show"), ask("only")];
table(
  chainReplies(rollout, prompts, new Rng(1)).map((reply, i) => ({
    prompt: chainText(prompts[i]),
    reply: chainText(reply),
  })),
  { caption: "The base model: a plain chain, and two instructions it has never seen" },
);

// %% [markdown]
// ### A template
//
// A conversation becomes one row of tokens by a **chat template**: marks say who speaks. The *system prompt* comes first, the instruction of whoever runs the assistant: here [SHOW] the sums, or [ONLY] the answer. The loss counts
// **the assistant's tokens only**, and its [END]. The model is to learn to answer, not to ask.

// %%
const { system, user, assistant, end, show, padding } = chainTokens;
const marks: ChatMarks = { system, user, assistant, end };
const conversation: Message[] = [
  { role: "system", content: [show] },
  { role: "user", content: [7, 5, 0, 9] },
  { role: "assistant", content: [2, 2, 1] },
];
const example = renderChat(conversation, marks);
table(
  [
    { row: "tokens", value: chainText(example.tokens) },
    { row: "learned", value: example.mask.join("  ") },
    { row: "prompt", value: chainText(chatPrompt(conversation.slice(0, 2), marks)) },
  ],
  { caption: "A demonstration, what counts in it, and what the model is given" },
);

// %% [markdown]
// ## 6 · Build it
//
// Sixty-four demonstrations, half [SHOW], half [ONLY]; passes of eight steps; after each pass two measurements: the loss on 200 *fresh* demonstrations, and a **judge**, who reads *sampled* answers to fresh
// problems and gives a point for the right form and a point for the right answer in it.

// %%
const fresh = new Rng("fresh");
const validation = chainRows(
  Array.from({ length: 200 }, (_, i) => drawChain(i % 2 ? "show" : "only", 0, fresh)),
);
const demonstrations = (rng: Rng, count: number) =>
  Array.from({ length: count }, (_, i) => drawChain(i % 2 ? "show" : "only", 0, rng));

// %%
type Learn = "replies" | "prompts" | "all";
async function* tune(examples: ChainExample[], rng: Rng, learn: Learn = "replies") {
  trainer.restart();
  for (let epoch = 0; epoch <= epochs; epoch++) {
    const loss = trainer.evaluate(validation);
    yield { epoch, loss, ...judgeChains(rollout, judged, new Rng("judge")) };
    const shuffled = rng.shuffle(examples);
    for (let i = 0; i < shuffled.length; i += 8)
      trainer.step(chainRows(shuffled.slice(i, i + 8), learn), 1e-3);
    await tick();
  }
}

// %% [markdown]
// **Your turn.** The exercise notebook [`exercises/release/07-instruction-tuning`](../exercises/release/07-instruction-tuning/07-instruction-tuning.ipynb) leaves four functions open: a merge of byte-pair encoding, the
// masked loss, the mask of a conversation, and temperature.
//
// ## 7 · Probe: a row is a row
//
// Short examples waste space when each has a row of its own. **Packing** puts several into one, with attention kept inside each. If it is right, the loss must be *the same number*, under any weights. And the loss of a model that knows nothing must be $\ln 17$:

// %%
const few = demonstrations(new Rng("few"), 16);
const asChat = few.map(({ prompt, reply }) => ({
  tokens: [...prompt, ...reply],
  mask: [...prompt.map(() => 0), ...reply.map(() => 1)],
}));
const packed = packExamples(asChat, 36, padding);

// %%
const wide = gpt({ ...chainGptConfig, context: 36 }, new Rng("any weights will do"));
const wideTrainer = new LanguageModelTrainer(wide);
const blank = gpt(chainGptConfig, new Rng("blank"), { scale: 1e-6 });
const blankTrainer = new LanguageModelTrainer(blank);
table(
  [
    { what: "16 rows of one example", loss: wideTrainer.evaluate(chainRows(few)) },
    {
      what: `packed into ${packed.tokens.length} rows`,
      loss: wideTrainer.evaluate(packed),
    },
    { what: "a model that knows nothing", loss: blankTrainer.evaluate(chainRows(few)) },
    { what: "ln 17", loss: Math.log(17) },
  ],
  { caption: "Loss, nats a token of the replies", digits: 6 },
);

// %% [markdown]
// ## 8 · Experiment: overfitted, and better
//
// A new base model and 64 new demonstrations for each seed.

// %%
const bases: (typeof model)[] = []; // one a seed, for everything that is tried on it
async function course(seed: number, learn: Learn = "replies", count = 64) {
  const rng = new Rng(`seed ${seed}`);
  if (bases[seed]) copyWeights(bases[seed], model);
  else {
    await pretrain(rng.split("base"));
    bases[seed] = copyOf(model);
  }
  const examples = demonstrations(rng.split("demonstrations"), count);
  const marks = [];
  for await (const mark of tune(examples, rng.split("order"), learn)) marks.push(mark);
  return marks;
}
type Mark = Awaited<ReturnType<typeof course>>[number];
const track = (runs: Mark[][], pick: (mark: Mark) => number) =>
  runs.map((marks) => marks.map(pick));

// %%
const runs: Mark[][] = [];
const bar = progress(seeds, { label: "Seeds" });
for (let seed = 0; seed < seeds; seed++) {
  runs.push(await course(seed));
  bar.step();
}
bar.finish();

// %%
const epochAxis = { title: "epoch", unit: "64 demonstrations" };
bandChart(
  { "fresh demonstrations": track(runs, (mark) => mark.loss) },
  {
    title: "The loss turns",
    caption: `Mean and 95 % band over ${seeds} seeds; thin lines: seeds.`,
    x: epochAxis,
    y: { title: "loss", unit: "nats a token of the replies" },
    runs: true,
  },
);

// %%
bandChart(
  { judge: track(runs, (mark) => mark.score) },
  {
    title: "The judge is pleased all the same",
    caption: `Form and right answer, ${2 * judged} sampled answers an epoch.`,
    x: epochAxis,
    y: { title: "judged score", unit: "points of 2", domain: [0, 2] },
    runs: true,
  },
);

// %%
const lowest = runs.map((marks) =>
  marks.reduce((low, { loss }, epoch) => (loss < marks[low].loss ? epoch : low), 0),
);
const atLowest = runs.map((marks, i) => marks[lowest[i]]);
const atEnd = runs.map((marks) => marks[marks.length - 1]);
const lossRise = mean(atEnd.map(({ loss }, i) => loss / atLowest[i].loss - 1));
const scoreRise = mean(atEnd.map(({ score }, i) => score - atLowest[i].score));
console.log(`lowest loss after epoch ${mean(lowest).toFixed(1)} on average`);
console.log(`from there the loss rises by ${(100 * lossRise).toFixed(0)} %,`);
console.log(`and the judged score by ${scoreRise.toFixed(2)} points`);

// %% [markdown]
// Both halves of the claim. But *what* got better? The judge's two points, apart:

// %%
const before = runs.map((marks) => marks[0]);
const stages = { "before tuning": before, "lowest loss": atLowest, "the end": atEnd };
const shares = Object.entries(stages).map(([when, marks]) => ({
  when,
  showForm: mean(marks.map(({ show }) => show.format)),
  showRight: mean(marks.map(({ show }) => show.right)),
  onlyForm: mean(marks.map(({ only }) => only.format)),
  onlyRight: mean(marks.map(({ only }) => only.right)),
}));

// %%
table(shares, {
  caption: "Shares of sampled answers, mean over seeds",
  columns: {
    when: "when",
    showForm: { title: "SHOW: right form", format: ".0%" },
    showRight: { title: "SHOW: right answer", format: ".0%" },
    onlyForm: { title: "ONLY: right form", format: ".0%" },
    onlyRight: { title: "ONLY: right answer", format: ".0%" },
  },
});

// %% [markdown]
// Mostly the **form**. The model learned *how* to answer, and that is what 64 examples can teach: they show which of its abilities is wanted. They cannot teach
// an ability that it has not. [ONLY] asks for an addition in the head, which this model never learned; its right answers stay at one in ten, which is chance, and its rising loss is the loss of
// somebody who learned 32 answers by heart. And there is a price: shown sums were nearly always right before the tuning and much less often after. InstructGPT's authors met
// this too and called it the **alignment tax** [1].
//
// Be careful with the second half, though. Over-training makes a model *surer* of what it says, and our judge reads *sampled* answers, so part of the gain is that it samples less wildly. Over 20 seeds the sampled answers gain
// 0.16 points from the lowest loss on; judged by its single likeliest answer the model gains 0.10, and on some seeds nothing ([RESULTS.md](../RESULTS.md)).
//
// ## 9 · Break it
//
// **Learn everything.** Count all tokens, the prompts too. More to learn from each example: better?

// %%
const everything: Mark[][] = [];
for (let seed = 0; seed < seeds; seed++) everything.push(await course(seed, "all"));
const endOf = (marks: Mark[]) => marks[marks.length - 1].score;
bandChart(
  {
    "replies only": track(runs, (mark) => mark.score),
    "all tokens": track(everything, (mark) => mark.score),
  },
  {
    title: "What the loss counts",
    caption: `Mean and 95 % band over the same ${seeds} seeds.`,
    x: epochAxis,
    y: { title: "judged score", unit: "points of 2", domain: [0, 2] },
  },
);

// %% [markdown]
// Worse on average, by 0.19 points over 20 seeds, though not on every seed: look at the band. The prompts are random digits, which nobody can predict; most of each step is spent on learning noise, and what the model could do is overwritten.
//
// **Three more.** Learn *the prompts only* (the mask turned round); eight demonstrations; and a template that moves every digit by two places. The last needs no training at all: the base model is asked
// for plain chains, once where it learned them and once two places to the left.

// %%
const turned = endOf(await course(0, "prompts"));
const eight = endOf(await course(0, "replies", 8));
copyWeights(bases[0], model);
const problems = Array.from({ length: 2 * judged }, () =>
  drawChain(undefined, 0, fresh),
);
const solved = (skip: number) => {
  const asked = problems.map(({ prompt }) => prompt.slice(skip));
  const replies = chainReplies(rollout, asked, new Rng("shift"));
  return mean(replies.map((r, i) => (r.join() === problems[i].reply.join() ? 1 : 0)));
};
const [inPlace, shifted] = [solved(0), solved(2)];

// %%
barChart(
  [
    { label: "replies only", value: mean(runs.map(endOf)) },
    { label: "all tokens", value: mean(everything.map(endOf)) },
    { label: "eight examples", value: eight },
    { label: "prompts only", value: turned },
  ],
  {
    title: "Judged score at the end",
    x: "how it was tuned",
    y: { title: "judged score", unit: "points of 2" },
  },
);

// %%
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
console.log(`plain chains right where they were learned: ${percent(inPlace)}`);
console.log(`the same chains, two places to the left:    ${percent(shifted)}`);

// %% [markdown]
// The shift is the most instructive. The digits are the same, the question is the same, only their *places* in the row are not, and a model with learned positions has never seen them there. When a fine-tuned model is suddenly stupid, look
// at the template first: a missing system prompt, a space too many, the wrong mark.
//
// ## 10 · Look back

// %%
await reveal(guessEpoch, mean(lowest));
await reveal(
  guessJudge,
  scoreRise > 0.02 ? "get better" : scoreRise < -0.02 ? "get worse" : "stay the same",
);

// %% [markdown]
// **What to take along**
// - A language model's loss is its surprise; the slope is *expected minus happened*.
// - A template is part of the model. Change it and the skill may be gone.
// - Count the loss on the assistant's tokens only.
// - A few examples teach form, not ability; and they cost some ability.
// - Loss on fresh demonstrations and the quality that people see are two things. Measure what you want.
//
// **From here to lesson 09.** The tuned model is the *reference* from which reinforcement learning starts. What 64 demonstrations could not teach, whether an answer is *right*, a reward can.
//
// **An open question.** Our judge is a program that knows the right answer. For most of what people ask there is none, and the judge is a person, or a model of one. What happens to the second curve then? That is lesson 08, and 10.
//
// **References**
// 1. L. Ouyang et al. (2022). Training language models to follow instructions with human feedback. [arXiv:2203.02155](https://arxiv.org/abs/2203.02155): section 3.5 (overfitting), section 4.2 (alignment tax).
// 2. A. Radford et al. (2019). Language models are unsupervised multitask learners. OpenAI.
// 3. R. Sennrich, B. Haddow, A. Birch (2016). Neural machine translation of rare words with subword units. [arXiv:1508.07909](https://arxiv.org/abs/1508.07909).
