// %% [markdown]
// # 11 · DPO: the policy is its own reward model
//
// Lesson 09 needed a reward model, a value network, a sampler and a dozen dials. This lesson trains on the same labels with one
// loss, in a loop of ten lines.
//
// **The claim.** The policy that RLHF strives for can be found without fitting a reward and without reinforcement learning, by a
// classification loss on the comparisons themselves: direct preference optimisation, Rafailov et al. 2023 [1], equation 7.
//
// **Before.** From 2017 to 2023, learning from preferences meant three steps: imitate, fit a reward model, and then maximise
// it with PPO under a KL penalty [2]. The third step samples from the model while it trains, needs four networks in
// memory, and breaks in ways that are hard to see. Few outside large laboratories ran it.
//
// **Since.** Zephyr [3] and Tülu 2 [4] showed within months that the loss holds up on models of 7 and of 70 billion weights. A family of
// relatives followed: IPO, KTO, SimPO, ORPO and more. At the end they all stand on one chart, beside the
// best that is possible.
//
// About an hour. You need lesson 03 (Bradley–Terry); lessons 08–10 help.

// %%
import {
  adam, bandChart, bestOfNCurve, budget, cdpoLoss, cdpoOfMargin, compile, copyOf,
  copyWeights, countsAndFirstWord, dpoLoss, dpoOfMargin, drawBatch, drawReplyPairs,
  ExactReplies, expectedReward, fitReplyReward, frontierPoint, goldTables, hingeLoss,
  ipoLoss, ipoOfMargin, ipoOptimum, klDivergence, ktoBatch, ktoLoss, ktoReferencePoint,
  logSigmoid, mean, normalised, optimalFrontier, orders, orderText, orpoLoss,
  pairAccuracy, pairBatch, parseOrder, parseReply, person, populationOptimum, predict,
  progress, ready, replyLogp, replyOf, replyPairsFrom, replyPrompts, replyReference,
  replyScores, replyText, reveal, Rlhf, Rng, robustDpoLoss, robustDpoOfMargin,
  scatterChart, sigmoid, simpoLoss, SimulatedHuman, table, tableSampler, tf, tick,
  tiltedPolicies, tiltedPolicy, tokenAdvantages, tokenRewards, trainNetworkReward,
  type CompiledStep, type MarginLoss, type ReplyPair, type Scalar, type Tensor,
} from "rlhf";

// %%
const { seeds, methodSeeds, steps, people } = budget({
  smoke: { seeds: 2, methodSeeds: 1, steps: 40, people: 2 },
  quick: { seeds: 5, methodSeeds: 3, steps: 150, people: 10 },
  full: { seeds: 20, methodSeeds: 20, steps: 250, people: 10 },
});
const { replies, rounds } = budget({
  smoke: { replies: 48, rounds: 6 }, // of PPO
  quick: { replies: 256, rounds: 30 },
  full: { replies: 256, rounds: 60 },
});

// %% [markdown]
// ## 1 · The world, and where we start
//
// Somebody orders two things, “order tea, then cake”. The assistant answers with five of eight words: hello, please, thanks, tea, cake,
// milk, “!” and “um”. There are 32,768 possible answers, few enough to know everything about all of them.
//
// A formula says what each answer is truly worth, the **gold reward**: a point for a greeting, a point for each thing that
// was asked for, half a point for the right order, politeness that is best with two polite words and turns sour beyond,
// points off for “um” and for shouting. In real life nobody has this formula. Here we have it and hide it from
// every method: they see comparisons only.
//
// The policy to start from, $\pi_{\text{ref}}$, is a small GPT that has learned to imitate 2,000 sloppy demonstrations. It is loaded, not
// trained: its card is in `data/`.

// %%
await ready(); // the engine that computes
const policy = replyReference(); // the model that we shall train
const start = copyOf(policy); // and what it was
const exact = new ExactReplies(policy);
const reference = exact.logProbabilities(); // log π_ref of all replies, six orders
const gold = goldTables();

// %%
const answers = (logp: Float64Array[], seed: string) => {
  const [draw, rng] = [tableSampler(logp[0]), new Rng(seed)];
  return Array.from({ length: 5 }, () => draw(rng));
};
table(
  answers(reference, "first look").map((y) => ({
    answer: replyText(replyOf(y)),
    gold: gold[0][y],
  })),
  {
    caption: `Five answers of π_ref to “${orderText(orders[0])}”`,
    columns: { answer: "answer", gold: { title: "gold reward", digits: 1 } },
  },
);

// %%
const best = optimalFrontier(reference, gold, [0.5])[0];
console.log(`mean gold of π_ref: ${expectedReward(reference, gold).toFixed(2)} of 5.5`);
console.log(`best within ${best.kl.toFixed(1)} nats of KL: ${best.reward.toFixed(2)}`);

// %% [markdown]
// ## 2 · Two predictions
//
// **a.** DPO's loss is the logarithm of a probability. What is its value at the very first step, before anything has been
// learned?
//
// **b.** In every pair there is a *chosen* and a *rejected* answer. We train until the policy tells them apart almost without error. What
// happens to the probability that the policy gives to the **chosen** answers?

