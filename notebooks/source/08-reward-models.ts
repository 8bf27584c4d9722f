// %% [markdown]
// # 08 · Reward models: a judge learned from comparisons
//
// A person can say which of two answers is better. A training run needs a number for each of a million answers. Between the two stands a
// **reward model**: a function that has learned from people's verdicts to give numbers of its own.
//
// **The claim.** The loss of Bradley and Terry's model, with a network in the place of a table of strengths, turns comparisons of answers into a reward
// for answers nobody has compared: Christiano et al. 2017 [1], and for language models Stiennon et al. 2020 [2] and InstructGPT [3], equation 1.
//
// **Before.** Lesson 03 gave every *thing* a number. That works for seven teams. It says nothing about an eighth, and of the things a language model can
// say hardly any is ever said twice. Before 2017 one wrote the reward by hand, or counted overlapping words with a reference text, which people
// did not agree with [2].
//
// **Since.** Every large assistant trained with human feedback had one [3, 4]. This lesson asks what such a judge can know: how good it can be at best,
// how many labels that takes, whether its “80 %” means 80 %, and what it learns that nobody meant to teach.
//
// About an hour. You need lesson 03 (Bradley–Terry).

// %%
import {
  accuracyCeiling, bagOfCounts, bandChart, bestOfNCurve, budget, calibrationSlope,
  cautiousReward, centredRewards, chosenThenRejected, countsAndFirstWord, dotChart,
  drawBatch, drawReplyPairs, ExactBestOfN, ExactReplies, expectation,
  expectedCalibrationError, fitReplyReward, fitShortReplyReward, goldTables,
  GptReward, lineChart, livePicture, logSigmoid, marginRewardLoss, mean,
  networkRewardSteps, orders, orderText, pairAccuracy, pairwiseRewardLoss, parseOrder,
  parseReply, person, predict, progress, reliability, replyOf, replyPairsFrom,
  replyReference, replyText, reveal, Rng, rubric, scatterChart,
  shortDemonstratorLogProbabilities, shortGoldTables, shortReplyLengths,
  shortRewardTable, sigmoid, SimulatedHuman, table, tableSampler, tf, tick,
  trainNetworkReward, trueFeatures, withLength, worstCaseReward, type ReplyPair,
} from "rlhf";

// %%
const { seeds, netSeeds, few, large } = budget({
  smoke: { seeds: 2, netSeeds: 2, few: 2, large: 600 },
  quick: { seeds: 5, netSeeds: 5, few: 3, large: 3000 },
  full: { seeds: 20, netSeeds: 10, few: 5, large: 3000 },
});
const sizes = budget({
  smoke: [100, 1000],
  quick: [100, 300, 1000, 3000, 10000],
  full: [100, 300, 1000, 3000, 10000, 30000],
});
const noises = { taus: [0.25, 0.5, 1, 2, 4], flips: [0, 0.1, 0.2, 0.3, 0.4, 0.5] };
const { taus, flips } = budget({
  smoke: { taus: [0.5, 4], flips: [0, 0.5] },
  quick: noises,
  full: noises,
});

// %% [markdown]
// ## 1 · The world
//
// Somebody orders two things, “order tea, then cake”. The assistant answers with five of eight words: hello, please, thanks, tea, cake,
// milk, “!” and “um”. That makes 32,768 possible answers to each of six orders.
//
// A formula says what each answer is truly worth, the **gold reward** $r$: a point for a greeting, a point for each thing that
// was asked for, half a point for the right order, politeness that is best with two polite words and turns sour beyond,
// points off for “um” and for shouting. In real life nobody has this formula. Here we have it, hide it from every
// reward model, and use it to mark them.
//
// Answers come from a small GPT that imitates sloppy demonstrations. Simulated people compare two of them, and prefer $y$ to $y'$ with probability
// $\sigma(r(y)-r(y'))$, where $\sigma(z)=1/(1+e^{-z})$: mostly the better one, not always.

// %%
const exact = new ExactReplies(replyReference());
const reference = exact.logProbabilities(); // log-probability of every answer
const gold = goldTables(); // what every answer is worth
const fresh = drawReplyPairs(reference, gold, 20000, new Rng("held out"));
const show = (order: number, y: number) =>
  `${replyText(replyOf(y))} (${gold[order][y].toFixed(1)})`;
table(
  fresh.slice(0, 5).map(({ order, chosen, rejected }) => ({
    order: orderText(orders[order]),
    chosen: show(order, chosen),
    rejected: show(order, rejected),
  })),
  { caption: "Five verdicts of simulated people; in brackets the gold reward" },
);

// %% [markdown]
// ## 2 · Two predictions
//
// **a.** A judge who knows the gold reward *exactly* predicts fresh verdicts of these people. In what share of them is he right?
//
// **b.** You have 100 verdicts. Two judges learn from them: one sees only how often each word occurs (7 numbers), one is a network that sees every word in its
// place (about 7,000 weights) and could learn the gold reward. Which one is right more often on fresh verdicts?

