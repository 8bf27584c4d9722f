// %% [markdown]
// # 09 · RLHF with PPO: what a reward costs
//
// You have a language model, and a reward that was learned from people's comparisons. This lesson turns the first into a
// model that earns the second, and finds out what it costs.
//
// **The claim.** Train a model with reinforcement learning on a reward learned from people, and charge it for every step away
// from the model it started as: people then prefer what it says. In 2022 people preferred the answers of a GPT of 1.3 billion
// weights trained this way to those of one a hundred times larger that was not [1].
//
// **Before.** A model that imitates demonstrations is at best as good as they are, and to be good *everywhere* it must have
// seen everything. People judge better than they write. Ziegler et al. (2019) [2] tuned GPT-2 to people's comparisons, and Stiennon
// et al. (2020) [3] got summaries that people liked more than those written by people. InstructGPT [1] put it in **three steps**:
// fine-tune on demonstrations (lesson 07), learn a reward from comparisons (lesson 08), and this: reinforcement learning by
// PPO (lesson 05) with a price on the distance from where it began.
//
// **Since.** ChatGPT was trained by the same recipe [4]. What the best policy would be, nobody can compute for a real model. Here
// we can: the world has six prompts and 32,768 replies, so every curve below is drawn beside its exact value.
//
// About an hour and a half. You need logarithms, probabilities, and lesson 05's advantage and clip.

// %%
import {
  adaptBeta, bagOfCounts, bandChart, barChart, budget, centredRewards, copyOf,
  countsAndFirstWord, distanceToOptimum, distinctShare, divergenceByPlace, dotChart,
  drawReplyPairs, drawWindows, ExactReplies, expectedReward, fitReplyReward,
  frontierPoint, goldTables, languageModelLoss, lineChart, liveChart, livePicture, mean,
  meanKl, melvilleHeldOut, melvilleModel, melvillePrompts, melvilleText,
  melvilleTokenizer, optimalFrontier, orders, orderText, parseOrder, parseReply, person,
  predict, progress, ready, replyOf, replyPairsFrom, replyPrompts, replyReference,
  replyScores, replyText, replyWords, reveal, Rlhf, Rng, scatterChart, sentiment,
  sentimentOfDistinctWords, sideBySide, SimulatedHuman, standardError, table, tf, tick,
  tiltedPolicies, tokenAdvantages, tokenRewards, type Gpt, type PretrainingMix,
  type RlhfLog, type Samples,
} from "rlhf";

// %% [markdown]
// How much the experiments compute. `RLHF_BUDGET=full` takes more seeds and longer runs.

// %%
const { seeds, guests, replies, iterations } = budget({
  smoke: { seeds: 2, guests: 2, replies: 48, iterations: 12 },
  quick: { seeds: 5, guests: 10, replies: 256, iterations: 40 },
  full: { seeds: 20, guests: 10, replies: 256, iterations: 60 },
});
const { adaptiveIterations, bookIterations } = budget({
  smoke: { adaptiveIterations: 24, bookIterations: 2 },
  quick: { adaptiveIterations: 80, bookIterations: 25 },
  full: { adaptiveIterations: 120, bookIterations: 60 },
});

// %% [markdown]
// ## 1 · A world in which everything can be counted
//
// Somebody orders two things, “order cake, then tea”. The model replies with five of eight words: hello, please, thanks, tea, cake,
// milk, “!” and um. What a reply is truly worth is a formula, the **gold reward**: a greeting, the two items in order, some
// politeness but not too much, no shouting, no um. It is at most 5.5.
//
// The model we start from, the **reference** $\pi_{\text{ref}}$, is a small GPT that was fine-tuned on 2,000 sloppy demonstrations: InstructGPT's first step,
// done before the lesson. $\pi(y|x)$ is the probability of the reply $y$ to the order $x$.

// %%
await ready(); // the engine that computes
const reference = replyReference();
const policy = copyOf(reference); // what we train
const exact = new ExactReplies(policy);
const logpReference = exact.logProbabilities(); // [6][32768] nats
const gold = goldTables();
console.log(
  `π_ref earns ${expectedReward(logpReference, gold).toFixed(2)} on average.`,
);

// %%
const run = new Rlhf(policy, reference, new Rng("critic"), { length: 7 });
const prompts = replyPrompts(replies); // the six orders in turn
const spoken = ({ tokens }: Samples, rewards: Float64Array[]) =>
  tokens.slice(0, 6).map((sequence, b) => ({
    order: orderText(orders[b]),
    reply: replyText(sequence.slice(2)),
    reward: replyScores(rewards, [sequence])[0],
  }));
const before = run.sample(prompts, new Rng("the same dice"));
table(spoken(before, gold), {
  caption: "What the reference says",
  columns: {
    order: "order",
    reply: "reply",
    reward: { title: "gold reward", digits: 1 },
  },
});

// %% [markdown]
// ## 2 · Two predictions
//
// **a.** Suppose the reward is not the formula but a model that only *counts words*, fitted to 1,000 comparisons. We train on it for 24 rounds
// with no price on distance. The learned reward will go up: that is what training does. Where will the **gold reward** end? It starts
// at 0.44; the best reply has 5.5.
//
// **b.** Now the true reward, and every nat of distance costs half a point. How far from the reference will the best policy be, in nats? (The
// whole way to “always the very best reply” is about 9.)