// %%
const guessLoss = await predict("What is DPO's loss at the first step?", {
  unit: "nats",
  min: 0,
});
const guessChosen = await predict(
  "What happens to the probability of the chosen answers?",
  { choices: ["it rises", "it stays about the same", "it falls"] },
);

// %% [markdown]
// ## 3 · Derivation
//
// RLHF looks for the policy with much reward, $r$, that has not moved far from the reference:
//
// $$\max_\pi \; J(\pi)=\mathbb E_{y\sim\pi}\, r(x,y)\;-\;\beta\,\mathrm{KL}\big(\pi\,\|\,\pi_{\text{ref}}\big).$$
//
// KL, the Kullback–Leibler divergence, is the mean of $\log \pi(y|x)/\pi_{\text{ref}}(y|x)$ over the policy's own answers, in nats: how far it has moved. The
// dial $\beta$ sets the price of moving. The solution has been known for long: take the reference, and tilt it by the reward,
//
// $$\pi^*(y|x)=\frac{1}{Z(x)}\,\pi_{\text{ref}}(y|x)\,e^{r(x,y)/\beta}.$$
//
// $Z(x)$ makes it sum to one. Nobody can compute $Z$ for a real language model, since it is a sum over everything that can be said. Now **read
// the equation backwards**: take logarithms and solve for the reward.
//
// $$r(x,y)=\beta\log\frac{\pi^*(y|x)}{\pi_{\text{ref}}(y|x)}+\beta\log Z(x).$$
//
// Every policy is the best one *for some reward*: its own **implicit reward**. And a comparison never looks at one reward, only at the
// difference of two answers to the same question (lesson 03): $P(y_w\succ y_l)=\sigma(r(x,y_w)-r(x,y_l))$. In the difference $Z(x)$ drops
// out. What is left is a likelihood of the comparisons that knows nothing but the policy. Its negative logarithm is the loss:
//
// $$L=-\,\mathbb E\,\log\sigma\Big(\beta\, h\Big),\qquad h=\log\frac{\pi_\theta(y_w|x)}{\pi_{\text{ref}}(y_w|x)}-\log\frac{\pi_\theta(y_l|x)}{\pi_{\text{ref}}(y_l|x)}.$$
//
// The number $h$ is the **margin** of a pair. Both claims can be checked exactly here. First, the implicit reward of $\pi^*$ must
// give back the gold reward, up to one constant for each order:

// %%
const beta = 0.5;
const star = tiltedPolicies(reference, gold, beta);
const implicit = star[0].map((logp, y) => beta * (logp - reference[0][y]));
const shifts = implicit.map((r, y) => gold[0][y] - r);
console.log(`β·log Z = ${mean(shifts).toFixed(4)} for the first order`);
const spread = Math.max(...shifts) - Math.min(...shifts);
console.log(`over 32,768 answers it differs by at most ${spread.toExponential(0)}`);

// %% [markdown]
// Second, the slope. Since $\frac{d}{dz}\log\sigma(z)=1-\sigma(z)=\sigma(-z)$, the loss pulls on the margin with $-\beta\,\sigma(-\beta h)$: hard where the pair is on
// the wrong side, hardly at all where it is settled. Nudge, and compare:

// %%
const one = dpoOfMargin(beta); // the loss of one pair, as a function of its margin
table(
  [-6, -2, 0, 2, 6].map((h) => {
    const numeric = (one.value(h + 1e-4) - one.value(h - 1e-4)) / 2e-4;
    const loss = -logSigmoid(beta * h);
    return { h, loss, slope: -beta * sigmoid(-beta * h), numeric };
  }),
  {
    caption: "DPO's loss of one pair (nats) and its slope",
    digits: 6,
    columns: {
      h: { title: "margin h (nats)", digits: 0 },
      loss: "loss",
      slope: "slope by formula",
      numeric: "by differences",
    },
  },
);

// %% [markdown]
// At the start $\pi_\theta=\pi_{\text{ref}}$, so every margin is 0 and every pair costs $-\log\sigma(0)=\ln 2=0.693$, whatever $\beta$. That was prediction **a**, and it is the
// first thing to look at in any run of DPO: **if the first loss is not 0.693, policy and reference are not the same model**, or
// one of them masks the wrong tokens.
//
// ## 4 · You are the human
//
// Thirty pairs of answers. Which one would you rather hear, had you ordered? Go by your own taste: the formula is hidden from you, too.
// Click, or press `1` and `2`, or `3` for “equal”. It takes two minutes. If nobody is here, a simulated guest who knows the formula
// answers, with the usual noise, and the output says so.

// %%
const asked = drawReplyPairs(reference, gold, 30, new Rng("your pairs"));
const questions = asked.map(({ order, chosen, rejected }, i) => {
  const [a, b] = [chosen, rejected].map((y) => replyText(replyOf(y)));
  const prompt = orderText(orders[order]);
  return i % 2 ? { prompt, first: a, second: b } : { prompt, first: b, second: a };
});
const worth = (reply: string, prompt = "") =>
  gold[parseOrder(prompt)][parseReply(reply)];