// %%
const guessCeiling = await predict(
  "In what share of fresh verdicts is a perfect judge right?",
  { unit: "of the verdicts", min: 0, max: 1 },
);
const guessSimple = await predict("Which judge is better after 100 verdicts?", {
  choices: ["the one that counts words", "the network", "both alike"],
});

// %% [markdown]
// ## 3 · You are the human
//
// Twenty pairs. Which answer would you rather hear, had you ordered? Below the question a reward model learns from you, from the first click on.
// It is a small one: eight numbers describe an answer (how often each word occurs, and whether hello comes first), and each gets a weight. **Before** it is shown
// your verdict it says what it expects, so every verdict is at first held out. How many does it foretell? Click, or press `1`, `2`, or `3` for “equal”. If nobody is
// here, a simulated guest who knows the formula answers, and the output says so.

// %%
const asked = drawReplyPairs(reference, gold, 20, new Rng("your pairs"));
const questions = asked.map(({ order, chosen, rejected }, i) => {
  const [a, b] = [chosen, rejected].map((y) => replyText(replyOf(y)));
  const prompt = orderText(orders[order]);
  return i % 2 ? { prompt, first: a, second: b } : { prompt, first: b, second: a };
});
const worth = (reply: string, prompt = "") =>
  gold[parseOrder(prompt)][parseReply(reply)];
const guest = new SimulatedHuman(worth, { rng: new Rng("guest") });
const you = person<string>({
  task: "08-replies",
  question: "Which answer would you rather hear?",
  standIn: guest,
});

// %%
const learn = (pairs: ReplyPair[]) =>
  fitReplyReward(countsAndFirstWord, pairs, { ridge: 0.3 });
const foretold: number[] = []; // 1: as expected, 0: not, ½: had no opinion
const { names } = countsAndFirstWord;
const picture = livePicture();

// %%
const labelling = you.compare(questions);
const known: ReplyPair[] = [];
let pupil: ReturnType<typeof learn> | undefined; // knows the verdicts before this one
for await (const answer of labelling) {
  const [pair] = replyPairsFrom([answer]); // none, if the two were equal
  foretold.push(pair && pupil ? pairAccuracy(pupil.tables, [pair]) : 0.5);
  if (!pair) continue;
  known.push(pair);
  pupil = learn(known);
  picture.draw(
    dotChart(
      [...pupil.weights].map((value, f) => ({ label: names[f], value })),
      { title: `After ${known.length} verdicts`, value: "worth of a word (nats)" },
    ),
  );
}
picture.finish();

// %%
const whose = labelling.answeredBy === "person" ? "Your" : "The simulated guest's";
const halves = [foretold.slice(0, 10), foretold.slice(10)].map(
  (half) => `${half.reduce((a, b) => a + b, 0)} of ${half.length}`,
);
console.log(
  `${whose} first ten verdicts: foretold ${halves[0]}; the rest: ${halves[1]}`,
);

// %% [markdown]
// Twenty verdicts are few, and chance alone foretells half of them. Still the weights have an opinion already. Which of them do you recognise as your own? Which
// did you never mean to teach?
//
// ## 4 · Derivation
//
// Let $r_\theta(x,y)$ be the model's reward of answer $y$ to prompt $x$, $y_w$ the chosen and $y_l$ the rejected answer. By Bradley and Terry the
// probability of the verdict is $\sigma(r_\theta(x,y_w)-r_\theta(x,y_l))$. The loss is its negative logarithm, averaged over the verdicts:
//
// $$L(\theta)=-\,\mathbb E\,\log\sigma\big(r_\theta(x,y_w)-r_\theta(x,y_l)\big).$$
//
// Its slope by the two rewards is the sentence of lesson 03 again, *what happened minus what was expected*: a verdict pushes the chosen reward up, and the
// rejected one down, by $1-\sigma(r_w-r_l)$. Only differences count; **the zero of a reward model is anywhere**. Check the slope by nudging:

// %%
const lossOf = (difference: number) => -logSigmoid(difference);
const slopeBy = (difference: number) =>
  tf.tidy(() => {
    const zero = tf.tensor1d([0]);
    const slope = tf.grad((chosen) => pairwiseRewardLoss(chosen, zero));
    return slope(tf.tensor1d([difference])).dataSync()[0];
  });

// %%
table(
  [-4, -1, 0, 1, 4].map((d) => ({
    d,
    loss: lossOf(d),
    formula: sigmoid(d) - 1,
    library: slopeBy(d),
    numeric: (lossOf(d + 1e-4) - lossOf(d - 1e-4)) / 2e-4,
  })),
  {
    caption: "The loss of one verdict (nats), and its slope by the chosen reward",
    digits: 5,
    columns: {
      d: { title: "r(chosen) − r(rejected)", digits: 0 },
      loss: "loss",
      formula: "slope: formula",
      library: "the library's",
      numeric: "by differences",
    },
  },
);