// %%
const guessGold = await predict(
  "Where will the gold reward end, after 24 rounds on the counting judge?",
  { unit: "points", min: -6, max: 5.5 },
);
const guessKl = await predict(
  "How far will the policy go when a nat costs half a point?",
  { unit: "nats", min: 0, max: 12 },
);

// %% [markdown]
// ## 3 · Derivation: the best policy is known
//
// The policy is to earn much and not move far:
//
// $$J(\pi)=\mathbb E_{y\sim\pi}\,r(x,y)\;-\;\beta\,\mathrm{KL}(\pi\|\pi_{\text{ref}}),\qquad \mathrm{KL}(\pi\|\pi_{\text{ref}})=\mathbb E_{y\sim\pi}\log\frac{\pi(y|x)}{\pi_{\text{ref}}(y|x)}.$$
//
// KL, the Kullback–Leibler divergence, measures the distance in **nats**: how much more likely, in logarithm, the policy finds its own replies than the
// reference does. $\beta$ is the price of a nat in points. Why charge at all? Because the reward was learned from replies
// *of the reference*; far from them nobody has checked it.
//
// Put both terms under one expectation, and with $\pi^*(y)=\frac1Z\,\pi_{\text{ref}}(y)\,e^{r(y)/\beta}$,
//
// $$J(\pi)=\beta\,\mathbb E_{y\sim\pi}\Big[\log\pi_{\text{ref}}(y)e^{r(y)/\beta}-\log\pi(y)\Big]=\beta\log Z-\beta\,\mathrm{KL}(\pi\|\pi^*).$$
//
// A KL divergence is never negative and zero only for equal policies. So **$\pi^*$ is the best there is, and what another policy misses
// is exactly $\beta\,\mathrm{KL}(\pi\|\pi^*)$** [7]. One number in nats says how far training still has to go. Check it, by adding up all replies, on policies
// that are not the best:

// %%
const beta = 0.5;
const best = optimalFrontier(logpReference, gold, [beta])[0];
const worth = ({ kl, reward }: { kl: number; reward: number }) => reward - beta * kl;
table(
  [0.2, 0.35, 1, 2, 8].map((other) => {
    const tilted = tiltedPolicies(logpReference, gold, other);
    const missing = worth(best) - worth(frontierPoint(tilted, logpReference, gold));
    const claimed = beta * distanceToOptimum(tilted, logpReference, gold, beta);
    return { policy: `tilted with β = ${other}`, missing, claimed };
  }),
  {
    caption: "What policies miss of J (points), and β·KL(π‖π*)",
    digits: 9,
    columns: { policy: "policy", missing: "J* − J(π)", claimed: "β·KL(π‖π*)" },
  },
);

// %% [markdown]
// As $\beta$ runs from large to small, $\pi^*$ walks along a curve: the most reward at each distance. Nothing can lie above
// it. Every run of this lesson will be drawn on this map.

// %%
const axes = {
  x: { title: "KL(π‖π_ref)", unit: "nats a reply" },
  y: { title: "gold reward", unit: "points" },
};
const priceList = [8, 4, 2, 1.4, 1, 0.7, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.07];
const frontier = optimalFrontier(logpReference, gold, priceList);
const line = { x: frontier.map((p) => p.kl), y: frontier.map((p) => p.reward) };

// %%
const named = [2, 1, 0.5, 0.25].map((b) => frontier[priceList.indexOf(b)]);
scatterChart(
  {
    "π* at four prices": {
      x: named.map((p) => p.kl),
      y: named.map((p) => p.reward),
      labels: named.map((p) => `β = ${p.beta}`),
    },
  },
  {
    title: "The most that can be had at each distance",
    ...axes,
    reference: { ...line, label: "exact frontier" },
  },
);

// %% [markdown]
// ### From a reply to its tokens
//
// A reply is written word by word, so PPO sees an episode of five actions. Each word is charged for its own departure, and the last one
// collects what the reply is worth [2]:
//
// $$r_t=-\beta\,\log\frac{\pi(y_t|\dots)}{\pi_{\text{ref}}(y_t|\dots)}+[t\text{ last}]\;r(x,y).$$
//
// Added up over the reply this is $r-\beta\log\frac{\pi(y|x)}{\pi_{\text{ref}}(y|x)}$, whose mean is $J$. Is that so for what the code computes? Sample from a
// policy that has moved, and compare the mean of the sums with the exact $J$ from the table:

// %%
const dice = new Rng("check");
run.update(
  before,
  tokenAdvantages(before, tokenRewards(before, replyScores(gold, before.tokens), beta)),
  2e-3,
  dice,
);
const moved = frontierPoint(exact.logProbabilities(), logpReference, gold);
const sums: number[] = [];
for (let batch = 0; batch < 20; batch++) {
  const drawn = run.sample(prompts, dice);
  const rewards = tokenRewards(drawn, replyScores(gold, drawn.tokens), beta);
  for (let i = 0; i < rewards.length; i += 6)
    sums.push(rewards.subarray(i, i + 6).reduce((sum, r) => sum + r, 0));
}
const doubt = standardError(sums).toFixed(3);
console.log(
  `${sums.length} sampled replies: ${mean(sums).toFixed(3)} ± ${doubt} points`,
);
console.log(`J, exactly:           ${worth(moved).toFixed(3)} points`);