const guest = new SimulatedHuman(worth, { rng: new Rng("guest") });
const you = person<string>({
  task: "11-replies",
  question: "Which answer would you rather hear?",
  standIn: guest,
});

// %%
const labels = you.compare(questions);
const yourPairs = replyPairsFrom(await labels);
const agreed = pairAccuracy(gold, yourPairs);
const whose = labels.answeredBy === "person" ? "You" : "The simulated guest";
const share = `${(100 * agreed).toFixed(0)} %`;
console.log(`${whose}: ${yourPairs.length} verdicts, ${share} as the hidden formula`);

// %% [markdown]
// Two people who both follow the formula with this noise agree with it in about 80 % of the pairs, and no method can do better on fresh
// labels. If you agree less: your taste is another one. Then what follows trains on *your* taste and is marked
// by somebody else's, which is the normal state of affairs.
//
// ## 5 · Build it
//
// One step: the log-probabilities of the chosen and rejected answers under the policy, those under the reference (looked up, since
// the reference never changes), the loss, one step of Adam. `compile` makes a single call of it.

// %%
type PairLoss = (
  policyChosen: Tensor,
  policyRejected: Tensor,
  referenceChosen: Tensor,
  referenceRejected: Tensor,
  beta: Tensor,
) => Tensor;
const optimizer = adam(policy.parameters);
const untouched = await optimizer.getState();
const stepOf = (loss: PairLoss, { xla = false } = {}) => {
  const lossOf = (tokens: Tensor, logpReference: Tensor, beta: Tensor) => {
    const [chosen, rejected] = tf.split(replyLogp(policy, tokens), 2); // [B] each
    const [refChosen, refRejected] = tf.split(logpReference, 2);
    return loss(chosen, rejected, refChosen, refRejected, beta);
  };
  const step = (tokens: Tensor, logpReference: Tensor, beta: Tensor, rate: Tensor) =>
    optimizer.minimize(() => lossOf(tokens, logpReference, beta), rate, { maxNorm: 1 });
  return compile(step, { xla });
};

// %% [markdown]
// And the loop. It starts from the reference each time, and returns where the policy has ended: the KL it has moved and the gold reward it
// earns, both *exact*, by a sum over all answers.

// %%
type Step = CompiledStep<[Tensor, Tensor, Tensor, Tensor], Scalar>;
interface Run {
  beta: number;
  steps: number;
  rng: Rng;
  batchOf?: typeof pairBatch; // what a batch holds
  watch?: (t: number, loss: number) => void; // looks on
}

// %%
async function train(step: Step, pairs: ReplyPair[], run: Run) {
  const { beta, steps, rng, batchOf = pairBatch, watch } = run;
  copyWeights(start, policy);
  optimizer.setState(untouched);
  for (let t = 0; t < steps; t++) {
    const batch = batchOf(drawBatch(pairs, 64, rng), reference);
    const loss = step(batch.tokens, batch.reference, beta, 1e-3);
    if (watch) watch(t, loss.dataSync()[0]);
    tf.dispose([loss, batch.tokens, batch.reference]);
    await tick();
  }
  return frontierPoint(exact.logProbabilities(), reference, gold);
}

// %%
const dpo = stepOf(dpoLoss, { xla: true }); // many runs: worth compiling well
const losses: number[] = [];
const after = await train(dpo, yourPairs, {
  beta: 0.3,
  steps: 60,
  rng: new Rng("you"),
  watch: (_, loss) => losses.push(loss),
});
const yours = exact.logProbabilities();
const offBy = Math.abs(losses[0] - Math.LN2).toExponential(0);
console.log(`first loss ${losses[0].toFixed(6)}, off ln 2 by ${offBy}`);

// %% [markdown]
// And the older way on the same labels: first a reward model that knows eight things about an answer (how often each word occurs, and whether hello comes
// first), then PPO on it, as in lesson 09. PPO samples 256 answers, lets the reward model score them, charges $\beta$ for every nat, and takes eight
// steps; then again.

// %%
const ppo = new Rlhf(policy, start, new Rng("critic"), { length: 7 });
const prompts = replyPrompts(replies); // the six orders in turn
async function pursue(rewards: Float64Array[], beta: number, rng: Rng) {
  ppo.restart();
  for (let round = 0; round < rounds; round++) {
    const samples = ppo.sample(prompts, rng);
    const scores = replyScores(rewards, samples.tokens);
    const charged = tokenRewards(samples, scores, beta); // less β·log π/π_ref
    ppo.update(samples, tokenAdvantages(samples, charged), 2e-3, rng);
    await tick();
  }
  return frontierPoint(exact.logProbabilities(), reference, gold);
}
const yourJudge = fitReplyReward(countsAndFirstWord, yourPairs, { ridge: 0.1 }).tables;
const afterPpo = await pursue(yourJudge, 0.5, new Rng("ppo"));
const yoursByPpo = exact.logProbabilities();