// %% [markdown]
// ### The ceiling
//
// If the true difference of a pair is $\Delta$, the better answer is preferred with probability $\sigma(|\Delta|)$. Nobody who predicts single verdicts can do better than to
// name the better answer each time. So the best possible accuracy is
//
// $$\text{ceiling}=\mathbb E\,\sigma(|\Delta|),$$
//
// a property of the people and of the pairs, not of any model. With $\varepsilon$ of the verdicts turned round, it is $\varepsilon+(1-2\varepsilon)$ times
// that. We can compute it, and let the gold reward itself sit the exam:

// %%
const differences = fresh.map(
  ({ order, chosen, rejected }) => gold[order][chosen] - gold[order][rejected],
);
const ceiling = accuracyCeiling(differences);
const attained = pairAccuracy(gold, fresh);
const inPercent = (share: number) => `${(100 * share).toFixed(1)} %`;
console.log(`ceiling by the formula: ${inPercent(ceiling)}`);
console.log(`the gold reward on 20,000 fresh verdicts: ${inPercent(attained)}`);

// %% [markdown]
// That was prediction **a**. A reward model reported at 70 % may be excellent, or poor; without the ceiling the number says nothing. Llama 2's reward models agree with their own
// annotators in 63 to 65 % of all pairs, and in far more where one answer is *significantly* better ([4], table 8): large $|\Delta|$, high ceiling.
//
// ### More than yes or no
//
// Llama 2's annotators also said *how much* better an answer is. Its loss [4, Eq. 2] asks the clear cases for a larger difference: $-\log\sigma(r_w-r_l-m)$ with a **margin**
// $m$, larger for clearer verdicts. What does a margin do to a pair that is preferred by 75 % of the people, *whatever they say about how much*?

// %%
const gap = Array.from({ length: 61 }, (_, i) => -1 + i / 15);
const lossAt = (d: number, m: number) =>
  tf.tidy(() => {
    const [chosen, rejected] = [tf.tensor1d([d]), tf.tensor1d([0])];
    const margins = tf.tensor1d([m]);
    const agree = marginRewardLoss(chosen, rejected, margins).dataSync()[0];
    const not = marginRewardLoss(rejected, chosen, margins).dataSync()[0];
    return 0.75 * agree + 0.25 * not;
  });
lineChart(
  Object.fromEntries(
    [0, 1].map((m) => [`margin ${m}`, { x: gap, y: gap.map((d) => lossAt(d, m)) }]),
  ),
  {
    title: "A pair that three in four people see the same way",
    x: "r(y) − r(y′) (nats)",
    y: { title: "mean loss (nats)", zero: false },
    reference: { x: Math.log(3), label: "ln 3: the true log-odds" },
  },
);

// %% [markdown]
// Without a margin the lowest point is at the true log-odds, $\ln 3=1.10$. With a margin that carries no information it lies elsewhere: the model is then asked to be surer than the
// people are. A margin must be *bought* with a second question to the annotator.
//
// ## 5 · Build it
//
// Any function with parameters can be the judge. We use three:
//
// - **counting**: seven numbers, how often each word occurs. A straight line in these, fitted by Newton's method.
// - **network**: every word in its place, 46 inputs, two hidden layers of 64 units. It can express the gold reward.
// - **GPT with a head**: the language model itself reads order and answer; a straight line reads one number off its last hidden state. This is how the large ones are
//   built [2, 3]. The whole training loop:

// %%
async function trainGpt(pairs: ReplyPair[], rng: Rng) {
  const judge = new GptReward(replyReference(), rng);
  for (let step = 0; step < 2 * networkRewardSteps(pairs.length); step++) {
    judge.update(chosenThenRejected(drawBatch(pairs, 64, rng)), 1e-3);
    await tick();
  }
  return judge;
}

// %%
const some = drawReplyPairs(reference, gold, large, new Rng("some"));
const gptJudge = await trainGpt(some, new Rng("gpt"));
const exam = fresh.slice(0, 5000);
const scores = gptJudge.score(chosenThenRejected(exam));
const gptDifferences = exam.map((_, i) => scores[i] - scores[exam.length + i]);
const gptAccuracy = mean(gptDifferences.map((d) => Number(d > 0)));
gptJudge.dispose();
const netJudge = await trainNetworkReward(some, new Rng("net"));

// %%
table(
  [
    {
      judge: "counting",
      right: pairAccuracy(fitReplyReward(bagOfCounts, some).tables, exam),
    },
    { judge: "GPT with a head", right: gptAccuracy },
    { judge: "network", right: pairAccuracy(netJudge, exam) },
    { judge: "ceiling", right: ceiling },
  ],
  {
    caption: `Three judges after ${large} verdicts, on 5,000 fresh ones`,
    columns: { judge: "judge", right: { title: "right", format: ".1%" } },
  },
);

