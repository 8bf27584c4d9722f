// %% [markdown]
// # 10 · Best-of-n and over-optimisation: when the measure becomes the target
//
// A reward model is not what we want. It is a measure of what we want. This lesson pulls on it until it breaks, and
// measures how far one may pull.
//
// **The claim.** Optimise a policy against a learned reward, the *proxy*, and what it is truly worth, the *gold* reward, first rises and
// then falls, along a curve of a simple shape in the square root of the distance from the start: Gao, Schulman & Hilton 2022 [1], figure 1.
//
// **Before.** In 1975 Charles Goodhart, of the Bank of England, wrote that a statistical regularity tends to collapse once it is used for
// control [2]. Everybody who trained on a reward knew of cheating agents. But in a real system nobody can draw the curve, because nobody
// has the gold reward: one would have to ask people again at every step. Gao et al. let a large model play the people. We
// have a formula, and sums over all answers in place of samples.
//
// **Since.** The simplest optimiser of all, *draw n answers and keep the best*, is hard to beat [3, 4], costs no training, and one knows how far it goes. Llama 2 [5]
// trained on what it keeps. And “how far dare we go” became a number that one watches: the KL from the start.
//
// About an hour. You need lessons 03 and 08; the world is that of lessons 08 to 12.

// %%
import {
  adam, bagOfCounts, bandChart, bestOfN, bestOfNCurve, bestOfNEstimate, bestOfNKlBound,
  bestOfNWinRate, budget, compile, countsAndFirstWord, drawBatch, drawReplyPairs,
  ExactBestOfN, ExactReplies, expectedReward, fitMeanCurve, fitOveroptimisation,
  fitReplyReward, frontierPoint, goldTables, lineChart, mean, optimalFrontier,
  orders, orderText, pairAccuracy, parseOrder, parseReply, person, predict, progress,
  regressionalGoodhart, replyLogp, replyOf, replyPairsFrom, replyReference, replyText,
  replyTokens, reveal, Rng, scatterChart, SimulatedHuman, standardDeviation, table,
  tableSampler, tf, tick, trainNetworkReward, type GoldProxyPoint, type ReplyFeatures,
  type Tensor,
} from "rlhf";

// %%
const { seeds, netSeeds, sizes, rounds } = budget({
  smoke: { seeds: 4, netSeeds: 2, sizes: [300, 3000], rounds: 2 },
  quick: { seeds: 20, netSeeds: 4, sizes: [300, 3000, 30000], rounds: 4 },
  full: { seeds: 40, netSeeds: 10, sizes: [300, 3000, 30000], rounds: 4 },
});

// %% [markdown]
// ## 1 · The world, and a judge that counts
//
// Somebody orders two things, “order tea, then cake”, and the assistant answers with five of eight words: 32,768 possible answers. A formula, the
// **gold reward**, says what each is worth: a greeting, the two things, their order, politeness that is best with *two* polite
// words and turns sour beyond, and points off for “um” and for “!”. The start, $\pi_{\text{ref}}$, is a small GPT that imitates sloppy
// demonstrations.
//
// The judge is a reward model of the simplest kind. It sees how often each word occurs, and nothing of where: seven numbers. It learns from a
// thousand comparisons, by Bradley–Terry (lesson 03).

// %%
const policy = replyReference();
const exact = new ExactReplies(policy);
const reference = exact.logProbabilities(); // log π_ref of all answers, six orders
const gold = goldTables();
const pairs = drawReplyPairs(reference, gold, 1000, new Rng("labels"));
const judge = fitReplyReward(bagOfCounts, pairs);
table(
  judge.features.names.map((word, f) => ({ word, weight: judge.weights[f] })),
  {
    caption: "What the judge thinks of a word (only differences mean anything)",
    columns: { word: "word", weight: { title: "weight (nats)", digits: 2 } },
  },
);

// %%
const fresh = drawReplyPairs(reference, gold, 20000, new Rng("held out"));
const accuracy = pairAccuracy(judge.tables, fresh);
console.log(`right on ${(100 * accuracy).toFixed(0)} % of fresh comparisons`);
console.log(`best possible with labels this noisy: 80 %`);