// %% [markdown]
// ## 4 · Build it: the whole loop
//
// Four models take part: the **policy** $\pi$, which is trained; the **reference**, which is frozen; the **reward**, here a table; and the **critic**
// $V$, which guesses at each word how the reply will end, so that a word is praised for what it *added*. The critic starts as a copy of the
// reference with an output of zero (InstructGPT's starts as the reward model [1]). One round: sample 256 replies; score them; charge each word; let GAE
// (lesson 05) share out the credit; take four passes of PPO's clipped steps [6].

// %%
async function* ppo(
  rewards: Float64Array[],
  beta: number,
  rounds: number,
  { seed = 0, wrong = (samples: Samples) => samples } = {},
) {
  run.restart(); // policy and critic are the reference again
  const rng = new Rng(seed);
  for (let round = 1; round <= rounds; round++) {
    const samples = wrong(run.sample(prompts, rng)); // `wrong` is for section 9
    const scores = replyScores(rewards, samples.tokens);
    const charged = tokenRewards(samples, scores, beta);
    const log = run.update(samples, tokenAdvantages(samples, charged), 2e-3, rng);
    yield { round, samples, log };
    await tick();
  }
}

// %%
const live = liveChart({
  title: "The first run",
  x: { title: "round", unit: `${replies} replies each` },
  y: "points, or nats",
});
let last: { samples: Samples; log: RlhfLog } | undefined;
for await (const { round, samples, log } of ppo(gold, beta, iterations)) {
  const reward = mean(replyScores(gold, samples.tokens));
  live.add(round, { "gold reward of the batch": reward, "KL, estimated": log.kl });
  last = { samples, log };
}
live.finish();

// %% [markdown]
// Here is one reply of the last round under the microscope. The **advantage** says which words did better than the critic expected from them.

// %%
const { samples: lately } = last!;
const lateRewards = tokenRewards(lately, replyScores(gold, lately.tokens), beta);
const late = tokenAdvantages(lately, lateRewards);
const wordByWord = lately.tokens[0].slice(2).map((word, t) => ({
  word: replyWords[word],
  logp: lately.logp[t + 1],
  logpReference: lately.logpReference[t + 1],
  reward: lateRewards[t + 1],
  value: lately.values[t + 1],
  advantage: late.advantages[t + 1],
}));

// %%
table(wordByWord, {
  caption: `${orderText(orders[0])}: a reply, word by word`,
  digits: 2,
  columns: {
    word: "word",
    logp: "log π (nats)",
    logpReference: "log π_ref (nats)",
    reward: "reward rₜ (points)",
    value: "critic V (points)",
    advantage: "advantage (points)",
  },
});

// %% [markdown]
// **Your turn.** The exercise notebook [`exercises/release/09-rlhf-with-ppo`](../exercises/release/09-rlhf-with-ppo/09-rlhf-with-ppo.ipynb) leaves four functions of this
// lesson open: the charge on each word, advantages that stop where the reply does, the clipped loss that does not see padding, and the dial that
// moves $\beta$.
//
// ## 5 · Probe: does it arrive at π*?
//
// The best policy at $\beta=0.5$ is known, so we need not ask whether the curve “looks converged”. We measure the distance to $\pi^*$ from
// the exact tables, over several seeds.

// %%
const every = iterations / 4;
const rounds = [0, 1, 2, 3, 4].map((k) => k * every);
const start = distanceToOptimum(logpReference, logpReference, gold, beta);
const distances: number[][] = [];
const paths: { kl: number; reward: number }[][] = [];
const bar = progress(seeds * iterations, { label: "PPO", unit: "rounds" });
for (let seed = 0; seed < seeds; seed++) {
  distances.push([start]);
  paths.push([frontierPoint(logpReference, logpReference, gold)]);
  for await (const { round } of ppo(gold, beta, iterations, { seed })) {
    bar.step();
    if (round % every !== 0) continue;
    const logp = exact.logProbabilities();
    distances[seed].push(distanceToOptimum(logp, logpReference, gold, beta));
    paths[seed].push(frontierPoint(logp, logpReference, gold));
  }
}
bar.finish();

// %%
bandChart(
  { [`PPO, ${seeds} seeds`]: distances },
  {
    title: "What is missing, exactly",
    caption: "Mean and 95 % band over seeds.",
    at: rounds,
    x: { title: "round", unit: `${replies} replies each` },
    y: { title: "KL(π‖π*)", unit: "nats", zero: true },
    runs: true,
  },
);

// %%
scatterChart(
  {
    ...Object.fromEntries(
      paths
        .slice(0, 5)
        .map((path, seed) => [
          `seed ${seed}`,
          { x: path.map((p) => p.kl), y: path.map((p) => p.reward) },
        ]),
    ),
    "π*, β = 0.5": { x: [best.kl], y: [best.reward] },
  },
  {
    title: "The same runs on the map",
    caption: `A point every ${every} rounds, measured exactly.`,
    ...axes,
    reference: { ...line, label: "exact frontier" },
    connect: true,
  },
);