// %% [markdown]
// In this world, and with these few steps, the pretrained GPT is no better start than a fresh network: it has learned which answers are *usual*, and usual is not good. In large models it is otherwise: what
// a model must know to judge, it has mostly learned before.
//
// **Your turn.** The exercise notebook [`exercises/release/08-reward-models`](../exercises/release/08-reward-models/08-reward-models.ipynb)
// leaves three functions open: the pairwise loss, InstructGPT's loss of a whole ranking, and the calibration error.
//
// ## 6 · Probe: a judge with the right form
//
// Give a judge the thirteen numbers from which the gold reward is made, and enough verdicts. It must find the gold reward's own weights. One thing it cannot find: every answer has five
// words, so a bonus for *every* word changes no difference. Compare only after one weight has been fixed; we fix “um” at −1.

// %%
const many = drawReplyPairs(reference, gold, 20000, new Rng("many"));
const right = fitReplyReward(trueFeatures, many);
const wordsIn = [1, 1, 1, 1, 0, 1, 2, 3, 4, 5, 0, 1, 1]; // words that each feature counts
const bonus = right.weights[12] + 1; // what to take off every word
const truth = [1, -1, 1, -1, 0.5, 1, 1.5, 0, -2, -4, 0.5, -0.5, -1];
const recovered = [...right.weights].map((w, f) => w - bonus * wordsIn[f]);
dotChart(
  trueFeatures.names.map((label, f) => ({
    label,
    value: recovered[f],
    published: truth[f],
  })),
  {
    title: "20,000 verdicts, and the formula they came from",
    caption: "“um” is fixed at −1. Four and five polite words are rare in the data.",
    value: "worth (nats)",
    published: "the formula",
    height: 340,
  },
);

// %% [markdown]
// ## 7 · Experiments
//
// ### How many verdicts?

// %%
type Runs = Record<string, number[][]>; // [seed][size]
const byLabels: Runs = { counting: [], network: [], "the right form": [] };
const netTables: Float64Array[][][] = []; // [seed][size], kept for the calibration below

// %%
const steps = progress(netSeeds * sizes.length, { label: "Judges" });
for (let seed = 0; seed < netSeeds; seed++) {
  const all = drawReplyPairs(reference, gold, sizes.at(-1)!, new Rng(`size ${seed}`));
  const parts = sizes.map((M) => all.slice(0, M));
  const fitted = (features: typeof bagOfCounts) =>
    parts.map((pairs) => pairAccuracy(fitReplyReward(features, pairs).tables, fresh));
  byLabels["counting"].push(fitted(bagOfCounts));
  byLabels["the right form"].push(fitted(trueFeatures));
  netTables[seed] = [];
  for (const pairs of parts) {
    netTables[seed].push(await trainNetworkReward(pairs, new Rng(`net ${seed}`)));
    steps.step();
  }
  byLabels["network"].push(
    netTables[seed].map((tables) => pairAccuracy(tables, fresh)),
  );
}
steps.finish();

// %%
bandChart(byLabels, {
  title: "Few labels favour the simple judge, many the flexible one",
  caption: `Mean and 95 % band over ${netSeeds} sets of verdicts.`,
  at: sizes,
  x: { title: "verdicts", log: true },
  y: { title: "fresh verdicts foretold", format: ".0%", domain: [0.5, 0.85] },
  reference: { y: ceiling, label: "ceiling" },
});

// %% [markdown]
// The curves cross: that was prediction **b**. The judge that counts is nearly as good as it will ever be after 100 verdicts, and then meets its *own* ceiling, well below the people's: no
// number of labels teaches it what it cannot express. The network is limited by data. And the right form needs few labels *and* reaches the top, but who has the right form?
//
// ### Noise
//
// People err in two ways. Close calls are guesses: they answer by $\sigma(\Delta/\tau)$, and a larger $\tau$ means more guessing. And they slip: a share $\varepsilon$ of all verdicts, clear or close, is turned round. Two marks for each judge: against
// *fresh noisy* verdicts, which is all one can measure in real life, and against the *truth*, which answer has the larger gold reward.

// %%
const truePairs = fresh.flatMap(({ order, chosen, rejected }, i) => {
  if (differences[i] === 0) return [];
  return differences[i] > 0
    ? [{ order, chosen, rejected }]
    : [{ order, chosen: rejected, rejected: chosen }];
});
const people = [
  ...taus.map((temperature) => ({ temperature })),
  ...flips.map((share) => ({ flips: share })),
];
const noisy: Runs = {};
const mark = (name: string, seed: number, share: number) =>
  ((noisy[name] ??= [])[seed] ??= []).push(share);