// %% [markdown]
// Not a bad judge. It has found that greetings and thanks are good, and “um” is not; two thirds of fresh verdicts are predicted, of four fifths that could be. It has
// one blind spot. It believes that politeness is something of which more is better, because in ordinary answers that is nearly
// true.
//
// ## 2 · Two predictions
//
// **a.** *Best-of-16*: draw 16 answers, keep the one that the judge likes best. How far is that from the start? The distance is the KL divergence, the mean of
// $\log q(y)/\pi_{\text{ref}}(y)$ over the answers $y$ that best-of-16 gives, in nats. (A policy that always gave one and the same answer of
// an average chance of 1 in 4,000 would be $\ln 4000 = 8.3$ nats away.)
//
// **b.** The start earns 0.44 gold on average; the best answer there is earns 5.5. What does the best of **1,024**, by the judge, earn?

// %%
const guessKl = await predict("How far away is best-of-16?", { unit: "nats", min: 0 });
const guessGold = await predict("What does the best of 1,024 by the judge earn?", {
  unit: "gold",
});

// %% [markdown]
// ## 3 · Derivation: how far does best-of-n go?
//
// Sort all answers by the judge's reward, and let $F(r)$ be the chance that one draw is no better than $r$. The best of $n$ draws is no better than
// $r$ if *all* of them are not: with probability $F(r)^n$. So best-of-n gives an answer with reward $r$ with probability
//
// $$q_n(y)=\pi_{\text{ref}}(y)\;\frac{F(r)^n-F(r^-)^n}{F(r)-F(r^-)},$$
//
// where $r^-$ is the reward just below, and answers with equal rewards share. That is a formula, so no sampling is needed, and $n$ can be a million. If no
// single answer carries much weight, the fraction is a derivative, $nF^{n-1}$, and then, with $u=F$ uniform on $[0,1]$,
//
// $$\mathrm{KL}(q_n\|\pi_{\text{ref}})\approx\int_0^1 n u^{n-1}\log\big(n u^{n-1}\big)\,du=\log n-\frac{n-1}{n}.$$
//
// Neither the judge nor the language is in it. With ties it is an upper bound [6]. And the best of $n$ beats one further draw with
// probability $n/(n+1)$, because each of the $n+1$ is as likely to be the best.
//
// Check it: the KL from the sum over all answers, for the gold reward, which has many ties, and for a judge that has none.

// %%
const net = await trainNetworkReward(pairs, new Rng("network"));
const ns = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
const klOf = (rewards: Float64Array[]) =>
  bestOfNCurve(reference, rewards, gold, ns).map((point) => point.kl);
const [klTies, klNoTies] = [klOf(gold), klOf(net)];
lineChart(
  { "gold reward (ties)": klTies, "a network (no ties)": klNoTies },
  {
    title: "How far best-of-n goes",
    at: ns,
    x: { title: "n", log: true },
    y: "KL(best-of-n ‖ π_ref) (nats)",
    reference: { x: ns, y: ns.map(bestOfNKlBound), label: "log n − (n−1)/n" },
    points: true,
  },
);

// %%
const winsOf = (rewards: Float64Array[], n: number) =>
  mean(reference.map((logp, x) => new ExactBestOfN(logp, rewards[x]).winRate(n)));
table(
  [2, 4, 16, 64].map((n) => ({
    n,
    noTies: winsOf(net, n),
    formula: bestOfNWinRate(n),
    ties: winsOf(gold, n),
  })),
  {
    caption: "How often the best of n beats one more draw, by the same judge",
    digits: 4,
    columns: {
      n: { title: "n", digits: 0 },
      noTies: "network",
      formula: "n/(n+1)",
      ties: "gold, ties count ½",
    },
  },
);

// %% [markdown]
// The distance grows like the *logarithm* of the work: sixteen times as many draws cost 2.8 nats more. Best-of-n is a short leash. PPO and DPO
// can walk a dozen nats in a minute (lessons 09 and 11).
//
// ## 4 · You are the human
//
// Now you are the judge of a best-of-2. Twenty pairs; keep the answer you would rather hear. Click, or press `1` and `2`, or `3` for “equal”. If
// nobody is here, a simulated guest answers, and the output says so.

// %%
const shown = drawReplyPairs(reference, gold, 20, new Rng("your pairs"));
const questions = shown.map(({ order, chosen, rejected }, i) => {
  const [a, b] = [chosen, rejected].map((y) => replyText(replyOf(y)));
  const prompt = orderText(orders[order]);
  return i % 2 ? { prompt, first: a, second: b } : { prompt, first: b, second: a };
});
const worth = (reply: string, prompt = "") =>
  gold[parseOrder(prompt)][parseReply(reply)];