// %%
const policies = { before: reference, "after DPO": yours, "after PPO": yoursByPpo };
const say = (y: number) => `${replyText(replyOf(y))} (${gold[0][y].toFixed(1)})`;
const columnsOf = Object.entries(policies).map(([when, logp]) => ({
  when,
  said: answers(logp, "side by side").map(say),
}));
table(
  [0, 1, 2, 3, 4].map((i) =>
    Object.fromEntries(columnsOf.map(({ when, said }) => [when, said[i]])),
  ),
  { caption: `“${orderText(orders[0])}”: answers, and what each is worth` },
);

// %%
table(
  [
    { method: "DPO", ...after },
    { method: "reward model + PPO", ...afterPpo },
  ],
  {
    caption: `Trained on ${yourPairs.length} verdicts, measured on all answers`,
    columns: {
      method: "method",
      kl: { title: "KL paid (nats)", digits: 2 },
      reward: { title: "gold reward", digits: 2 },
    },
  },
);

// %% [markdown]
// Thirty clicks, and it moved. Is it *your* thirty clicks, or would any have done? Here are the labels of ten simulated people, thirty pairs
// each: first the same training on each one's labels alone, then on all 300 together. Beside it the way with two stages on the same labels, with
// the exact policy that PPO is heading for in the place of PPO itself.

// %%
const crowd: ReplyPair[][] = [];
for (let who = 0; who < people; who++) {
  const rng = new Rng(`person ${who}`);
  crowd.push(drawReplyPairs(reference, gold, 30, rng));
}
const twoStages = (pairs: ReplyPair[], beta: number) => {
  const proxy = fitReplyReward(countsAndFirstWord, pairs).tables;
  return frontierPoint(tiltedPolicies(reference, proxy, beta), reference, gold);
};
const single = [];
for (const [who, pairs] of crowd.entries())
  single.push(await train(dpo, pairs, { beta: 0.3, steps: 60, rng: new Rng(who) }));
const together = await train(dpo, crowd.flat(), {
  beta: 0.3,
  steps: 100,
  rng: new Rng("all"),
});

// %%
function meanPoint(ends: { kl: number; reward: number }[]) {
  return { kl: mean(ends.map((e) => e.kl)), reward: mean(ends.map((e) => e.reward)) };
}
const ends = single.map((end) => end.reward);
const fitted = crowd.map((pairs) => twoStages(pairs, 1));
const range = `${Math.min(...ends).toFixed(2)} to ${Math.max(...ends).toFixed(2)}`;

// %%
table(
  [
    { who: `${whose}, 30 labels, DPO`, ...after },
    { who: `${people} people, 30 labels each (${range}), DPO`, ...meanPoint(single) },
    { who: `${people} people, 30 labels each, reward model`, ...meanPoint(fitted) },
    { who: `${people} people together, DPO`, ...together },
    { who: "the same labels, reward model", ...twoStages(crowd.flat(), 1) },
  ],
  {
    caption: "What the labels were worth",
    columns: {
      who: "whose labels",
      kl: { title: "KL (nats)", digits: 2 },
      reward: { title: "gold reward", digits: 2 },
    },
  },
);

// %% [markdown]
// Thirty labels help a little, and how much is luck: look at the range. The simple reward model gets more out of so few for less KL, because it has eight numbers to
// learn and the policy 13,000. Keep that in mind for the frontier below.
//
// **Your turn.** The exercise notebook [`exercises/release/11-dpo`](../exercises/release/11-dpo/11-dpo.ipynb) leaves four functions
// open: summing log-probabilities over the answer's tokens, DPO's loss, IPO's loss and the tilted policy. `check` shows a counterexample when something
// is wrong.
//
// ## 6 · Probe: where the losses lead when there is no noise
//
// Before trusting a loss, ask where it would end with infinitely many labels and a policy that can be anything. Sixty-four answers, a
// random reference, random rewards, *all* pairs, each weighted by the true probability of either verdict. Newton's method finds the minimum to
// the last digit. Then the same with 20 % of all verdicts turned round.

// %%
const draw = new Rng("probe");
const few = normalised(Array.from({ length: 64 }, () => draw.normal()));
const rewards = Array.from({ length: 64 }, () => draw.normal());
const wins = rewards.map((r) => rewards.map((s) => sigmoid(r - s)));
const noisy = wins.map((row) => row.map((p) => 0.2 + 0.6 * p)); // 20 % flipped
const target = tiltedPolicy(few, rewards, beta);
const drawnTwice = {
  weights: (y: number, z: number) => Math.exp(few[y] + few[z]), // both from π_ref
};

// %%
const optimumOf = (labels: number[][], loss: MarginLoss) =>
  populationOptimum(few, labels, loss, drawnTwice);
const optima = {
  "DPO, true verdicts": optimumOf(wins, dpoOfMargin(beta)),
  "IPO, true verdicts": optimumOf(wins, ipoOfMargin(beta)),
  "DPO, 20 % turned round": optimumOf(noisy, dpoOfMargin(beta)),
  "cDPO that knows of it": optimumOf(noisy, cdpoOfMargin(beta, 0.2)),
  "robust DPO that knows of it": optimumOf(noisy, robustDpoOfMargin(beta, 0.2)),
};