// %%
for (let seed = 0; seed < few; seed++)
  for (const annotators of people) {
    const rng = new Rng(`noise ${seed}`);
    const pairs = drawReplyPairs(reference, gold, large, rng, annotators);
    const unseen = drawReplyPairs(reference, gold, 5000, rng, annotators);
    const net = await trainNetworkReward(pairs, rng);
    const counts = fitReplyReward(bagOfCounts, pairs).tables;
    mark("network, noisy verdicts", seed, pairAccuracy(net, unseen));
    mark("network, truth", seed, pairAccuracy(net, truePairs));
    mark("counting, noisy verdicts", seed, pairAccuracy(counts, unseen));
    mark("counting, truth", seed, pairAccuracy(counts, truePairs));
  }
const part = (from: number, to?: number): Runs =>
  Object.fromEntries(
    Object.entries(noisy).map(([n, runs]) => [
      n,
      runs.map((run) => run.slice(from, to)),
    ]),
  );

// %%
bandChart(part(0, taus.length), {
  title: `Guessing: what it does to ${large} verdicts`,
  caption: "Noisy: as one can measure it. Truth: as it is.",
  at: taus,
  x: { title: "τ, how much annotators guess", log: true, domain: [0.2, 5] },
  y: { title: "pairs judged right", format: ".0%", domain: [0.5, 1] },
  reference: {
    x: taus,
    y: taus.map((temperature) => accuracyCeiling(differences, { temperature })),
    label: "ceiling of noisy verdicts",
  },
});

// %%
bandChart(part(taus.length), {
  title: `Slips: what they do to ${large} verdicts`,
  caption: "The same marks; τ = 1.",
  at: flips,
  x: { title: "ε, share of verdicts turned round", format: ".0%" },
  y: { title: "pairs judged right", format: ".0%", domain: [0.4, 1] },
  reference: {
    x: flips,
    y: flips.map((share) => accuracyCeiling(differences, { flips: share })),
    label: "ceiling of noisy verdicts",
  },
});

// %% [markdown]
// Guessing lowers the accuracy one can *measure* much more than the true one. A bad figure on the test set may mean a bad judge, or only a bad exam. Slips cost the network as much truth as they cost exam marks, because they also hit the clear
// pairs from which it learns most. The judge that counts hardly minds either: its faults are of another kind. At one half nothing is left to learn, and judges end anywhere.
//
// ### When it says 80 %
//
// A difference of rewards is a promise: $\sigma(\hat r(y)-\hat r(y'))$ is the share of people who will prefer $y$. Collect the pairs with about the same promise and count. A judge
// that keeps its promises lies on the diagonal. The **expected calibration error** (ECE) is the mean distance from it [6].

// %%
const promises = (tables: Float64Array[]) =>
  fresh.map(({ order, chosen, rejected }, i) => {
    const difference = tables[order][chosen] - tables[order][rejected];
    return sigmoid(i % 2 ? difference : -difference); // half shown the other way round
  });
const outcomes = fresh.map((_, i) => i % 2); // 1: the first was preferred
const eceOf = (tables: Float64Array[]) =>
  expectedCalibrationError(reliability(promises(tables), outcomes));

// %%
const calibration = sizes.map((M, k) => {
  const bins = reliability(promises(netTables[0][k]), outcomes);
  const predicted = fresh.map(
    ({ order, chosen, rejected }) =>
      netTables[0][k][order][chosen] - netTables[0][k][order][rejected],
  );
  const slope = calibrationSlope(predicted, differences);
  return { M, bins, ece: eceOf(netTables[0][k]), slope };
});

// %%
const shown = calibration.filter(({ M }) => [300, 1000, 10000].includes(M));
scatterChart(
  Object.fromEntries(
    shown.map(({ M, bins }) => [
      `${M} verdicts`,
      { x: bins.map((b) => b.predicted), y: bins.map((b) => b.observed) },
    ]),
  ),
  {
    title: "Promised and kept",
    caption: "Network; 20,000 fresh verdicts in ten bins.",
    x: { title: "promised share", format: ".0%", domain: [0, 1] },
    y: { title: "share that came", format: ".0%", domain: [0, 1] },
    diagonal: "promise kept",
    connect: true,
  },
);

// %%
table(
  calibration.map(({ M, ece, slope }) => ({ M, ece, slope })),
  {
    caption: "Calibration of the network (one set of verdicts)",
    columns: {
      M: { title: "verdicts", digits: 0 },
      ece: { title: "ECE", format: ".1%" },
      slope: { title: "true nats per promised nat", digits: 2 },
    },
  },
);

// %% [markdown]
// With few labels the network is too sure of itself: it promises more than comes, and a nat of its reward is worth less than a true nat. For a policy that is trained on the reward, that matters more than
// accuracy does: the KL price $\beta$ of lesson 09 is paid in these nats.
//
// ### Several judges
//
// Train the network five times on the same 1,000 verdicts, from five sets of starting weights. What the verdicts say, all five learn. Where the verdicts are silent, each has to guess.