const you = person<string>({
  task: "10-replies",
  question: "Which answer would you rather hear?",
  standIn: new SimulatedHuman(worth, { rng: new Rng("guest") }),
});
const labels = you.compare(questions);
const kept = replyPairsFrom(await labels);

// %%
const whose = labels.answeredBy === "person" ? "You" : "The simulated guest";
const goldOf = (order: number, reply: number) => gold[order][reply];
const byYou = mean(kept.map(({ order, chosen }) => goldOf(order, chosen)));
const ifNot = mean(kept.map(({ order, rejected }) => goldOf(order, rejected)));
const [, perfect] = bestOfNCurve(reference, gold, gold, [1, 2]);
console.log(
  `${whose} kept answers worth ${byYou.toFixed(2)}, passed over`,
  ifNot.toFixed(2),
);
console.log(
  `Best-of-2 by the formula itself earns ${perfect.gold.toFixed(2)} on average.`,
);

// %% [markdown]
// You can look at two answers, perhaps at twenty; nobody can look at a thousand. So the labels become a judge that can: a reward model
// fitted to *these* verdicts, which sees the counts and whether hello comes first. What does it love most, of everything that can be said?

// %%
const yourJudge = fitReplyReward(countsAndFirstWord, kept, { ridge: 0.1 }).tables;
const favourites = yourJudge.map((rewards) => rewards.indexOf(Math.max(...rewards)));
const yourCurve = bestOfNCurve(reference, yourJudge, gold, ns);
table(
  favourites.slice(0, 3).map((reply, x) => ({
    order: orderText(orders[x]),
    favourite: replyText(replyOf(reply)),
    gold: gold[x][reply],
  })),
  {
    caption: `The favourite answers of a judge made from ${kept.length} verdicts`,
    columns: {
      order: "order",
      favourite: "its favourite",
      gold: { title: "gold reward", digits: 1 },
    },
  },
);

// %%
lineChart(
  {
    "what the judge believes": yourCurve.map((p) => p.proxy - yourCurve[0].proxy),
    "what it is worth": yourCurve.map((p) => p.gold - yourCurve[0].gold),
  },
  {
    title: `Best-of-n by a judge made from ${kept.length} verdicts`,
    at: ns,
    x: { title: "n", log: true },
    y: "gain over one draw (reward)",
    points: true,
  },
);

// %% [markdown]
// That gap is the subject of this lesson. It is not the fault of your labels: the thousand labels of section 1 do the same, below.
//
// ## 5 · Build it
//
// Best-of-n is five lines. Here it is by sampling, with the judge of section 1, beside the exact numbers. The third column comes from **one** pile of 256
// answers a round: each answer counts with the chance that it is the best of $n$ drawn from the pile, which has no bias and uses every
// answer for every $n$ [4].

// %%
const rng = new Rng("sampling");
const drawReply = tableSampler(reference[0]);
const [score, value] = [judge.tables[0], gold[0]];
const byPile = (n: number) => {
  const pile = Array.from({ length: 256 }, () => drawReply(rng));
  const scores = pile.map((y) => score[y]);
  const values = pile.map((y) => value[y]);
  return bestOfNEstimate(scores, values, n);
};
const sampled = [4, 16, 64].map((n) => {
  const draw = () => bestOfN(drawReply, (y) => score[y], n, rng);
  const byDrawing = mean(Array.from({ length: 1000 }, () => value[draw()]));
  const byPiles = mean(Array.from({ length: 100 }, () => byPile(n)));
  const truth = new ExactBestOfN(reference[0], score).expectation(n, value);
  return { n, byDrawing, byPiles, truth };
});

// %%
table(sampled, {
  caption: "Gold reward of best-of-n, first order",
  digits: 2,
  columns: {
    n: { title: "n", digits: 0 },
    byDrawing: "1,000 times the best of n",
    byPiles: "100 piles of 256",
    truth: "exact",
  },
});