// %%
const apart = Object.entries(optima).map(([loss, policy]) => ({
  loss,
  fromBest: klDivergence(policy, target),
  fromReference: klDivergence(policy, few),
}));
table(
  apart.map((row) => ({ ...row, fromBest: Math.abs(row.fromBest).toExponential(0) })),
  {
    caption: "Where each loss ends with all pairs (KL in nats)",
    columns: {
      loss: "loss and labels",
      fromBest: "KL from the best, π*",
      fromReference: { title: "KL moved from π_ref", digits: 2 },
    },
  },
);

// %% [markdown]
// With true verdicts DPO ends *exactly* at $\pi^*$: the derivation holds. When a fifth of the verdicts is turned round it moves less far, since the labels say
// less. Robust DPO [8] knows the share of flips and ends exactly at $\pi^*$ again. Conservative DPO [7] moves least of all, by
// intention: it believes less. (Tell robust DPO of flips that are *not* there, and it has no optimum at all: it then takes a preference of 90 % for
// more than certain.)
//
// IPO [5] strives for something else: it tilts by the **probability to win** against an answer of the reference, not by the reward, and
// so gains stop where an answer wins always. Its own closed form is $\pi\propto\pi_{\text{ref}}\exp(\mathbb E_{y'}P(y\succ y')/\beta)$; Newton's answer agrees with it:

// %%
const closed = ipoOptimum(few, wins, beta);
const ipoGap = klDivergence(optima["IPO, true verdicts"], closed);
console.log(
  `KL(IPO's optimum ‖ its closed form) = ${Math.abs(ipoGap).toExponential(0)} nats`,
);

// %% [markdown]
// ## 7 · Experiments
//
// ### Why the chosen answers become less likely
//
// Three hundred labels, $\beta=0.1$, 300 steps: the kind of run that looks perfect in its loss. We watch the mean log-ratio $\log\pi_\theta/\pi_{\text{ref}}$ of the
// training pairs, chosen and rejected apart. It is the implicit reward divided by $\beta$. Up means: more likely than at the start.

// %%
const logRatios = (pairs: ReplyPair[]) => {
  const { tokens, reference: ref } = pairBatch(pairs, reference);
  const both = tf.tidy(() => tf.split(tf.sub(replyLogp(policy, tokens), ref), 2));
  const [chosen, rejected] = both.map((side) => mean(side.dataSync()));
  tf.dispose([tokens, ref, ...both]);
  return { chosen, rejected };
};
const moments = Array.from({ length: 16 }, (_, k) => 20 * k);
const fallen = { chosen: [] as number[][], rejected: [] as number[][] };
const fallenEnds: { kl: number; reward: number }[] = [];

// %%
const bar = progress(seeds, { label: "300 labels, 300 steps" });
for (let seed = 0; seed < seeds; seed++) {
  const rng = new Rng(seed);
  const pairs = drawReplyPairs(reference, gold, 300, rng);
  const seen: { chosen: number; rejected: number }[] = [];
  const watch = (t: number) => {
    if (t % 20 === 19) seen.push(logRatios(pairs));
  };
  fallenEnds.push(await train(dpo, pairs, { beta: 0.1, steps: 300, rng, watch }));
  fallen.chosen.push([0, ...seen.map((s) => s.chosen)]);
  fallen.rejected.push([0, ...seen.map((s) => s.rejected)]);
  bar.step();
}
bar.finish();

// %%
bandChart(fallen, {
  title: "Both become less likely",
  caption: `Training pairs; mean and 95 % band over ${seeds} seeds.`,
  at: moments,
  x: "step",
  y: "log π/π_ref (nats, mean of pairs)",
  reference: { y: 0, label: "as likely as at the start" },
});

// %% [markdown]
// That was prediction **b**: the chosen answers end up far *less* likely than at the start, by a factor of tens of thousands. Practitioners met
// this as “the chosen reward falls” and took it for a bug. It is not one. The loss sees only the *margin*, and a margin can grow by pushing the rejected
// answer down harder than the chosen one. In a network the two share most of their words, so a push on one drags the other along; and probability is
// conserved, so what both lose goes to answers that **nobody has ever judged**.
//
// Where did it go? The gold reward says whether it went somewhere good:

// %%
const ended = meanPoint(fallenEnds);
const cheap = optimalFrontier(reference, gold, [2, 1, 0.7]);
table(
  [
    { policy: "DPO, 300 labels, β = 0.1, 300 steps", ...ended },
    ...cheap.map(({ beta, ...point }) => ({
      policy: `best possible, β = ${beta}`,
      ...point,
    })),
  ],
  {
    caption: "What was paid, and for what",
    columns: {
      policy: "policy",
      kl: { title: "KL (nats)", digits: 2 },
      reward: { title: "gold reward", digits: 2 },
    },
  },
);