// %%
const shared = some.slice(0, 1000);
const panel: Float64Array[][] = [];
for (let member = 0; member < 5; member++) {
  const rng = new Rng(`member ${member}`);
  panel.push(await trainNetworkReward(shared, rng));
}
const usual = panel.map((tables) =>
  mean(reference.map((logp, x) => expectation(logp, tables[x]))),
);
const list = usual.map((reward) => reward.toFixed(2)).join(", ");
console.log(`What an ordinary answer earns from each of the five: ${list}`);

// %%
const votes = fresh.map(
  ({ order, chosen, rejected }) =>
    panel.filter((tables) => tables[order][chosen] > tables[order][rejected]).length,
);
table(
  [5, 4, 3].map((most) => {
    const these = votes.filter((v) => v === most || v === 5 - most);
    const right = these.filter((v) => v === most).length / these.length;
    return { votes: `${most} to ${5 - most}`, share: these.length / 20000, right };
  }),
  {
    caption: "Five judges vote on 20,000 fresh verdicts",
    columns: {
      votes: "votes",
      share: { title: "so often", format: ".0%" },
      right: { title: "the majority is right", format: ".1%" },
    },
  },
);

// %% [markdown]
// First the line above the table: five judges of the same verdicts have five *zeros*. Comparisons leave the zero open, so before judges are added or compared they are **centred**: from each we subtract what it finds an ordinary
// answer worth [2]. (Or one adds $c\,(r_w+r_l)^2$ to the loss, which holds the zero while training [5].) Then the table: **disagreement is a warning**. A split vote is hardly better than a coin.
//
// Does a panel judge better than its members? It may give the mean of its opinions, the mean minus their standard deviation, or the lowest, so that what is doubtful earns less [8]. A judge's use is to choose: *best of 16* draws sixteen answers and keeps the one the judge
// likes best. We can compute exactly what that is truly worth, by summing over all answers.

// %%
const centred = panel.map((tables) => centredRewards(tables, reference));
const together = (combine: (opinions: Float64Array[]) => Float64Array) =>
  reference.map((_, x) => combine(centred.map((tables) => tables[x])));
const quality = (tables: Float64Array[]) => ({
  right: pairAccuracy(tables, fresh),
  ece: eceOf(tables),
  best: bestOfNCurve(reference, tables, gold, [16])[0].gold,
});
const alone = centred.map(quality);
const judges = {
  "one judge, on average": {
    right: mean(alone.map(({ right }) => right)),
    ece: mean(alone.map(({ ece }) => ece)),
    best: mean(alone.map(({ best }) => best)),
  },
  "mean of five": quality(together((opinions) => cautiousReward(opinions, 0))),
  "mean − sd": quality(together((opinions) => cautiousReward(opinions, 1))),
  "lowest of five": quality(together(worstCaseReward)),
};

// %%
table(
  Object.entries(judges).map(([judge, marks]) => ({ judge, ...marks })),
  {
    caption: `Alone and together, after the same ${shared.length} verdicts`,
    columns: {
      judge: "judge",
      right: { title: "fresh verdicts right", format: ".1%" },
      ece: { title: "ECE", format: ".1%" },
      best: { title: "best of 16, gold reward", digits: 2 },
    },
  },
);

// %% [markdown]
// A panel is a little better in all three, and what helps is that there are five; caution adds nothing to the mean here. On large models caution was found to pay where a judge is pressed hard, with a large $n$ [8]; here, over ten sets of verdicts, we saw a tenth of a point at $n=256$ and nothing reliable at
// $n=4096$ ([RESULTS.md](../RESULTS.md)): five judges share what their verdicts taught none of them. *Mitigate, but do not eliminate* [5].
//
// ### Rankings
//
// InstructGPT's labellers *ranked* four to nine answers to one prompt [3]. A ranking of four holds six pairs. Are these as good as six separate verdicts? Three ways to spend: so many single pairs, as
// many rankings of four, and as many independent pairs as the rankings hold.

// %%
const draws = reference.map((logp) => tableSampler(logp));
function ranking(rng: Rng): ReplyPair[] {
  const order = rng.integer(6);
  const ranked = Array.from({ length: 4 }, () => draws[order](rng))
    .map((y) => ({ y, felt: gold[order][y] + rng.gumbel() })) // Plackett–Luce, lesson 03
    .sort((a, b) => b.felt - a.felt);
  return ranked.flatMap((winner, i) =>
    ranked
      .slice(i + 1)
      .map((loser) => ({ order, chosen: winner.y, rejected: loser.y })),
  );
}

// %%
const M = large / 6;
const spending: Record<string, number[]> = {
  pairs: [],
  rankings: [],
  "six times as many pairs": [],
};
for (let seed = 0; seed < few; seed++) {
  const rng = new Rng(`rankings ${seed}`);
  const six = drawReplyPairs(reference, gold, large, rng);
  const ranked = Array.from({ length: M }, () => ranking(rng)).flat();
  const sets = {
    pairs: six.slice(0, M),
    rankings: ranked,
    "six times as many pairs": six,
  };
  for (const [name, pairs] of Object.entries(sets))
    spending[name].push(pairAccuracy(await trainNetworkReward(pairs, rng), fresh));
}