// %% [markdown]
// **Your turn.** The exercise notebook [`exercises/release/10-best-of-n`](../exercises/release/10-best-of-n/10-best-of-n.ipynb) leaves three functions
// open: the exact policy of best-of-n, the estimate from one pile, and the fit of Gao's curve.
//
// ## 6 · Probe: regressional Goodhart
//
// The mildest form of Goodhart's law has a closed form. Let the proxy be the gold reward plus noise that has nothing to do with it: both
// normal, the noise with standard deviation $s$ times that of the gold. Whoever scores high is good *and lucky*. Select by the proxy, and of
// every point it promises you get $1/(1+s^2)$. Draw and see:

// %%
const lucky = new Rng("luck");
const select = (n: number, s: number) => {
  const piles = Array.from({ length: 4000 }, () => {
    let [best, truth] = [-Infinity, 0];
    for (let i = 0; i < n; i++) {
      const worth = lucky.normal();
      const proxy = worth + s * lucky.normal();
      if (proxy > best) [best, truth] = [proxy, worth];
    }
    return truth;
  });
  return { drawn: mean(piles), sd: standardDeviation(piles) / Math.sqrt(4000) };
};
const goodhart = [0.5, 1, 2].map((s) => {
  const { proxy, gold: formula } = regressionalGoodhart(16, s);
  return { s, promised: proxy, formula, ...select(16, s) };
});

// %%
table(goodhart, {
  caption: "The best of 16 by a noisy proxy (in standard deviations of the gold)",
  digits: 3,
  columns: {
    s: { title: "noise s", digits: 1 },
    promised: "promised by the proxy",
    formula: "gold, by the formula",
    drawn: "gold, drawn",
    sd: "± (1 standard error)",
  },
});

// %% [markdown]
// Here nothing ever *falls*. More selection always helps, only less than promised. So when the gold reward falls, something else is the matter: the proxy is
// not noisy, it is **wrong out there**. Manheim & Garrabrant [7] keep the kinds apart: *regressional* (luck), *extremal* (the relation
// breaks where there were no data), *causal* (one moves a symptom), *adversarial* (somebody games you). Ours, next, is extremal.
//
// ## 7 · Experiments
//
// ### Wrong in its form: a judge that counts
//
// Many judges, each fitted to its own thousand labels: the bag of counts, and one that also knows whether hello comes first. Best-of-n up
// to a million, exactly.

// %%
const grid = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 1048576];
async function curvesOf(features: ReplyFeatures, labels: number) {
  const curves: GoldProxyPoint[][] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const drawn = drawReplyPairs(reference, gold, labels, new Rng(seed));
    const { tables } = fitReplyReward(features, drawn);
    curves.push(bestOfNCurve(reference, tables, gold, grid));
    await tick();
  }
  return curves;
}
const counting = await curvesOf(bagOfCounts, 1000);
const greeting = await curvesOf(countsAndFirstWord, 1000);

// %%
const golds = (curves: GoldProxyPoint[][]) => curves.map((c) => c.map((p) => p.gold));
const proxies = (curves: GoldProxyPoint[][]) =>
  curves.map((c) => c.map((p) => p.proxy - c[0].proxy + c[0].gold));
bandChart(
  {
    "counts: what it believes": proxies(counting),
    "counts: gold": golds(counting),
    "counts + first word: gold": golds(greeting),
  },
  {
    title: "Up, and down again",
    caption: `1,000 labels; mean and 95 % band over ${seeds} judges; same start.`,
    at: grid,
    x: { title: "n", log: true },
    y: "reward",
    reference: { y: gold[0].reduce((a, b) => Math.max(a, b)), label: "best answer" },
  },
);

// %% [markdown]
// At $n=16$ the counting judge has done its good work: fewer “um”, more greetings. From there on it finds what nobody showed it, answers with
// three, four, five polite words, and buys them. What it believes goes on rising all the way. The judge that knows a greeting goes further before it
// fails, and fails the same way.
//
// Would more labels help? It has learned all that it can. A thousand labels are as good as thirty thousand:

// %%
const plenty = fitReplyReward(
  bagOfCounts,
  drawReplyPairs(reference, gold, 30000, new Rng("plenty")),
);
const plentyCurve = bestOfNCurve(reference, plenty.tables, gold, grid);
const at = (curve: GoldProxyPoint[], n: number) => curve[grid.indexOf(n)].gold;
const few = (n: number) => mean(counting.map((curve) => at(curve, n)));
table(
  [1, 16, 1024, 1048576].map((n) => ({ n, few: few(n), many: at(plentyCurve, n) })),
  {
    caption: "Gold reward of best-of-n by a counting judge",
    digits: 2,
    columns: {
      n: { title: "n", digits: 0 },
      few: "1,000 labels (mean)",
      many: "30,000 labels",
    },
  },
);