// %% [markdown]
// It paid several nats for a reward that the best policy has for a fraction of one. A small $\beta$ with few labels is over-optimisation (lesson 10) without
// any reward model in sight.
//
// ### The frontier
//
// Reward against KL is the honest chart: anybody can have more reward by moving further. Four ways to spend the same 2,000 labels, beside the best that is
// possible: DPO at three values of $\beta$; and two stages with a small network as the reward model, followed by PPO at three values of $\beta$, by
// the exact tilt (where PPO would end if it did its work without error), or by best-of-n.

// %%
const tilts = [4, 2, 1, 0.7, 0.5, 0.35, 0.25, 0.2];
const frontier = optimalFrontier(reference, gold, tilts);
type Points = { kl: number; reward: number }[][]; // [seed][β]
const none = (): Points => [];
const spent = { dpo: none(), ppo: none(), tilt: none(), bestOf: none() };

// %%
for (let seed = 0; seed < methodSeeds; seed++) {
  const rng = new Rng(`frontier ${seed}`);
  const pairs = drawReplyPairs(reference, gold, 2000, rng);
  const [dpoRuns, ppoRuns] = [[], []] as Points;
  const proxy = await trainNetworkReward(pairs, rng.split("network"));
  for (const beta of [1, 0.3, 0.1])
    dpoRuns.push(await train(dpo, pairs, { beta, steps: Math.min(steps, 150), rng }));
  for (const beta of [1, 0.5, 0.35]) ppoRuns.push(await pursue(proxy, beta, rng));
  spent.dpo.push(dpoRuns);
  spent.ppo.push(ppoRuns);
  spent.tilt.push(
    optimalFrontier(reference, proxy, [2, 1, 0.5, 0.35, 0.25], { judge: gold }),
  );
  const curve = bestOfNCurve(reference, proxy, gold, [2, 4, 16, 64]);
  spent.bestOf.push(curve.map(({ kl, gold: reward }) => ({ kl, reward })));
}

// %%
const columns = (runs: Points) => {
  const points = runs[0].map((_, k) => meanPoint(runs.map((run) => run[k])));
  return { x: points.map((p) => p.kl), y: points.map((p) => p.reward) };
};
const possible = columns([frontier.filter((point) => point.kl < 4)]);

// %%
scatterChart(
  {
    "best possible": possible,
    "exact tilt": columns(spent.tilt),
    "best-of-n": columns(spent.bestOf),
    PPO: columns(spent.ppo),
    DPO: columns(spent.dpo),
  },
  {
    title: "What 2,000 labels buy",
    caption: `Mean of ${methodSeeds} seeds; all but DPO use a reward model.`,
    x: { title: "KL from the reference", unit: "nats", zero: true },
    y: { title: "gold reward", zero: false },
    connect: true,
  },
);

// %% [markdown]
// No method reaches the frontier: what separates them from it is 2,000 noisy labels. The ways lie close together, PPO a little below the tilt that it strives for; at
// moderate distances DPO holds its own. Run the cell again with 500 labels,
// and with 8,000: with many labels the two-stage way pulls ahead in this world, and with few DPO's curve bends down when
// $\beta$ is made small. Do not read that as “PPO beats DPO”: our DPO runs are short, and every dial but $\beta$ was left alone.
//
// ### The family, on noisy labels
//
// Three thousand labels, clean, and with 30 % of them turned round. All from the same start, with the same optimiser and the
// same number of steps. What differs is one line:
//
// | method | what it does with the margin $h$ | from |
// |---|---|---|
// | DPO | $-\log\sigma(\beta h)$ | [1] |
// | cDPO | believes a label with $1-\varepsilon$ only | [7] |
// | robust DPO | as cDPO, but without bias on flipped labels | [8] |
// | IPO | $(h-\frac1{2\beta})^2$: a fixed target; past it the loss pulls back | [5] |
// | hinge | $\max(0,1-\beta h)$: stops at $h=1/\beta$ | [9] |
// | KTO | no pairs: each answer alone is a gain or a loss from a reference point | [6] |
// | SimPO | no reference: mean log-probability of a token, and a margin $\gamma$ | [10] |
// | ORPO | imitation of the chosen, plus log-odds against the rejected | [11] |

// %%
const epsilon = 0.3; // what cDPO and robust DPO are told
const five = (logp: Tensor) => tf.fill(logp.shape, 5); // every answer has five words
const kto: Step = compile(
  (tokens: Tensor, logpReference: Tensor, beta: Tensor, rate: Tensor) => {
    const [, , moved] = tf.split(replyLogp(policy, tokens), 3);
    const [refChosen, refRejected, refMoved] = tf.split(logpReference, 3);
    const point = ktoReferencePoint(moved, refMoved); // no gradient flows through it
    const loss = () => {
      const [chosen, rejected] = tf.split(replyLogp(policy, tokens), 3);
      return ktoLoss(chosen, rejected, refChosen, refRejected, point, beta);
    };
    return optimizer.minimize(loss, rate, { maxNorm: 1 });
  },
  { xla: false },
);