// %% [markdown]
// The runs climb along the frontier, a little below it, and stop near $\pi^*$, about three nats out: that was prediction **b**. Nobody told them
// where to stop; the price did. A few tenths of a nat remain, from a learning rate that never falls, a critic that is still learning, and only 256 replies a
// round; we have not found out which of them it is.
//
// ## 6 · You are the human
//
// So far the reward was a formula. Now it is you. Thirty pairs of the reference's own replies: which would you rather hear? Go by your taste; nobody
// marks it. Click, or press `1`, `2`, or `3` for “equal”. Two minutes. Below the questions a **reward model** is fitted again after
// each answer: Bradley–Terry (lesson 03) with eight numbers, one for each thing that a reply can have. If nobody is at the page, a
// simulated guest answers who likes what the formula likes, and the output says so.

// %%
const sides = new Rng("sides");
const drawn = drawReplyPairs(logpReference, gold, 30, new Rng("thirty pairs"));
const questions = drawn.map(({ order, chosen, rejected }) => {
  const [first, second] = sides
    .shuffle([chosen, rejected])
    .map((reply) => replyText(replyOf(reply)));
  return { prompt: orderText(orders[order]), first, second };
});
const taste = (reply: string, prompt = "") =>
  gold[parseOrder(prompt)][parseReply(reply)];
const guest = new SimulatedHuman(taste, { rng: new Rng("guest") });
const you = person<string>({
  task: "09-replies",
  question: "Which reply would you rather hear?",
  standIn: guest,
});

// %%
const picture = livePicture();
const labelling = you.compare(questions);
for await (const { annotator } of labelling) {
  const soFar = replyPairsFrom(labelling.answers);
  if (soFar.length === 0) continue; // only ties as yet
  const { weights, features } = fitReplyReward(countsAndFirstWord, soFar, { ridge: 1 });
  picture.draw(
    dotChart(
      features.names.map((label, f) => ({ label, value: weights[f] })),
      {
        title: `After ${labelling.answers.length} answers of ${annotator}`,
        value: "worth of each (nats; only differences mean anything)",
        reference: { x: 0, label: "nothing" },
      },
    ),
  );
}
picture.finish();

// %% [markdown]
// The `ridge` pulls every number towards zero, or thirty answers would be believed far too much (lesson 03: somebody undefeated). Now train on
// *your* reward, at a price of 0.6 a nat.

// %%
const yours = fitReplyReward(countsAndFirstWord, replyPairsFrom(await labelling), {
  ridge: 1,
});
const yourReward = centredRewards(yours.tables, logpReference); // π_ref earns 0
const yourPrice = 0.6;
const whose = labelling.answeredBy === "person" ? "your" : "the simulated guest's";

// %%
const training = progress(iterations, { label: "PPO on the 30 labels" });
for await (const { log } of ppo(yourReward, yourPrice, iterations))
  training.step(1, `KL ${log.kl.toFixed(1)} nats`);
training.finish();
const yourLogp = exact.logProbabilities();
const after = run.sample(prompts, new Rng("the same dice"));

// %%
const [was, is] = [before, after].map((samples) => spoken(samples, yourReward));
const paid = meanKl(yourLogp, logpReference);
const earned = expectedReward(yourLogp, yourReward);
const bill = `${earned.toFixed(1)} points for ${paid.toFixed(1)} nats`;

// %%
table(
  was.map(({ order, reply, reward }, i) => ({
    order,
    before: reply,
    after: is[i].reply,
    gain: is[i].reward - reward,
  })),
  {
    caption: `Trained on ${whose} 30 labels: ${bill}`,
    columns: {
      order: "order",
      before: "before",
      after: "after",
      gain: { title: "gain by that reward (points)", digits: 1 },
    },
  },
);

// %% [markdown]
// The dice were the same in both columns, so what differs is the training. Do you hear your own taste? And something that you never asked for?
// Thirty comparisons say little about a word that was rarely there.
//
// **And ten other people?** The same thirty questions, answered by simulated guests who all like what the formula likes and differ only in their
// noise. Each gets a reward model and a PPO run of their own, half as long as yours, and beside it the exact policy that it is heading for. Where do they
// end on the map of what is *truly* liked?

// %%
const rewardOf = async (guest: number) => {
  const human = new SimulatedHuman(taste, { rng: new Rng(`guest ${guest}`) });
  const pairs = replyPairsFrom(await human.compare(questions));
  return fitReplyReward(countsAndFirstWord, pairs, { ridge: 1 }).tables;
};
const trained: Float64Array[][] = [];
const striven: Float64Array[][] = []; // for the policies that PPO strives for
const visits = progress(guests, { label: "PPO on others' labels", unit: "guests" });
for (let guest = 0; guest < guests; guest++, visits.step()) {
  const tables = await rewardOf(guest);
  striven.push(tiltedPolicies(logpReference, tables, yourPrice));
  for await (const { round } of ppo(tables, yourPrice, iterations / 2, { seed: guest }))
    if (round === iterations / 2) trained.push(exact.logProbabilities());
}
visits.finish();

// %%
const endsOf = (policies: Float64Array[][]) => {
  const ends = policies.map((logp) => frontierPoint(logp, logpReference, gold));
  const labels = ends.length > 1 ? ends.map((_, guest) => `${guest + 1}`) : [""];
  return { x: ends.map((p) => p.kl), y: ends.map((p) => p.reward), labels };
};
const nearby = { x: line.x.slice(0, 7), y: line.y.slice(0, 7) };

// %%
scatterChart(
  {
    "guests, by PPO": endsOf(trained),
    "guests, exactly": endsOf(striven),
    [`${whose} run`]: endsOf([yourLogp]),
  },
  {
    title: "Thirty labels each",
    caption: `${guests} guests by their numbers. Price 0.6 a nat.`,
    ...axes,
    reference: { ...nearby, label: "exact frontier" },
    height: 400,
  },
);