// %% [markdown]
// **A wrong form is not cured by data.** With more labels the judge is only more certain, and falls sooner.
//
// ### Too few data: a judge that could know
//
// A small network sees every word in its slot, and can express the gold reward. What it lacks is labels. Gao et al. drew this for reward models from 3 million to 3 billion
// weights; we draw it for numbers of labels, against the square root of the KL, as they did.

// %%
const networks: Record<string, GoldProxyPoint[][]> = {};
const bar = progress(netSeeds * sizes.length, { label: "Networks" });
for (const labels of sizes) {
  const name = `${labels.toLocaleString("en")} labels`;
  networks[name] = [];
  for (let seed = 0; seed < netSeeds; seed++) {
    const rng = new Rng(seed);
    const drawn = drawReplyPairs(reference, gold, labels, rng);
    const tables = await trainNetworkReward(drawn, rng.split("network"));
    networks[name].push(bestOfNCurve(reference, tables, gold, grid));
    bar.step();
  }
}
bar.finish();

// %%
const meanCurve = (curves: GoldProxyPoint[][]) => ({
  x: curves[0].map((_, k) => Math.sqrt(mean(curves.map((c) => c[k].kl)))),
  y: curves[0].map((_, k) => mean(curves.map((c) => c[k].gold))),
});
const drawn = { "counts, 1,000 labels": meanCurve(counting) };
for (const [name, curves] of Object.entries(networks))
  Object.assign(drawn, { [`network, ${name}`]: meanCurve(curves) });
lineChart(drawn, {
  title: "Gold reward against distance",
  caption: `n = 1 to a million. Mean of ${netSeeds} networks, ${seeds} counting judges.`,
  x: "√KL from the start (√nats)",
  y: "gold reward",
  points: true,
});

// %% [markdown]
// More labels lift the curve, and move its top outwards, as in the paper. The *fall*, though, is small for networks with few labels and gone with many. Honest
// conclusion: in this world the deep fall comes from a judge that **cannot** know, less from one that has not been told enough.
//
// ### Which shape?
//
// Gao et al. fitted, with $d=\sqrt{\mathrm{KL}}$ and the gain over the start,
//
// $$R_{\text{best-of-}n}(d)=d\,(\alpha-\beta d),\qquad R_{\text{RL}}(d)=d\,(\alpha-\beta\log d).$$
//
// The first for best-of-n, the second for PPO. Here are both shapes on both optimisers. In the place of PPO stands the exact policy that it strives
// for, $\pi_{\text{ref}}\,e^{r/\beta}$ with ever smaller $\beta$: the *tilt*.

// %%
const betas = [8, 4, 2, 1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08, 0.05];
const start = { kl: 0, gold: expectedReward(reference, gold) };
const tilted = Array.from({ length: Math.min(seeds, 8) }, (_, seed) => {
  const drawn = drawReplyPairs(reference, gold, 1000, new Rng(seed));
  const { tables } = fitReplyReward(bagOfCounts, drawn);
  const points = optimalFrontier(reference, tables, betas, { judge: gold });
  return [start, ...points.map(({ kl, reward }) => ({ kl, gold: reward }))];
});
const shapes = (["best-of-n", "RL"] as const).flatMap((form) => [
  { curve: "best-of-n", ...fitMeanCurve(counting, form, new Rng("bootstrap")) },
  { curve: "tilt", ...fitMeanCurve(tilted, form, new Rng("bootstrap")) },
]);

// %%
const interval = ({ low, high }: { low: number; high: number }) =>
  `${low.toFixed(2)} … ${high.toFixed(2)}`;
table(
  shapes.map((fit) => ({
    curve: fit.curve,
    shape: fit.form === "RL" ? "d (α − β log d)" : "d (α − β d)",
    α: fit.alpha,
    "α, 95 %": interval(fit.alphaInterval),
    β: fit.beta,
    "β, 95 %": interval(fit.betaInterval),
    "R²": fit.rSquared,
  })),
  {
    caption: "Both shapes on both curves, counting judges; bootstrap over judges",
    digits: 2,
  },
);