// %%
type Method = { step: Step; beta: number; batchOf?: typeof pairBatch };
const told: Record<string, Method> = {
  cDPO: { step: stepOf((...all) => cdpoLoss(...all, epsilon)), beta: 0.3 },
  "robust DPO": { step: stepOf((...all) => robustDpoLoss(...all, epsilon)), beta: 0.3 },
};
const family: Record<string, Method> = {
  DPO: { step: dpo, beta: 0.3 },
  IPO: { step: stepOf(ipoLoss), beta: 0.1 },
  hinge: { step: stepOf(hingeLoss), beta: 0.3 },
  KTO: { step: kto, beta: 0.3, batchOf: ktoBatch },
  SimPO: {
    step: stepOf((w, l, _w, _l, b) => simpoLoss(w, l, five(w), five(l), b, 0.5)),
    beta: 2,
  },
  ORPO: {
    step: stepOf((w, l, _w, _l, b) => orpoLoss(w, l, five(w), five(l), b)),
    beta: 5,
  },
};

// %% [markdown]
// cDPO and robust DPO are told that 30 % of the labels are turned round, so they run on those only.

// %%
type Ends = Record<string, { kl: number; reward: number }[]>;
const labelled = { clean: {} as Ends, noisy: {} as Ends };
const labellings = [
  { kind: "clean", flips: 0, methods: Object.entries(family) },
  { kind: "noisy", flips: epsilon, methods: Object.entries({ ...family, ...told }) },
] as const;
const all = progress(14 * methodSeeds, { label: "Eight methods" });
for (const { kind, flips, methods } of labellings)
  for (const [name, { step, ...settings }] of methods) {
    labelled[kind][name] = [];
    for (let seed = 0; seed < methodSeeds; seed++, all.step()) {
      const rng = new Rng(`family ${seed}`);
      const pairs = drawReplyPairs(reference, gold, 3000, rng, { flips });
      labelled[kind][name].push(await train(step, pairs, { ...settings, steps, rng }));
    }
  }
all.finish();

// %%
const near = frontier.filter((point) => point.kl < 3);
const lines = Object.keys({ ...family, ...told }).map((name) => {
  const runs = [labelled.clean[name], labelled.noisy[name]].filter((run) => run);
  const means = runs.map(meanPoint);
  return [name, { x: means.map((p) => p.kl), y: means.map((p) => p.reward) }] as const;
});
scatterChart(Object.fromEntries(lines), {
  title: "One family, two qualities of labels",
  caption: `${methodSeeds} seeds. Lines lead from true labels down to 30 % turned round.`,
  x: { title: "KL from the reference", unit: "nats", domain: [0, 3] },
  y: { title: "gold reward", domain: [0, 5] },
  reference: { ...columns([near]), label: "best possible" },
  connect: true,
  height: 400,
});

// %% [markdown]
// Read it along both axes. A league table of gold rewards would crown whoever travelled furthest. On this chart the upper ends lie about on one curve, and the lower ends on
// another: **one curve for each quality of labels**. Noise makes DPO and cDPO *timid* rather than wrong, and what robust DPO and KTO seem to win under noise they win by
// going further along the same curve. Bring them to the same KL and most of the difference is gone. (A sweep of $\beta$ for every method is the
// experiment that would settle it; you have all parts.)
//
// One method lies below both curves: SimPO, which knows no reference. That is what a reference is for. (ORPO has none either, but it imitates the chosen
// answers as well, which holds it where answers are known to be good.) All answers here have five words, so SimPO's division
// by length cannot show its worth; in the world it was made for, answers that grow longer and longer, it may.
//
// ### In the wild
//
// Zephyr-7B [3] imitated a larger model's dialogues and then ran DPO on 64,000 comparisons made by GPT-4, with $\beta=0.1$ and a learning rate
// of $5\cdot10^{-7}$. Tülu 2 [4] did the same with 70 billion weights, three passes, the same $\beta$ and learning rate. Note what differs from the
// notebook: learning rates two thousand times smaller, because large models need little; one to three passes, because of the chart above;
// and labels from a model, which is lesson 12.
//
// ## 8 · Break it
//
// **β → 0, no reference, the mean instead of the sum, labels turned round.** Four classic mistakes, on the same 3,000 labels. Guess first: which of them makes the
// policy *worse than where it started*?

// %%
const zero = (logp: Tensor) => tf.zerosLike(logp);
const noReference = stepOf((w, l, _w, _l, b) => dpoLoss(w, l, zero(w), zero(l), b));
const perToken = stepOf((w, l, rw, rl, b) => dpoLoss(w, l, rw, rl, tf.div(b, 5)));
const swapped = (pairs: ReplyPair[], share: number, rng: Rng) =>
  pairs.map((pair) =>
    rng.bernoulli(share)
      ? { ...pair, chosen: pair.rejected, rejected: pair.chosen }
      : pair,
  );
const broken = drawReplyPairs(reference, gold, 3000, new Rng("broken"));
const run = (step: Step, pairs: ReplyPair[], beta = 0.3) =>
  train(step, pairs, { beta, steps, rng: new Rng("break") });