// %% [markdown]
// They scatter: same taste, same questions, and only the coin in each answer fell differently. Some went a long way for nothing. How far each goes is in the labels,
// not in PPO, whose points lie beside the exact ones. (If your own taste is not the formula's, your point lies low and that is no fault: it is marked by somebody
// else's reward.)
//
// ## 7 · Experiment: the reward that was not the reward
//
// Next: a judge who hears *only which words are there*, not where, fitted to 1,000 comparisons. Within the reference's replies it is right in two pairs
// out of three. Politeness helps there, on average, so it believes that politeness helps, always. First with no price at all, then with two. This was prediction **a**.

// %%
const counting = fitReplyReward(
  bagOfCounts,
  drawReplyPairs(logpReference, gold, 1000, new Rng("1000 pairs")),
);
const proxy = centredRewards(counting.tables, logpReference);

// %%
type Measured = { round: number; proxy: number; gold: number; kl: number };
const courses: Record<string, Measured[]> = {};
const saidAtLast: Record<string, string> = {};
for (const price of [0, 0.1, 0.3]) {
  const course: Measured[] = (courses[`β = ${price}`] = []);
  const note = (round: number, logp: Float64Array[]) => {
    const { kl, reward } = frontierPoint(logp, logpReference, gold);
    course.push({ round, proxy: expectedReward(logp, proxy), gold: reward, kl });
  };
  note(0, logpReference);
  const length = price === 0 ? 24 : Math.min(24, iterations);
  for await (const { round, samples } of ppo(proxy, price, length)) {
    if (round % 3 === 0) note(round, exact.logProbabilities());
    if (round === length)
      saidAtLast[`β = ${price}`] = replyText(samples.tokens[0].slice(2));
  }
}

// %%
const column = (price: string, key: keyof Measured) =>
  courses[price].map((point) => point[key]);
const free = { x: column("β = 0", "round") };
lineChart(
  {
    "what it was trained on": { ...free, y: column("β = 0", "proxy") },
    "what people wanted": { ...free, y: column("β = 0", "gold") },
  },
  {
    title: "No price on distance",
    caption: "Exact means over all replies.",
    x: { title: "round", unit: `${replies} replies each` },
    y: { title: "reward", unit: "points" },
    points: true,
  },
);

// %%
const cheaper = [...priceList, 0.05, 0.03, 0.02, 0.01, 0.005];
const judged = optimalFrontier(logpReference, proxy, cheaper, { judge: gold });
const judgedLine = { x: judged.map((p) => p.kl), y: judged.map((p) => p.reward) };
scatterChart(
  Object.fromEntries(
    Object.keys(courses).map((price) => [
      price,
      { x: column(price, "kl"), y: column(price, "gold") },
    ]),
  ),
  {
    title: "The price decides where it stops",
    caption: "A point every 3 rounds. Curve: the best policies for the counting judge.",
    x: axes.x,
    y: { ...axes.y, domain: [-5, 2] },
    reference: { ...judgedLine, label: "exact, for the counting judge" },
    connect: true,
  },
);

// %%
table(
  Object.entries(courses).map(([price, course]) => ({
    price,
    reply: saidAtLast[price],
    ...course[course.length - 1],
  })),
  {
    caption: `${orderText(orders[0])}: a reply of the last round, and the means`,
    digits: 2,
    columns: {
      price: "price of a nat",
      reply: "a reply",
      proxy: "learned reward (points)",
      gold: "gold reward (points)",
      kl: "KL (nats)",
    },
  },
);

// %% [markdown]
// This is **over-optimisation**, and Goodhart's law in one picture: the learned reward rises all the way, the gold reward rises, turns and falls below
// where it began. Nothing went wrong in the training; it found exactly what it was asked for. With a price the run stops early, on the exact
// curve, while the judge is still roughly right. Gao et al. [8] measured such curves for reward models of many sizes; lesson 10 takes them apart.
//
// ### A price that sets itself
//
// Which $\beta$? It depends on the scale of the rewards, which comparisons leave open. It is easier to say how *far* one is willing to go. Ziegler et al. [2]
// measure the divergence of each batch and move the price a little, at most a few per cent a round, until it meets a **target**:
//
// $$\beta\leftarrow\beta\,\Big(1+K\,\mathrm{clip}\big(\tfrac{\mathrm{KL}}{\text{target}}-1,\,-0.2,\,0.2\big)\Big).$$
//
// We start far too cheap, at 0.2, aim at 4 nats and at 2, and take $K=0.2$. Before you run it: will the divergence creep up to its target, or shoot past?

// %%
const dials: Record<string, { kl: number[]; beta: number[] }> = {};
for (const target of [4, 2]) {
  const dial = (dials[`target ${target} nats`] = {
    kl: [] as number[],
    beta: [] as number[],
  });
  const rng = new Rng(`target ${target}`);
  let price = 0.2;
  run.restart();
  for (let round = 0; round < adaptiveIterations; round++) {
    const samples = run.sample(prompts, rng);
    const charged = tokenRewards(samples, replyScores(gold, samples.tokens), price);
    const { kl } = run.update(samples, tokenAdvantages(samples, charged), 2e-3, rng);
    dial.kl.push(kl);
    dial.beta.push(price);
    price = adaptBeta(price, kl, target, { gain: 0.2 });
    await tick();
  }
}