// %%
dotChart(
  Object.entries(spending).map(([name, shares]) => ({
    label: name === "six times as many pairs" ? `${large} pairs` : `${M} ${name}`,
    value: mean(shares),
    low: Math.min(...shares),
    high: Math.max(...shares),
  })),
  {
    title: "What a ranking of four is worth",
    caption: "Network; dots are means, whiskers reach from the worst to the best run.",
    value: { title: "fresh verdicts foretold", format: ".1%" },
  },
);

// %% [markdown]
// A ranking teaches clearly more than one pair, and not quite as much as six: its six pairs share four answers. InstructGPT found that shuffling them into one heap made the model overfit in a single pass, and kept the
// pairs of a ranking together in a batch [3].
//
// ### How a liking for length gets in
//
// Now answers may be short: 0 to 5 words. Among ordinary answers of this world length and quality have next to nothing to do with each other. But the annotators like length for its own sake, by $\lambda$ nats a word:
//
// $$P(y\succ y')=\sigma\big(r(y)-r(y')+\lambda\,(|y|-|y'|)\big).$$
//
// Two judges learn from 2,000 such verdicts. One counts words. The other sees the lines of the annotators' instruction sheet (greeting, items, order, politeness, close, faults) **and the length**. Then its length weight can be
// set to zero: the idea of the length-controlled win rate [7]. What would such a judge make of the assistant, were it given the best of sixteen answers each time?

// %%
const shortReference = orders.map(shortDemonstratorLogProbabilities);
const shortGold = shortGoldTables();
const lengths = shortReplyLengths();
const lambdas = [0, 0.5, 1, 1.5];
const withWords = withLength(rubric);
const end = (weights: ArrayLike<number>, features = withWords) => {
  const rewards = shortRewardTable(features, weights, 0);
  const best = new ExactBestOfN(shortReference[0], rewards);
  return {
    length: best.expectation(16, lengths),
    gold: best.expectation(16, shortGold[0]),
  };
};

// %%
const oneRun = (lengthBias: number, seed: number) => {
  const rng = new Rng(`λ ${seed}`);
  const felt = shortGold.map((table) =>
    table.map((reward, y) => reward + lengthBias * lengths[y]),
  );
  const pairs = drawReplyPairs(shortReference, felt, 2000, rng);
  const counted = fitShortReplyReward(bagOfCounts, pairs);
  const weights = fitShortReplyReward(withWords, pairs);
  const controlled = weights.map((w, f) => (f === 6 ? 0 : w)); // length taken out
  return {
    um: counted[6],
    found: weights[6],
    counting: end(counted, bagOfCounts),
    asFitted: end(weights),
    controlled: end(controlled),
  };
};
const biased = lambdas.map((lambda) =>
  Array.from({ length: seeds }, (_, seed) => oneRun(lambda, seed)),
);

// %%
table(
  lambdas.map((lambda, k) => ({
    lambda,
    found: mean(biased[k].map((run) => run.found)),
    um: mean(biased[k].map((run) => run.um)),
    gold: mean(biased[k].map((run) => run.asFitted.gold)),
    goldControlled: mean(biased[k].map((run) => run.controlled.gold)),
  })),
  {
    caption: `2,000 verdicts, means over ${seeds} seeds`,
    digits: 2,
    columns: {
      lambda: { title: "λ of the annotators", digits: 1 },
      found: "length weight found",
      um: "worth of “um”, by counting",
      gold: "gold, as fitted",
      goldControlled: "gold, length set to 0",
    },
  },
);

// %%
const lengthsOf = (pick: (run: (typeof biased)[0][0]) => number) =>
  Array.from({ length: seeds }, (_, seed) => biased.map((runs) => pick(runs[seed])));
bandChart(
  {
    counting: lengthsOf((run) => run.counting.length),
    "with a length term": lengthsOf((run) => run.asFitted.length),
    "length set to 0": lengthsOf((run) => run.controlled.length),
  },
  {
    title: "How long the assistant's answers become",
    caption: `Best of 16, exactly; mean and 95 % band over ${seeds} seeds.`,
    at: lambdas,
    x: "λ, how much annotators like length (nats a word)",
    y: { title: "mean length", unit: "words", domain: [3, 5.2] },
  },
);

// %% [markdown]
// The judge that counts cannot tell length from words, because its counts add up to the length: every word rises by about $\lambda$, until even “um” is *good*. The length term finds $\lambda$, and setting it to zero gives back the choices that
// unbiased annotators would have taught. The bias shows in the length first, and it has a price: of sixteen answers one is kept, and one that was chosen for its length was not chosen for its worth.
//
// ## 8 · Break it
//
// **Pairs swapped, training without end, no ridge.** Guess first: which of these would you notice without fresh verdicts?