// %%
const distances = Array.from({ length: 60 }, (_, k) => 0.05 + k * 0.06);
const [bonShape, , rlShape] = shapes;
lineChart(
  {
    "best-of-n, exact": meanCurve(counting),
    "d (α − β d)": {
      x: distances,
      y: distances.map((d) => start.gold + bonShape.gain(d)),
    },
    "d (α − β log d)": {
      x: distances,
      y: distances.map((d) => start.gold + rlShape.gain(d)),
    },
  },
  {
    title: "Two shapes through one curve",
    x: "√KL from the start (√nats)",
    y: "gold reward",
  },
);

// %% [markdown]
// Both shapes follow the best-of-n curve about equally well (neither meets its top), and in this world the *first* also fits the tilt, better than the one meant for it. Ours is a small world with an
// exact optimiser; the logarithm was found for PPO on large models. Which property of PPO or of large models makes it is, as far as we can see, open. Do
// not learn from this page that the paper's assignment is wrong; learn that **two parameters and a hump fit many things**.
//
// ### Training on what one keeps
//
// Best-of-16 costs sixteen answers for every one that is used. Llama 2 [5] spent them in training: draw $K$ answers to each prompt, keep the one that the reward
// model likes best, imitate it, and repeat with the new model. *Rejection-sampling fine-tuning*: over-optimisation with a ratchet.

// %%
const optimizer = adam(policy.parameters);
const imitate = compile((tokens: Tensor, learningRate: Tensor) => {
  const loss = () => tf.neg(tf.mean(replyLogp(policy, tokens)));
  return optimizer.minimize(loss, learningRate, { maxNorm: 1 });
});

// %%
async function rejectionRound(logp: Float64Array[], K: number, rng: Rng) {
  const draws = logp.map(tableSampler);
  const keep = Array.from({ length: 1200 }, (_, i) => {
    const x = i % 6; // the six orders in turn
    return replyTokens(
      x,
      bestOfN(draws[x], (y) => judge.tables[x][y], K, rng),
    );
  });
  for (let step = 0; step < 80; step++) {
    const tokens = tf.tensor2d(drawBatch(keep, 64, rng), undefined, "int32");
    tf.dispose([imitate(tokens, 1e-3), tokens]);
    await tick();
  }
  return exact.logProbabilities();
}

// %%
const ratchet = [
  { round: 0, kl: 0, proxy: expectedReward(reference, judge.tables), gold: start.gold },
];
let latest = reference;
for (let round = 1; round <= rounds; round++) {
  latest = await rejectionRound(latest, 8, new Rng(`round ${round}`));
  const proxy = expectedReward(latest, judge.tables);
  const { kl, reward } = frontierPoint(latest, reference, gold);
  ratchet.push({ round, kl, proxy, gold: reward });
}
table(ratchet, {
  caption: "Rejection-sampling fine-tuning on the counting judge, K = 8",
  digits: 2,
  columns: {
    round: { title: "round", digits: 0 },
    kl: "KL from the start (nats)",
    proxy: "what the judge believes",
    gold: "gold reward",
  },
});

// %%
const frontier = optimalFrontier(reference, gold, [4, 2, 1, 0.7, 0.5, 0.35, 0.25]);
const byCounts = bestOfNCurve(reference, judge.tables, gold, grid);
const xy = (points: { kl: number; gold: number }[]) => ({
  x: points.map((p) => p.kl),
  y: points.map((p) => p.gold),
});

// %%
scatterChart(
  {
    "best possible": xy(frontier.map(({ kl, reward }) => ({ kl, gold: reward }))),
    "best-of-n by the judge": xy(byCounts),
    "trained on what it keeps": xy(ratchet),
  },
  {
    title: "Whichever way one pulls on it",
    caption: "One counting judge; each point a larger n, or one more round.",
    x: { title: "KL from the start", unit: "nats" },
    y: { title: "gold reward", zero: false },
    connect: true,
  },
);