// %%
const over = (key: "kl" | "beta") =>
  Object.fromEntries(Object.entries(dials).map(([name, dial]) => [name, dial[key]]));
const roundAxis = { title: "round", unit: `${replies} replies each` };

// %%
sideBySide(
  lineChart(over("kl"), {
    title: "The divergence meets its target",
    x: roundAxis,
    y: { title: "KL(π‖π_ref)", unit: "nats" },
    reference: [
      { y: 4, label: "4" },
      { y: 2, label: "2" },
    ],
    width: 300,
  }),
  lineChart(over("beta"), {
    title: "The price that it took",
    x: roundAxis,
    y: { title: "β", unit: "points a nat" },
    width: 300,
  }),
);

// %% [markdown]
// It shoots past, and far: while the price is still too low PPO takes what it can get, and then it has to walk all the way back. The price it ends at can be checked
// against something it knows nothing of. On the exact frontier, 4 nats belong to one $\beta$ and 2 nats to another:

// %%
const nearest = (kl: number) =>
  frontier.reduce((a, b) => (Math.abs(b.kl - kl) < Math.abs(a.kl - kl) ? b : a));

// %%
table(
  [4, 2].map((target) => {
    const { kl, beta: price } = dials[`target ${target} nats`];
    const { beta: exactPrice, kl: at } = nearest(target);
    const settled = price[price.length - 1];
    return { target, kl: mean(kl.slice(-10)), settled, exactPrice, at };
  }),
  {
    caption: "Mean of the last ten rounds, and the exact frontier near the target",
    digits: 2,
    columns: {
      target: { title: "target (nats)", digits: 0 },
      kl: "KL reached (nats)",
      settled: "β at the end",
      exactPrice: "β of the frontier",
      at: "which lies at (nats)",
    },
  },
);

// %% [markdown]
// ## 8 · Real text: a cheerful Melville
//
// Now a model that has read one book, *Moby-Dick*: two layers, 137,000 weights, tokens of two or three letters. It writes real words and hardly a sentence. The
// reward needs no people: 2,477 English words were rated by hand from −5 to +5 for how cheerful they are [5], and a text earns the sum. This is
// the small sister of an experiment by Ziegler et al. [2], who had GPT-2 continue books in a happier tone. **The same class, the same loop.**

// %%
const tokenizer = melvilleTokenizer();
const { training: book, heldOut } = melvilleHeldOut(
  tokenizer.encode(melvilleText()), // 98 % of it, and the last pages
);
const bookReference = melvilleModel();
const author = copyOf(bookReference);
const bookRun = new Rlhf(author, bookReference, new Rng("book critic"), {
  length: 32, // eight tokens to begin with, twenty-four to write
  epochs: 2,
  minibatches: 2,
});
const opened = new Rng("openings");
const openings = melvillePrompts(book, 96, 8, tokenizer, opened);
const written = ({ tokens }: Samples) =>
  tokens.map((t) => tokenizer.decode(t.slice(8)));
const plainText = written(bookRun.sample(openings, new Rng("ink")));
const cheer = mean(plainText.map(sentiment));
console.log(`Before: ${cheer.toFixed(2)} points of cheer a text.`);

// %% [markdown]
// Count first what will happen. “great” pays +3. A word the reference would not have said costs its surprise, some 4 to 6 nats for “great”. So at a price
// $\beta$ below about $3/5$ *each further “great” pays for itself*, and a text of nothing else is the optimum. To ask for cheer rather than for that,
// the reward counts each word once.

// %%
type TextReward = (text: string) => number;
async function* write(
  reward: TextReward,
  price: number,
  rounds: number,
  { rate = 1e-3, mix }: { rate?: number; mix?: PretrainingMix } = {},
) {
  bookRun.restart();
  const rng = new Rng("write");
  for (let round = 1; round <= rounds; round++) {
    const samples = bookRun.sample(melvillePrompts(book, 96, 8, tokenizer, rng), rng);
    const texts = written(samples);
    const charged = tokenRewards(samples, texts.map(reward), price);
    const credit = tokenAdvantages(samples, charged);
    const log = bookRun.update(samples, credit, rate, rng, mix);
    yield { round, texts, log };
    await tick();
  }
}

// %%
type Page = { cheer: number; kl: number; distinct: number };
const pageOf = (texts: string[], { kl }: RlhfLog): Page => ({
  cheer: mean(texts.map(sentiment)),
  kl,
  distinct: mean(texts.map(distinctShare)),
});

// %%
const cheerful = () => write(sentimentOfDistinctWords, 0.5, bookIterations);
const bookLive = liveChart({
  title: "Cheerful Melville",
  x: { title: "round", unit: "96 texts each" },
  y: "points of cheer, or nats",
});
const pages: Page[] = [];
for await (const { round, texts, log } of cheerful()) {
  const page = pageOf(texts, log);
  pages.push(page);
  bookLive.add(round, { "cheer a text": page.cheer, "KL, estimated": page.kl });
}
bookLive.finish();

// %%
const cheerfulText = written(bookRun.sample(openings, new Rng("ink")));
table(
  [0, 1, 2, 3, 4, 5].map((i) => ({
    opening: tokenizer.decode(openings[i]).trim(),
    before: plainText[i].trim(),
    after: cheerfulText[i].trim(),
  })),
  { caption: "The same openings, the same dice" },
);