// %%
const handful = drawReplyPairs(reference, gold, 300, new Rng("handful"));
const swapped = some.map(({ order, chosen, rejected }) => ({
  order,
  chosen: rejected,
  rejected: chosen,
}));

// %%
const net = (pairs: ReplyPair[], options = {}) =>
  trainNetworkReward(pairs, new Rng("net"), options);
const broken = {
  "network, as it should be": netJudge,
  "all pairs swapped": await net(swapped),
  "300 verdicts": await net(handful),
  "300 verdicts, ten times as long": await net(handful, {
    steps: 10 * networkRewardSteps(300),
  }),
};

// %%
table(
  Object.entries(broken).map(([what, tables]) => ({
    what,
    right: pairAccuracy(tables, fresh),
    training: pairAccuracy(tables, what.startsWith("300") ? handful : some),
    ece: eceOf(tables),
  })),
  {
    caption: `${large} verdicts unless it says otherwise; marked on 20,000 fresh ones`,
    columns: {
      what: "what was done",
      right: { title: "fresh verdicts right", format: ".1%" },
      training: { title: "training verdicts, unturned", format: ".1%" },
      ece: { title: "ECE", format: ".1%" },
    },
  },
);

// %%
const twenty = some.slice(0, 20);
table(
  [1, 0.01, 1e-4, 1e-6].map((ridge) => {
    const { weights, tables } = fitReplyReward(trueFeatures, twenty, { ridge });
    return {
      ridge,
      largest: Math.max(...weights.map(Math.abs)),
      right: pairAccuracy(tables, fresh),
    };
  }),
  {
    caption: "The right form on 20 verdicts, by the ridge that holds the weights",
    columns: {
      ridge: { title: "ridge", format: ".0e" },
      largest: { title: "largest weight (nats)", digits: 1 },
      right: { title: "fresh verdicts right", format: ".1%" },
    },
  },
);

// %% [markdown]
// - **Swapped pairs** learn just as well, the opposite. A judge below 50 % is a good judge with its columns swapped.
// - **Ten times as long** on few verdicts: the training verdicts are known by heart, fresh ones are judged no better, and the promises get worse. Watch fresh accuracy *and* calibration.
// - **No ridge**: a feature that won every time it appeared wants an infinite weight, as the undefeated team did in lesson 03.
//
// ## 9 · Look back

// %%
await reveal(guessCeiling, ceiling);
const [countingAt100, networkAt100] = ["counting", "network"].map((name) =>
  mean(byLabels[name].map((run) => run[0])),
);
await reveal(
  guessSimple,
  countingAt100 > networkAt100 ? "the one that counts words" : "the network",
);

// %% [markdown]
// **What to take along**
// - A reward model is Bradley–Terry with a function in the place of a table. Only differences mean anything.
// - Know the ceiling before you judge the judge.
// - A simple judge wins with few labels and hits a wall; a flexible one needs many.
// - Accuracy is not calibration. A policy is trained on the nats.
// - The zero of a judge is anywhere: centre before you add. Where judges disagree, mistrust them all.
// - Whatever annotators like, the judge learns, meant or not. What you can name, such as length, you can take out.
//
// **To read**: Stiennon et al. [2], section 3; Touvron et al. [4], section 3.2; Eisenstein et al. [5] on why several reward models are better than one, and not good enough.
//
// **An open question.** Length could be taken out because we could name and measure it. And even that needed an instruction sheet: give the judge *every word* as a feature beside the length, and no data in the world can say whether annotators like
// long answers or like each word. What of the likings we cannot name?
//
// **References**
// 1. P. Christiano et al. (2017). Deep reinforcement learning from human preferences. [arXiv:1706.03741](https://arxiv.org/abs/1706.03741), section 2.2.3.
// 2. N. Stiennon et al. (2020). Learning to summarize from human feedback. [arXiv:2009.01325](https://arxiv.org/abs/2009.01325), section 3.4.
// 3. L. Ouyang et al. (2022). Training language models to follow instructions with human feedback. [arXiv:2203.02155](https://arxiv.org/abs/2203.02155), section 3.5, Eq. 1.
// 4. H. Touvron et al. (2023). Llama 2: open foundation and fine-tuned chat models. [arXiv:2307.09288](https://arxiv.org/abs/2307.09288), section 3.2.
// 5. J. Eisenstein et al. (2023). Helping or herding? Reward model ensembles mitigate but do not eliminate reward hacking. [arXiv:2312.09244](https://arxiv.org/abs/2312.09244).
// 6. C. Guo et al. (2017). On calibration of modern neural networks. [arXiv:1706.04599](https://arxiv.org/abs/1706.04599), Eq. 3.
// 7. Y. Dubois et al. (2024). Length-controlled AlpacaEval. [arXiv:2404.04475](https://arxiv.org/abs/2404.04475).
// 8. T. Coste et al. (2023). Reward model ensembles help mitigate overoptimization. [arXiv:2310.02743](https://arxiv.org/abs/2310.02743).