// %% [markdown]
// The two ways to pull on the same judge run along much the same curve, up and down. The judge decides where it leads, the optimiser mostly how fast. Each round
// multiplies: three rounds with $K=8$ go as far as best-of-n with about a thousand draws. (Llama 2 saw its own ratchet: a model trained on the last
// round's answers alone forgot how to rhyme, and so they kept the best of *all* rounds.)
//
// ## 8 · Break it
//
// **Sort the wrong way.** A sign error turns best-of-n into worst-of-n. **Label by the formula**: if the judge *is* the gold reward, is there any
// over-optimisation? **Fit on KL** instead of its square root. Guess first.

// %%
const upsideDown = judge.tables.map((rewards) => rewards.map((r) => -r));
const worst = bestOfNCurve(reference, upsideDown, gold, grid);
const honest = bestOfNCurve(reference, gold, gold, grid);
lineChart(
  {
    "judge is the gold reward": honest.map((p) => p.gold),
    "counting judge": byCounts.map((p) => p.gold),
    "counting judge, sorted the wrong way": worst.map((p) => p.gold),
  },
  {
    title: "A sign, and a judge that is right",
    at: grid,
    x: { title: "n", log: true },
    y: "gold reward",
    points: true,
  },
);

// %%
const mean0 = meanCurve(counting);
const gains = mean0.y.slice(1).map((y) => y - mean0.y[0]);
const roots = mean0.x.slice(1);
const onRoot = fitOveroptimisation(roots, gains, "best-of-n");
const onKl = fitOveroptimisation(
  roots.map((d) => d * d),
  gains,
  "best-of-n",
);
console.log(`R² with d = √KL: ${onRoot.rSquared.toFixed(3)}`);
console.log(`R² with d = KL:  ${onKl.rSquared.toFixed(3)}`);

// %% [markdown]
// A right judge can be pulled on for ever: over-optimisation is a property of the *gap* between measure and goal, not of optimisation. The sign error goes
// nowhere good from the first step, and is found by looking at ten answers, which is always worth the time. And the
// square root matters: the gain at the start is proportional to it, because KL grows with the *square* of a small step.
//
// ## 9 · Look back

// %%
const sixteen = bestOfNCurve(reference, judge.tables, gold, [16])[0];
await reveal(guessKl, sixteen.kl);
await reveal(guessGold, at(byCounts, 1024));

// %% [markdown]
// **What to take along**
// - Best-of-n goes $\log n-(n-1)/n$ nats and no further, whatever the judge: a known price for a known step.
// - The proxy tells nothing about its own failure. It rises, smoothly, all the way down.
// - Luck (regressional) only disappoints; being wrong where there were no data (extremal) ruins.
// - A wrong form is not cured by data; a right form with too few data is cured by data.
// - Which optimiser pulls matters less than how far. Watch the KL, and ask people again before going on.
//
// **To read**: Gao et al. [1], figures 1 and 2, and their section on what a KL penalty does *not* do; the Llama 2 paper [5], section 3.2, on rejection
// sampling against PPO.
//
// **An open question.** Where does the logarithm in the shape for RL come from? And could one predict the top of the hump from the training labels alone,
// without gold? Whoever can, knows when to stop.
//
// **References**
// 1. L. Gao, J. Schulman, J. Hilton (2022). Scaling laws for reward model overoptimization. [arXiv:2210.10760](https://arxiv.org/abs/2210.10760), figure 1 and section 3.
// 2. C. A. E. Goodhart (1975). Problems of monetary management: the UK experience. *Papers in Monetary Economics* 1, Reserve Bank of Australia.
// 3. N. Stiennon et al. (2020). Learning to summarize from human feedback. [arXiv:2009.01325](https://arxiv.org/abs/2009.01325), figure 5 and appendix G.3.
// 4. R. Nakano et al. (2021). WebGPT: browser-assisted question-answering with human feedback. [arXiv:2112.09332](https://arxiv.org/abs/2112.09332), section 3.2 and appendix I.
// 5. H. Touvron et al. (2023). Llama 2: open foundation and fine-tuned chat models. [arXiv:2307.09288](https://arxiv.org/abs/2307.09288), section 3.2.3.
// 6. A. Beirami et al. (2024). Theoretical guarantees on the best-of-n alignment policy. [arXiv:2401.01879](https://arxiv.org/abs/2401.01879).
// 7. D. Manheim, S. Garrabrant (2018). Categorizing variants of Goodhart's law. [arXiv:1803.04585](https://arxiv.org/abs/1803.04585).