// %% [markdown]
// ### What it forgets
//
// A model that is trained to please may lose what it knew: the **alignment tax** [1]. Ours knew how *Moby-Dick* goes on. InstructGPT's remedy, called PPO-ptx, lets each step
// also predict a little of the text that the model was pretrained on; in `run.update` that is one more argument. The obvious other remedy is a higher price. Both, beside the model
// above, measured on the last pages of the book, which none of the models has read:

// %%
const unread = tf.tensor2d(heldOut, undefined, "int32"); // windows of 64 tokens
const lossOf = (model: Gpt) =>
  tf.tidy(() => languageModelLoss(model, unread).dataSync()[0]);
const ledger = [
  { model: "before", cheer, kl: 0, loss: lossOf(bookReference) },
  { model: "cheer at β = 0.5", ...pages[pages.length - 1], loss: lossOf(author) },
];
const pageDice = new Rng("windows");
const mix: PretrainingMix = {
  draw: () => tf.tensor2d(drawWindows(book, 24, 32, pageDice), undefined, "int32"),
  weight: 0.3,
};

// %%
const remedies = [
  { model: "cheer at β = 1", price: 1, extras: {} },
  { model: "cheer at β = 0.5, the book mixed in", price: 0.5, extras: { mix } },
];
for (const { model, price, extras } of remedies) {
  let page = pages[0];
  const rounds = write(sentimentOfDistinctWords, price, bookIterations, extras);
  for await (const { texts, log } of rounds) page = pageOf(texts, log);
  ledger.push({ model, ...page, loss: lossOf(author) });
}

// %%
table(ledger, {
  caption: "What was won, and what was forgotten",
  digits: 2,
  columns: {
    model: "model",
    cheer: "cheer (points a text)",
    kl: { title: "KL (nats)", digits: 1 },
    loss: "loss on unread pages (nats a token)",
  },
});

// %% [markdown]
// Both remember more than the first; the mixture gives up far less cheer for it. InstructGPT's authors saw the same: raising the price of a nat did not do what the mixture did [1].

// %% [markdown]
// ## 9 · Break it
//
// Each of these is a mistake that people have made, and each has a face. The first is on the book: **the plain sum at a price of 0.2**, so that a word pays each time it is said (and steps of
// twice the size, to get there sooner).

// %%
const hacked: Page[] = [];
let babble: string[] = [];
const hackRounds = Math.round(1.2 * bookIterations);
for await (const { texts, log } of write(sentiment, 0.2, hackRounds, { rate: 2e-3 })) {
  hacked.push(pageOf(texts, log));
  babble = texts;
}
console.log(babble.slice(0, 3).join("\n"));

// %%
const kinds = { "each word once, β = 0.5": pages, "plain sum, β = 0.2": hacked };
const perKind = (key: keyof Page) =>
  Object.fromEntries(
    Object.entries(kinds).map(([name, p]) => [name, p.map((q) => q[key])]),
  );
const bookAxis = { title: "round", unit: "96 texts each" };
sideBySide(
  lineChart(perKind("cheer"), {
    title: "Cheer",
    x: bookAxis,
    y: { title: "sum of valences", unit: "points a text" },
    width: 300,
  }),
  lineChart(perKind("distinct"), {
    title: "Words that were not yet said",
    x: bookAxis,
    y: { title: "share of distinct words", format: ".0%", domain: [0, 1] },
    width: 300,
  }),
);

// %% [markdown]
// Back to the small world, where each mistake can be located. All aim at the gold reward with a price of 0.5 and *look* like a normal run: the reward rises. Say for
// each, before you run it, where on the map it will end.
//
// - **Mean instead of sum.** The log-ratios of a reply are averaged over its five words. Looks harmless; the price is now a fifth.
// - **Sign flipped.** The charge becomes a bonus.
// - **Reference updated by mistake.** The code that should hold $\pi_{\text{ref}}$ holds the policy: each log-ratio is 0.
// - **Mask one place off.** The last word of the prompt counts as part of the reply, the last word of the reply does not.

// %%
type Tamper = (samples: Samples) => Samples;
const flaws: Record<string, [price: number, wrong?: Tamper]> = {
  "all right": [beta],
  "mean for sum": [beta / 5],
  "sign flipped": [-beta],
  "reference moves": [beta, (s) => ({ ...s, logpReference: s.logp })],
  "mask off by one": [
    beta,
    (s) => ({ ...s, mask: s.mask.map((_, i) => (i % 6 < 5 ? 1 : 0)) }),
  ],
};

// %%
const faces: { flaw: string; reported: number; kl: number; reward: number }[] = [];
const slots: Record<string, Float64Array> = {};
for (const [flaw, [price, wrong]] of Object.entries(flaws)) {
  let reported = 0;
  for await (const { log } of ppo(gold, price, iterations, wrong ? { wrong } : {}))
    reported = log.kl;
  const truth = frontierPoint(exact.logProbabilities(), logpReference, gold);
  faces.push({ flaw, reported, ...truth });
  const places = divergenceByPlace(run.sample(prompts, new Rng("slots")));
  slots[flaw] = places.subarray(1); // the five words
}