// %%
const coin = new Rng("coin");
const breakages = {
  "as it should be, β = 0.3": await run(dpo, broken),
  "β = 0.01": await run(dpo, broken, 0.01),
  "no reference": await run(noReference, broken),
  "mean over tokens, not sum": await run(perToken, broken),
  "half of the labels turned round": await run(dpo, swapped(broken, 0.5, coin)),
  "all labels turned round": await run(dpo, swapped(broken, 1, coin)),
};

// %%
const initial = expectedReward(reference, gold).toFixed(2);
table(
  Object.entries(breakages).map(([what, end]) => ({ what, ...end })),
  {
    caption: `3,000 labels, ${steps} steps; π_ref itself has ${initial}`,
    columns: {
      what: "what was done",
      kl: { title: "KL (nats)", digits: 2 },
      reward: { title: "gold reward", digits: 2 },
    },
  },
);

// %% [markdown]
// - **β → 0** does not mean “no penalty, so more reward”. The policy runs, and most of what it runs after is noise in the labels.
// - **Without the reference** the loss starts somewhere else than ln 2, and answers that were rare are pushed about as if they were common.
// - **The mean over tokens** instead of the sum divides $\beta$ by the length: with five words, $\beta=0.06$. Nothing crashes. It is one of the most
//   common mistakes, and the first loss is still ln 2; the KL gives it away.
// - **Half of the labels turned round** leaves nothing to learn, and the policy stays near where it was: noise makes DPO timid. **All turned round** is the worst
//   policy of this notebook; no curve of the loss would have told you.
//
// ## 9 · Look back

// %%
await reveal(guessLoss, losses[0]);
const moved = mean(fallen.chosen.map((run) => run[run.length - 1])); // nats
const direction = moved < -0.5 ? "it falls" : "it stays about the same";
await reveal(guessChosen, moved > 0.5 ? "it rises" : direction);

// %% [markdown]
// **What to take along**
// - Every policy is the best one for its implicit reward $\beta\log\pi/\pi_{\text{ref}}$. DPO fits that reward by Bradley–Terry, and gets the policy in the bargain.
// - First loss ln 2, whatever $\beta$: look at it before anything else.
// - Only the margin counts. The chosen answers may well become less likely; watch both log-ratios and the KL.
// - Compare methods at equal KL, or not at all.
// - With few labels a smaller model of what people want goes further; with many, sampling pays for its trouble.
//
// **To read**: the DPO paper itself [1], section 5 on why the implicit reward loses nothing; Azar et al. [5] on what happens when preferences are
// certain; the KTO paper [6] for people who can only say “good” or “bad”.
//
// **An open question.** What both sides of a pair lose goes to answers nobody has judged. Is that the generalisation we hope for, or the hole through which
// a policy escapes? Fresh labels on the policy's own answers would tell; that makes DPO an online method again. Where, then, is the
// line between it and PPO?
//
// **References**
// 1. R. Rafailov et al. (2023). Direct preference optimization: your language model is secretly a reward model. [arXiv:2305.18290](https://arxiv.org/abs/2305.18290), Eq. 4, 5, 7.
// 2. L. Ouyang et al. (2022). Training language models to follow instructions with human feedback. [arXiv:2203.02155](https://arxiv.org/abs/2203.02155), section 3.
// 3. L. Tunstall et al. (2023). Zephyr: direct distillation of LM alignment. [arXiv:2310.16944](https://arxiv.org/abs/2310.16944), sections 3 and 4.
// 4. H. Ivison et al. (2023). Camels in a changing climate: enhancing LM adaptation with Tülu 2. [arXiv:2311.10702](https://arxiv.org/abs/2311.10702), section 2 and appendix.
// 5. M. G. Azar et al. (2023). A general theoretical paradigm to understand learning from human preferences. [arXiv:2310.12036](https://arxiv.org/abs/2310.12036), Eq. 17.
// 6. K. Ethayarajh et al. (2024). KTO: model alignment as prospect theoretic optimization. [arXiv:2402.01306](https://arxiv.org/abs/2402.01306).
// 7. E. Mitchell (2023). A note on DPO with noisy preferences and relationship to IPO. ericmitchell.ai/cdpo.pdf
// 8. S. R. Chowdhury, A. Kini, N. Natarajan (2024). Provably robust DPO. [arXiv:2403.00409](https://arxiv.org/abs/2403.00409).
// 9. Y. Zhao et al. (2023). SLiC-HF: sequence likelihood calibration with human feedback. [arXiv:2305.10425](https://arxiv.org/abs/2305.10425); with a reference: T. Liu et al. (2023), [arXiv:2309.06657](https://arxiv.org/abs/2309.06657).
// 10. Y. Meng, M. Xia, D. Chen (2024). SimPO: simple preference optimization with a reference-free reward. [arXiv:2405.14734](https://arxiv.org/abs/2405.14734).
// 11. J. Hong, N. Lee, J. Thorne (2024). ORPO: monolithic preference optimization without reference model. [arXiv:2403.07691](https://arxiv.org/abs/2403.07691).