// %%
scatterChart(
  Object.fromEntries(
    faces.map(({ flaw, kl, reward }) => [flaw, { x: [kl], y: [reward] }]),
  ),
  {
    title: "Where each mistake ends",
    caption: "Measured exactly. The mean ends where an honest β = 0.1 would.",
    ...axes,
    reference: { ...line, label: "exact frontier" },
  },
);

// %%
const said = faces.flatMap(({ flaw, reported, kl }) => [
  { label: flaw, group: "reported by the run", value: reported },
  { label: flaw, group: "true", value: kl },
]);
const byWord = ["all right", "mask off by one"].flatMap((group) =>
  Array.from(slots[group], (value, i) => ({ label: `${i + 1}`, group, value })),
);

// %%
barChart(said, {
  title: "What the run says of itself",
  width: 620,
  x: "mistake",
  y: { title: "KL(π‖π_ref)", unit: "nats" },
});

// %%
barChart(byWord, {
  title: "Divergence word by word",
  x: "word of the reply",
  y: { title: "mean log π/π_ref", unit: "nats" },
});

// %% [markdown]
// Read the faces. **Mean**: no warning at all; the policy sits neatly on the frontier, at the point of a five times smaller price. (Here that gives *more* gold reward, because here
// the reward is right. With a learned one it is section 7.) **Sign**: the policy is paid to leave, and goes where the reference never was. **Reference**: the reported divergence
// is 0.00 from the first round to the last, and an exact zero is never good news. **Mask**: the run reports half of the true divergence and ends well below the frontier; the last word, of which the loss never heard, follows the
// others only part of the way, by the weights that all words share.
//
// **Twenty labels.** And the commonest one of all. The reward model of section 6, hardly held back by its ridge, from twenty comparisons, with a cheap price:

// %%
const few = fitReplyReward(
  countsAndFirstWord,
  drawReplyPairs(logpReference, gold, 20, new Rng("twenty pairs")),
);
const fewReward = centredRewards(few.tables, logpReference);
let sure = { reply: "", learned: 0 };
for await (const { samples } of ppo(fewReward, 0.1, iterations)) {
  const learned = mean(replyScores(fewReward, samples.tokens));
  sure = { reply: replyText(samples.tokens[0].slice(2)), learned };
}
const certain = frontierPoint(exact.logProbabilities(), logpReference, gold);
console.log(`“${sure.reply}”`);
console.log(
  `learned reward ${sure.learned.toFixed(1)}, gold ${certain.reward.toFixed(1)}`,
);

// %% [markdown]
// The learned reward is enormous, and says so with full conviction; what it praises was praised in a handful of pairs. **The learned reward can never tell you that it is wrong.** Only new labels on
// the *new* policy's replies can. InstructGPT collected them, and trained its reward models again [1].
//
// ## 10 · Look back

// %%
const endsAt = courses["β = 0"];
await reveal(guessGold, endsAt[endsAt.length - 1].gold);
await reveal(guessKl, best.kl);

// %% [markdown]
// **What to take along**
// - RLHF maximises reward *minus a price on the distance* from where it began. The best policy is $\pi_{\text{ref}}\,e^{r/\beta}/Z$, and what another one misses is $\beta\,\mathrm{KL}(\pi\|\pi^*)$.
// - PPO gets there, to a few tenths of a nat, from nothing but samples and scores.
// - A learned reward is right near the replies it was learned from. The price keeps the policy where its judge knows something.
// - What training for a reward forgets, a little of the old text in each step keeps, at less cost than a higher price.
// - β means nothing without the scale of the rewards; a target divergence does.
// - A divergence of exactly 0, a reward that rises without end, texts that say one word: each has its cause. Know the faces.
//
// **An open question.** Four models, sampling in every round, a critic: is all of that needed to reach a policy that we can write down, $\pi_{\text{ref}}\,e^{r/\beta}/Z$? Lesson 11 (DPO) says no; lesson 10 says that the
// plainest thing of all, the best of $n$, gets surprisingly far. What then does PPO have that they have not?
//
// **References**
// 1. L. Ouyang et al. (2022). Training language models to follow instructions with human feedback. [arXiv:2203.02155](https://arxiv.org/abs/2203.02155): abstract; sections 3.1, 3.5 (Eq. 2) and 4.2.
// 2. D. M. Ziegler et al. (2019). Fine-tuning language models from human preferences. [arXiv:1909.08593](https://arxiv.org/abs/1909.08593): sections 2.2 and 3.1.
// 3. N. Stiennon et al. (2020). Learning to summarize from human feedback. [arXiv:2009.01325](https://arxiv.org/abs/2009.01325).
// 4. OpenAI (2022). [Introducing ChatGPT](https://openai.com/index/chatgpt/).
// 5. F. Å. Nielsen (2011). A new ANEW: evaluation of a word list for sentiment analysis in microblogs. [arXiv:1103.2903](https://arxiv.org/abs/1103.2903).
// 6. J. Schulman et al. (2017). Proximal policy optimization algorithms. [arXiv:1707.06347](https://arxiv.org/abs/1707.06347).
// 7. T. Korbak, E. Perez, C. L. Buckley (2022). RL with KL penalties is better viewed as Bayesian inference. [arXiv:2205.11275](https://arxiv.org/abs/2205.11275).
// 8. L. Gao, J. Schulman, J. Hilton (2022). Scaling laws for reward model overoptimization. [arXiv:2210.10760](https://arxiv.org/abs/2210.10760).
