// %% [markdown]
// # 03 · Bradley–Terry: from “I like this one better” to a number
//
// People find it hard to say *how good* a thing is. They find it easy to say *which of two* is better. This
// lesson turns the second kind of answer into the first kind of number.
//
// **The claim.** From nothing but answers to “which of these two?” one can recover a number for every
// thing, fixed up to one constant added to all of them, and say how sure one may be of each
// (Bradley & Terry 1952 [1], Zermelo 1929 [2]).
//
// **Before.** Marks out of ten need judges who mean the same by a seven. Counting wins is unfair when
// some have met stronger opponents than others. In 1929 Ernst Zermelo solved the second problem, for chess
// tournaments in which not everybody meets everybody. In 1952 Ralph Bradley and Milton Terry found the same
// model again, for taste tests: which of two roasts, from pigs that had been fed differently?
//
// **Since.** The same line is Arpad Elo's chess rating, the leaderboards of chatbots, and, with a neural
// network in the place of a table, the loss of the reward models in this course: it is equation 1 of the
// 2017 paper that taught robots from comparisons [3], of InstructGPT [4] and of DPO [5].
//
// About an hour. You need the exponential function, probabilities, and a derivative.

// %% [markdown]
// Everything comes through one door. Put the cursor on any name below and press `Shift-Tab`: you get its
// meaning, its equation and its source.

// %%
import {
  bandChart, bradleyTerry, bradleyTerryGradient, bradleyTerryLogLikelihood,
  bradleyTerryMmStep, budget, comparisonFromLikert, countComparisons,
  countsFromColumns, countsFromMatrix, davidson, dotChart, eloFromStrengths,
  eloOverOrders, expandCounts, heatmap, histogram, kendallTau, krippendorffAlpha,
  leastCertainPair, likertSoftLabel, lineChart, loadTable, mean, meanInterval,
  livePicture, mostInformativePair, normalQuantile, person, plackettLuce, predict,
  progress, rankingTable, reveal, Rng, scatterChart, sigmoid, SimulatedHuman,
  standardDeviation, surface, table, tick, winMatrix, type BradleyTerryFit, type
  Comparison, type ItemPair, type RankedStrength,
} from "rlhf";

// %% [markdown]
// How much the experiments below compute. `RLHF_BUDGET=full` takes more seeds.

// %%
const { seeds, orders } = budget({
  smoke: { seeds: 8, orders: 60 },
  quick: { seeds: 20, orders: 400 },
  full: { seeds: 200, orders: 4000 },
});

// %% [markdown]
// ## 1 · A season of baseball
//
// The American League East of 1987: seven teams, and every two of them met 13 times. The table is Agresti's [6].
// Read it by rows: Milwaukee won 7 of its games against Detroit and lost 6.

// %%
const season = loadTable("baseball-1987");
const counts = countsFromColumns({
  first: season.strings("home_team"),
  second: season.strings("away_team"),
  firstWins: season.numbers("home_wins"),
  secondWins: season.numbers("away_wins"),
});
const teams = counts.names;
const wins = winMatrix(counts);
heatmap(wins, {
  title: "Games won, American League East 1987",
  rows: teams,
  columns: teams,
  x: "lost by",
  y: "won by",
  value: "games won (of 13)",
  text: true,
});

// %% [markdown]
// ## 2 · Two predictions, before anything runs
//
// Write down what you think; the notebook keeps it and puts it beside the result at the end. A wrong guess,
// written down, teaches more than a right one in the head.
//
// **a.** Milwaukee beat Baltimore 11 times out of 13. Over a long series, in what share of their games would
// Milwaukee beat Baltimore?
//
// **b.** A chess-style Elo rating walks through the season game by game. Suppose the same 273 games, with
// the same results, had been played in another order. By how many rating points would Milwaukee's final rating
// typically differ (one standard deviation)?

// %%
const guessShare = await predict(
  "In what share of its games will Milwaukee beat Baltimore?",
  { unit: "of the games", min: 0, max: 1 },
);
const guessSpread = await predict(
  "How far does the order of the games move Milwaukee's Elo rating?",
  { unit: "points (1 sd)", min: 0 },
);

// %% [markdown]
// ## 3 · The model
//
// Give every team a **strength** $\theta$. What should decide a game is the difference of two strengths, squeezed
// into a probability by the logistic function $\sigma(z) = 1/(1+e^{-z})$:
//
// $$P(i \text{ beats } j) \;=\; \sigma(\theta_i-\theta_j) \;=\; \frac{w_i}{w_i+w_j},\qquad w_i=e^{\theta_i}.$$
//
// The right-hand form is how Zermelo, and Bradley and Terry, wrote it: of the worth in the ring, your share is your
// chance. Strengths are **log-odds**, in nats: one nat ahead means odds of $e$ to 1, which is
// 73 %.
//
// Two things follow at once. Adding 5 to every strength changes no difference, so **the data can never tell where
// zero is**; we shall put Baltimore at 0. And if $A$ beats $B$ at odds 2:1 and $B$ beats $C$ at odds 3:1, the model
// *must* say that $A$ beats $C$ at odds 6:1. That is an assumption about the world, and one can check it.

// %%
const gap = Array.from({ length: 81 }, (_, i) => -4 + i / 10);
lineChart(
  { "Bradley–Terry": { x: gap, y: gap.map(sigmoid) } },
  {
    title: "A difference of strengths becomes a probability",
    x: "θᵢ − θⱼ (nats)",
    y: { title: "P(i beats j)", format: ".0%", domain: [0, 1] },
    reference: { x: 1, label: "one nat: 73 %" },
  },
);

// %% [markdown]
// ## 4 · You are the human
//
// Enough of baseball. Six ways to order in a tea room. Which one would you rather hear, if you stood behind the
// counter? There is no right answer; there is yours.

// %%
const replies = [
  "hello, tea and cake please, thanks",
  "hello, tea please",
  "tea and cake please",
  "hello hello, um, tea",
  "tea! cake!",
  "um, tea, um, cake",
];
const everyPair = replies.flatMap((first, i) =>
  replies.slice(0, i).map((second) => ({ first, second })),
);
const shuffledPairs = new Rng("tea room").shuffle(everyPair);
const turnedRound = shuffledPairs
  .slice(0, 5)
  .map(({ first, second }) => ({ first: second, second: first }));
// all fifteen pairs, and five of them again, the other way round
const questions = [...shuffledPairs, ...turnedRound];

// %% [markdown]
// Twenty questions, about a minute: click, or press `1` (left), `2` (right), `3` (equal), `4` (can't tell). Below the
// questions the model of section 3 is fitted again after every answer; watch the intervals shrink. Where nobody is at the page, a
// simulated guest answers, and the output says so.

// %%
const withInterval = ({ name, estimate, standardError }: Omit<RankedStrength, "rank">) => ({
  label: name,
  value: estimate,
  low: estimate - 1.96 * standardError, // 95 %
  high: estimate + 1.96 * standardError,
});

// %%
const sympathy = [1.6, 1, 0.7, -0.5, -1.2, -1.6]; // nats: what the simulated guest feels
const guest = new SimulatedHuman((reply: string) => sympathy[replies.indexOf(reply)], {
  rng: new Rng("guest"),
});
const you = person<string>({
  task: "03-tea-room",
  question: "Which would you rather hear?",
  standIn: guest,
});

// %%
const picture = livePicture();
const labelling = you.compare(questions);
for await (const { annotator } of labelling) {
  const counted = countComparisons(labelling.answers, { names: replies });
  const soFar = bradleyTerry(counted, { priorPrecision: 0.2 });
  picture.draw(
    dotChart(soFar.ranking().map(withInterval), {
      title: `After ${labelling.answers.length} answers of ${annotator}`,
      value: "strength (nats, mean of all = 0)",
    }),
  );
}
picture.finish();

// %% [markdown]
// The model knows nothing of words: it saw twenty choices between numbered things. Now look at yourself. The last five questions
// were the first five, turned round. Somebody who always prefers what stands on the left, or who clicks at
// random, is found out here.

// %%
const prefersFirst = labelling.answers.map(({ preference }) => preference);
const again = [0, 1, 2, 3, 4].filter(
  (i) => prefersFirst[i] === 0 || prefersFirst[i] === 1,
);
const same = again.filter(
  (i) => prefersFirst[15 + i] === 1 - Number(prefersFirst[i]),
).length;
console.log(
  `${labelling.answeredBy === "person" ? "You" : "The simulated guest"} answered`,
  `${same} of ${again.length} repeated questions the same way.`,
);

// %% [markdown]
// ## 5 · Derivation
//
// Let $w_{ij}$ be the games $i$ won against $j$. The log of the probability of everything we saw is
//
// $$\ell(\theta)=\sum_{i,j} w_{ij}\,\log\sigma(\theta_i-\theta_j).$$
//
// Differentiate. Since $\frac{d}{dz}\log\sigma(z)=1-\sigma(z)$, a win of $i$ over $j$ pushes $\theta_i$ up and $\theta_j$ down by
// $1-\sigma(\theta_i-\theta_j)$: much if it was a surprise, hardly at all if it was expected. Collect the pushes on team $i$:
//
// $$\frac{\partial \ell}{\partial\theta_i}=\underbrace{\sum_j w_{ij}}_{\text{wins that happened}}-\underbrace{\sum_j n_{ij}\,\sigma(\theta_i-\theta_j)}_{\text{wins the model expected}},\qquad n_{ij}=w_{ij}+w_{ji}.$$
//
// At the maximum the two agree for every team. Keep this sentence: *wins that happened minus wins that were
// expected* is the gradient here, the update of Elo below, and the gradient of a reward model.
//
// Never believe a derivation you have not checked. Nudge each strength a little, see what the likelihood does, and
// compare with the formula.

// %%
const somewhere = Float64Array.from(teams, (_, i) => 0.3 * Math.sin(i));
const nudged = (i: number, by: number) =>
  bradleyTerryLogLikelihood(
    somewhere.map((theta, j) => (j === i ? theta + by : theta)),
    counts,
  );

const formula = bradleyTerryGradient(somewhere, counts);
table(
  teams.map((team, i) => {
    const numeric = (nudged(i, 1e-5) - nudged(i, -1e-5)) / 2e-5;
    return {
      team,
      formula: formula[i],
      numeric,
      difference: Math.abs(formula[i] - numeric).toExponential(0),
    };
  }),
  { caption: "Gradient by the formula and by finite differences, in games", digits: 6 },
);

// %% [markdown]
// ### What the likelihood looks like
//
// With three teams there are two differences, so the whole likelihood is one surface over a plane. Here are Milwaukee,
// Boston and Baltimore (held at 0). **Turn it with the mouse.** It is a dome: one top, no false ones, however many teams
// there are, because $-\ell$ is a sum of $\log(1+e^{-z})$, each of which is convex in $\theta$.

// %%
const three = [0, 4, 6];
const threeTeams = countsFromMatrix(
  three.map((i) => teams[i]),
  three.map((i) => three.map((j) => wins[i][j])),
);

// %%
const top = bradleyTerry(threeTeams).relativeTo("Baltimore");
surface(
  (milwaukee, boston) => bradleyTerryLogLikelihood([milwaukee, boston, 0], threeTeams),
  {
    title: "Log-likelihood of three teams",
    caption: "The point is the maximum. Drag to turn, scroll to zoom.",
    xs: { from: -1, to: 4 },
    ys: { from: -1, to: 4 },
    x: "θ Milwaukee (nats)",
    y: "θ Boston (nats)",
    z: "log-likelihood (nats)",
    points: [{ x: top[0].estimate, y: top[1].estimate, label: "maximum likelihood" }],
  },
);

// %% [markdown]
// ## 6 · Build it
//
// How does one climb? Zermelo's own recipe needs no step size. Set “wins that happened = wins that were expected”
// and solve for $w_i$ where it stands in front, leaving the rest as it is:
//
// $$w_i \;\leftarrow\; \frac{\sum_j w_{ij}}{\sum_j n_{ij}/(w_i+w_j)} .$$
//
// Repeat. Each round raises the likelihood (Hunter [7] shows why: it is a *minorisation–maximisation*, MM,
// algorithm, a cousin of EM). Watch the seven teams walk to their places from a common start.

// %%
const walk: Float64Array[] = [new Float64Array(teams.length)];
for (let round = 0; round < 30; round++)
  walk.push(bradleyTerryMmStep(walk[round], counts));

lineChart(
  Object.fromEntries(
    teams.map((team, i) => [team, walk.map((theta) => theta[i] - theta[6])]),
  ),
  {
    title: "Thirty rounds of Zermelo's algorithm",
    x: "round",
    y: "strength above Baltimore (nats)",
  },
);

// %% [markdown]
// Newton's method uses the curvature too and needs a handful of rounds where MM needs dozens. `bradleyTerry` does that, and reads
// the **standard errors** off the same curvature: a sharp dome pins the strengths down, a flat one does not.

// %%
const fit = bradleyTerry(counts);
const mm = bradleyTerry(counts, { method: "mm" });
table(
  [
    { method: "Newton", rounds: fit.iterations, logLikelihood: fit.logLikelihood },
    { method: "MM", rounds: mm.iterations, logLikelihood: mm.logLikelihood },
  ],
  {
    caption: "The same top, by two paths",
    columns: {
      method: "method",
      rounds: { title: "rounds", digits: 0 },
      logLikelihood: { title: "log-likelihood (nats)", digits: 9 },
    },
  },
);

// %% [markdown]
// **Your turn.** The exercise notebook [`exercises/release/03-bradley-terry`](../exercises/release/03-bradley-terry/03-bradley-terry.ipynb)
// leaves five functions of this lesson open: the log-likelihood, its gradient, one MM round, the Elo update and
// Cohen's κ. `check` shows a counterexample when something is wrong, `hint` helps three times.
// Twenty minutes there are worth an hour of reading here.
//
// ## 7 · Probe: the published table
//
// Before you trust code with an unknown answer, run it where the answer is known. Agresti printed the strengths for this
// season [6]; the diamonds are his, the dots and 95 % intervals ours.

// %%
const agresti = [1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0];
const strengths = fit.relativeTo("Baltimore");
dotChart(
  teams.map((name, i) => ({
    ...withInterval({ name, ...strengths[i] }),
    published: agresti[i],
  })),
  {
    title: "Strengths of the 1987 season",
    caption: "Dots: maximum likelihood with 95 % intervals. Diamonds: Agresti.",
    value: "strength above Baltimore (nats)",
    published: "Agresti",
    sort: "descending",
  },
);

// %% [markdown]
// Look at the intervals. The fit puts Milwaukee first, and the intervals say: perhaps. A list of ranks without intervals is
// a rumour. Each interval here is of a difference *from Baltimore*; what matters for
// two teams is the error of *their* difference:

// %%
const lead = fit.difference("Milwaukee", "Detroit");
const [ahead, doubt] = [lead.estimate.toFixed(2), lead.standardError.toFixed(2)];
const share = fit.probability("Milwaukee", "Baltimore").toFixed(3);
console.log(`Milwaukee − Detroit: ${ahead} ± ${doubt} nats`);
console.log(`P(Milwaukee beats Baltimore) = ${share}, counted: ${(11 / 13).toFixed(3)}`);

// %% [markdown]
// The model's 0.83 is not the counted 0.85: it also heard from Milwaukee's other 65 games, and from everybody else's. That is what
// the assumption of one strength a team buys. It was your prediction **a**.

// %% [markdown]
// ## 8 · Experiments
//
// ### How many answers are enough?
//
// Twenty simulated people, each with the same hidden strengths for six things, answer pairs drawn at random. We
// fit after 60, 120, … answers and measure the error against the truth. The dashed line is not a fit: it is the standard
// error that the curvature promises, computed by feeding the model its own expectations.

// %%
const things = ["A", "B", "C", "D", "E", "F"];
const truth = [-1, -0.6, -0.2, 0.2, 0.6, 1]; // nats
const sizes = [60, 125, 250, 500, 1000, 2000, 4000];
const taste = (thing: string) => truth[things.indexOf(thing)];
const rootMeanSquare = (estimate: Float64Array, target: number[]) =>
  Math.sqrt(mean(estimate.map((theta, i) => (theta - target[i]) ** 2)));
const randomPair = (rng: Rng) => {
  const [first, second] = rng.shuffle(things);
  return { first, second };
};

// %%
const curves: number[][] = [];
for (let seed = 0; seed < seeds; seed++) {
  const rng = new Rng(seed);
  const person = new SimulatedHuman(taste, { rng: rng.split("person") });
  const answers = await person.compare(
    Array.from({ length: 4000 }, () => randomPair(rng)),
  );
  curves.push(
    sizes.map((n) => {
      const seen = countComparisons(answers.slice(0, n), { names: things });
      return rootMeanSquare(
        bradleyTerry(seen, { priorPrecision: 0.01 }).strengths,
        truth,
      );
    }),
  );
}

// %%
const expected = sizes.map((n) => {
  const table = truth.map((a, i) =>
    truth.map((b, j) => (i === j ? 0 : (n / 15) * sigmoid(a - b))),
  );
  const { standardErrors } = bradleyTerry(countsFromMatrix(things, table));
  return Math.sqrt(mean(standardErrors.map((e) => e * e)));
});
bandChart(
  { [`${seeds} simulated people`]: curves },
  {
    title: "Error of the strengths",
    caption: "Mean and 95 % band over people. Both axes are logarithmic.",
    at: sizes,
    x: { title: "answers", log: true, domain: [50, 5000] },
    y: { title: "root mean square error", unit: "nats", log: true },
    reference: { x: sizes, y: expected, label: "what the curvature promises" },
  },
);

// %% [markdown]
// The line has slope −½: **four times the answers for half the error**. It holds for every maximum-likelihood fit, and it is why
// preference data costs what it costs (lesson 17).
//
// ### Elo: the same model, one game at a time
//
// Arpad Elo's chess rating [8] writes strengths in points, with odds of 10:1 at 400 points, so one nat is
// $400/\ln 10 = 174$ points. After each game the winner takes
//
// $$R_i \leftarrow R_i + K\,(S-E),\qquad E=\sigma\!\left(\tfrac{\ln 10}{400}(R_i-R_j)\right),$$
//
// with $S=1$ for a win. *What happened minus what was expected*: this is one step of stochastic gradient ascent on
// $\ell$, from a single game, with a step that never shrinks. So it never settles. Shuffle the season and see.

// %%
const games = expandCounts(counts); // 273 games, one entry each
const shuffled = eloOverOrders(games, { kFactor: 32, orders, rng: new Rng("orders") });
const detroitAhead =
  shuffled.filter((ratings) => ratings[1] > ratings[0]).length / orders;
const settled = eloFromStrengths(fit.strengths); // Bradley–Terry, in points
const settledGap = settled[0] - settled[6];

// %%
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
histogram(
  shuffled.map((ratings) => ratings[0]),
  {
    title: `Milwaukee's final Elo rating in ${orders} orders of one season`,
    caption: `K = 32. Detroit ends first in ${percent(detroitAhead)} of the orders.`,
    x: { title: "final rating", unit: "points" },
    bins: 30,
    reference: { x: settled[0], label: "Bradley–Terry" },
  },
);

// %% [markdown]
// Every one of these seasons has the same results. Elo forgets the past on purpose, which is right for players who get better and
// wrong for things that stay as they are, such as the answers of a frozen language model. $K$ is the dial between
// the two: small $K$ has not arrived after one season, large $K$ trembles.

// %%
table(
  [4, 16, 32, 64].map((kFactor) => {
    const runs = eloOverOrders(games, { kFactor, orders, rng: new Rng("orders") });
    const gaps = runs.map((ratings) => ratings[0] - ratings[6]);
    const wrong = runs.filter((ratings) => ratings[1] > ratings[0]).length / orders;
    const spread = standardDeviation(runs.map((ratings) => ratings[0]));
    return { kFactor, spread, gap: mean(gaps), wrong };
  }),
  {
    caption: `Over ${orders} orders. Bradley–Terry: ${settledGap.toFixed(0)} points.`,
    columns: {
      kFactor: "K",
      spread: { title: "spread of Milwaukee (points, 1 sd)", digits: 1 },
      gap: { title: "Milwaukee − Baltimore (points)", digits: 0 },
      wrong: { title: "Detroit above Milwaukee", format: ".0%" },
    },
  },
);

// %% [markdown]
// ### “I can't say”: ties
//
// In 1970 Roger Davidson [9] published 745 comparisons of six brands of chocolate pudding, of which 202 ended with “no
// preference”. Counting a tie as half a win for each keeps the strengths about right but cannot say how often people tie. Davidson
// gave the tie a share of its own, largest when the two are equal:
//
// $$P(\text{tie})\;=\;\frac{\nu\sqrt{w_iw_j}}{w_i+w_j+\nu\sqrt{w_iw_j}}.$$

// %%
const puddings = loadTable("chocolate-puddings");
const tasted = countsFromColumns({
  first: puddings.strings("first"),
  second: puddings.strings("second"),
  firstWins: puddings.numbers("first_wins"),
  secondWins: puddings.numbers("second_wins"),
  ties: puddings.numbers("ties"),
});
const withTies = davidson(tasted);

// %%
const equalsTie = percent(withTies.probabilities(0, 0).tie);
dotChart(withTies.ranking().map(withInterval), {
  title: "Six chocolate puddings, 745 tastings",
  caption: `Davidson's model, 95 % intervals. Two equals tie ${equalsTie} of the time.`,
  value: "strength (nats, mean of all = 0)",
});

// %% [markdown]
// A ranking list would print brand 6 first and brand 1 last. The intervals say that after 745 tastings the favourite may still be an average
// pudding. That is the normal state of preference data, and only the intervals tell.
//
// ### How far can people agree?
//
// A reward model is marked by how often it agrees with people. But people do not agree with each other. If the qualities
// of two items differ by $\Delta$ (drawn with some spread over the pairs we ask about), two people who answer by this model agree
// with probability $p^2+(1-p)^2$, and the best predictor in the world is right with probability $\max(p,1-p)$,
// $p=\sigma(\Delta)$. Published agreement: 63 % between crowd workers and Anthropic's researchers [10], about
// 73 % between InstructGPT's labellers [4].

// %%
const spreads = Array.from({ length: 41 }, (_, i) => 0.1 * i);
const grid = Array.from({ length: 400 }, (_, i) => normalQuantile((i + 0.5) / 400));
const average = (f: (p: number) => number) =>
  spreads.map((sd) => mean(grid.map((z) => f(sigmoid(Math.SQRT2 * sd * z)))));

lineChart(
  {
    "best possible predictor": { x: spreads, y: average((p) => Math.max(p, 1 - p)) },
    "two people": { x: spreads, y: average((p) => p * p + (1 - p) ** 2) },
  },
  {
    title: "Agreement that noise allows",
    x: "spread of quality between items (nats, 1 sd)",
    y: { title: "share of pairs", format: ".0%", domain: [0.5, 1] },
    reference: [
      { y: 0.63, label: "Bai et al. 2022: 63 %" },
      { y: 0.726, label: "Ouyang et al. 2022: 72.6 %" },
    ],
  },
);

// %% [markdown]
// Where the curve of two people crosses the dashed lines you read off how far apart the compared items were: one to two nats.
// And straight above it the ceiling: at 73 % agreement **no reward model, however large, can predict a single person
// much better than four times out of five**. A score above the ceiling is not skill; look for a leak.
//
// Raw agreement flatters: two people who press “left” all day agree perfectly. Cohen's κ and Krippendorff's α [11] subtract what
// chance would give. Here are Krippendorff's own four observers, twelve units, with gaps.

// %%
const units = loadTable("krippendorff-2011");
const observers = ["a", "b", "c", "d"].map((name) =>
  units.numbersOrNull(`observer_${name}`),
);
table(
  (["nominal", "ordinal", "interval", "ratio"] as const).map((level) => ({
    level,
    alpha: krippendorffAlpha(observers, level),
  })),
  {
    caption: "Krippendorff's α of the same ratings, by what the numbers mean",
    digits: 3,
  },
);

// %% [markdown]
// ### Which pair should one ask about next?
//
// Answers cost money, so ask cleverly. An obvious idea is to ask about the pair of which the model is *least sure*, $p\approx\frac12$.
// A better-founded one asks for the answer that should shrink the error bars most, $p(1-p)\cdot\mathrm{Var}(\theta_i-\theta_j)$. Before
// you run the cell: which of the three ends with the smallest error, and where is random asking?

// %%
const ten = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
const tenTruth = ten.map((_, i) => -1 + (2 * i) / 9); // two nats from end to end
type Strategy = (fit: BradleyTerryFit, rng: Rng) => ItemPair;
const strategies: Record<string, Strategy> = {
  "at random": (_, rng) => rng.permutation(10).slice(0, 2) as [number, number],
  "least certain": leastCertainPair,
  "most informative": mostInformativePair,
};

// %%
const asked = [50, 100, 200, 400];
async function errorsOf(choose: Strategy, seed: number): Promise<number[]> {
  const rng = new Rng(seed);
  const person = new SimulatedHuman((thing: string) => tenTruth[ten.indexOf(thing)], {
    rng: rng.split("person"),
  });
  const answers = [...(await person.compare([{ first: "a", second: "j" }]))];
  const errors: number[] = [];
  for (let n = 2; n <= 400; n++) {
    const seen = bradleyTerry(countComparisons(answers, { names: ten }), {
      priorPrecision: 0.5,
    });
    const [i, j] = choose(seen, rng);
    answers.push(...(await person.compare([{ first: ten[i], second: ten[j] }])));
    if (asked.includes(n)) errors.push(rootMeanSquare(seen.strengths, tenTruth));
  }
  return errors;
}

// %%
const runs = Object.entries(strategies).map(([name, choose]) => ({
  name,
  choose,
  errors: [] as number[][],
}));
const bar = progress(runs.length * seeds, { label: "Asking" });
for (const { choose, errors } of runs) {
  for (let seed = 0; seed < seeds; seed++) {
    errors.push(await errorsOf(choose, seed));
    bar.step();
    await tick();
  }
}
bar.finish();

// %%
bandChart(Object.fromEntries(runs.map(({ name, errors }) => [name, errors])), {
  title: "What to ask next",
  caption: `Ten things, two nats from end to end; 95 % band over ${seeds} people.`,
  at: asked,
  x: { title: "answers", log: true, domain: [45, 450] },
  y: { title: "root mean square error", unit: "nats", log: true },
});

// %% [markdown]
// Asking where one is least sure does *worse than chance*, and more answers hardly help. It asks about things that it believes to be
// equal; what it believes to be far apart it never asks about again, so an early accident is never put right. The
// informative questions keep up with random ones and are not better: with people this noisy, every answer says about
// equally little. Lesson 17 finds a setting in which choosing pays two to four times over. A method that
// sounds clever deserves a random baseline.
//
// ### Other ways to ask
//
// One can also ask *how much* better, on a scale from 1 to 8 without a middle, as Anthropic's helpful-and-harmless data did [10],
// or ask for a whole order of four, which InstructGPT did with four to nine replies at a time [4]. The order has
// a model of its own: choose the best of all, then the best of the rest, and so on, each with probability
// $w_i/\sum_j w_j$ (Luce 1959, Plackett 1975 [12]); with two items it is Bradley–Terry. A hundred questions each:

// %%
const fitted = (answers: Comparison<string>[]) =>
  bradleyTerry(countComparisons(answers, { names: things }), { priorPrecision: 0.1 });

async function hundredOfEach(seed: number) {
  const rng = new Rng(seed);
  const asked = new SimulatedHuman(taste, { rng: rng.split("person") });
  const pairs = Array.from({ length: 100 }, () => randomPair(rng));
  const ratings = await asked.likert(pairs);
  const ranked: string[][] = [];
  while (ranked.length < 100) {
    const { items, order } = await asked.rank(rng.shuffle(things).slice(0, 4));
    ranked.push(order.map((i) => items[i]));
  }
  const pair = fitted(await asked.compare(pairs));
  const likert = fitted(ratings.map((r) => comparisonFromLikert(r, likertSoftLabel)));
  const order = plackettLuce(rankingTable(ranked, things), { priorPrecision: 0.1 });
  return { pair, likert, order };
}

// %%
const kinds = { pair: "which of two?", likert: "how much, 1 to 8?", order: "order four" };
const people = Array.from({ length: seeds }, (_, seed) => hundredOfEach(seed));
const fits = await Promise.all(people);
const bars = (["pair", "likert", "order"] as const).map((kind) => {
  const taus = fits.map((person) => kendallTau(person[kind].strengths, truth));
  const { mean: value, low, high } = meanInterval(taus);
  return { label: kinds[kind], value, low, high };
});
dotChart(bars, {
  title: "A hundred questions of each kind",
  caption: `Mean and 95 % interval over ${seeds} simulated people.`,
  value: "Kendall's τ between fitted and true order (1 = the same)",
});

// %% [markdown]
// An order of four says more than a pair, because it holds three choices; it also takes a person longer, so per *minute* the race is
// open. What a scale adds to the side alone depends on people meaning the same by a seven, which these simulated ones
// all do. Look at the intervals before you call any of the three better.
//
// ## 9 · Break it
//
// **Somebody who never lost.** Give Milwaukee all 13 games against everybody. What is the largest likelihood now? Work it out before
// you run the cell.

// %%
const perfect = wins.map((row, i) =>
  row.map((w, j) => (i === 0 && j > 0 ? 13 : j === 0 ? 0 : w)),
);
const perfectSeason = countsFromMatrix(teams, perfect);
try {
  bradleyTerry(perfectSeason);
} catch (error) {
  console.log((error as Error).message);
}

// %% [markdown]
// The likelihood of Milwaukee's strength rises for ever and has no top: an infinite strength explains “never lost” best. A
// **prior** gives it one: the second curve adds $-\frac{\lambda}{2}\theta^2$, a mild belief that nobody is *that* good. Every reward model
// does something of the sort, by weight decay or by stopping early. Without it, one pair labelled the same way by everybody would
// push two rewards apart for as long as one trains.

// %%
const milwaukeeAlone = Array.from({ length: 61 }, (_, i) => i / 5);
const rest = fit.relativeTo("Baltimore").map((s) => s.estimate);
const perfectLikelihood = (theta: number) =>
  bradleyTerryLogLikelihood([theta, ...rest.slice(1)], perfectSeason);

// %%
lineChart(
  {
    "likelihood alone": { x: milwaukeeAlone, y: milwaukeeAlone.map(perfectLikelihood) },
    "with a prior, λ = 0.1": {
      x: milwaukeeAlone,
      y: milwaukeeAlone.map((theta) => perfectLikelihood(theta) - 0.05 * theta ** 2),
    },
  },
  {
    title: "Undefeated: no maximum, unless a prior makes one",
    x: "θ Milwaukee (nats above Baltimore)",
    y: "log-likelihood (nats)",
  },
);

// %% [markdown]
// **Two leagues that never meet.** East and West each have a strongest team. Which of the two is stronger? Nothing in the
// data can say; an implementation that answers anyway is guessing.

// %%
const [east, west] = [
  ["E1", "E2", "E3"],
  ["W1", "W2", "W3"],
];
const inLeague = [
  [0, 6, 8],
  [4, 0, 5],
  [2, 5, 0],
];
const apart = countsFromMatrix(
  [...east, ...west],
  [0, 1, 2, 3, 4, 5].map((i) =>
    [0, 1, 2, 3, 4, 5].map((j) => (i < 3 === j < 3 ? inLeague[i % 3][j % 3] : 0)),
  ),
);
try {
  bradleyTerry(apart);
} catch (error) {
  console.log((error as Error).message);
}

// %% [markdown]
// The same happens with raters who are each given pairs of one topic only. Give them a few pairs in common.
//
// **Careless clicks.** Now let a share of all answers be coin flips. Do the strengths become *noisier*, or *wrong*?

// %%
const lapses = [0, 0.1, 0.3, 0.5];
const careless: Record<string, { x: number[]; y: Float64Array }> = {};
for (const lapseRate of lapses) {
  const rng = new Rng("careless");
  const person = new SimulatedHuman(taste, { rng: rng.split("person"), lapseRate });
  const answers = await person.compare(
    Array.from({ length: 20000 }, () => randomPair(rng)),
  );
  const { strengths: y } = bradleyTerry(countComparisons(answers, { names: things }));
  careless[`${100 * lapseRate} % flips`] = { x: truth, y };
}
scatterChart(careless, {
  title: "Coin flips shrink everything",
  caption: "20,000 answers each. The line is a perfect fit.",
  x: "true strength (nats)",
  y: "fitted strength (nats)",
  diagonal: "fitted = true",
  connect: true,
});

// %% [markdown]
// Wrong, and in a way that looks harmless: the order stays, the distances shrink. To the model, a careless person and a person who
// finds the things nearly equal are the same. That is why Christiano et al. [3] wrote a fixed 10 % of random answers *into* the
// likelihood, and it is the first thing to check when a reward model seems timid.
//
// ## 10 · Look back

// %%
await reveal(guessShare, fit.probability("Milwaukee", "Baltimore"));
await reveal(guessSpread, standardDeviation(shuffled.map((ratings) => ratings[0])));

// %% [markdown]
// **What to take along**
// - The gradient of the log-likelihood is *what happened minus what was expected*; Elo is one step of it.
// - Only differences of strengths mean anything. Where zero is, is your choice.
// - There may be no maximum: somebody undefeated, groups that never met. Good code says so; a prior is an answer.
// - A ranking without intervals is a rumour; four times the answers halve them.
// - The noise in people sets a ceiling for every model of them.
//
// **From here to a reward model** is one step: replace the table $\theta_i$ by a network $r_\phi(x, y)$ that computes the strength of a
// reply from its text. The loss stays $-\log\sigma(r_\phi(x,y_w)-r_\phi(x,y_l))$. That is lesson 08.
//
// **An open question.** One number a team forbids rock–paper–scissors. Do people's preferences have cycles? And if they do, or if
// the cycles only appear when *different* people are added up, what is the number we fitted? That is lesson 02.
//
// **References**
// 1. R. A. Bradley, M. E. Terry (1952). Rank analysis of incomplete block designs: I. The method of paired comparisons. *Biometrika* 39, 324–345.
// 2. E. Zermelo (1929). Die Berechnung der Turnier-Ergebnisse als ein Maximumproblem der Wahrscheinlichkeitsrechnung. *Mathematische Zeitschrift* 29, 436–460.
// 3. P. Christiano et al. (2017). Deep reinforcement learning from human preferences. [arXiv:1706.03741](https://arxiv.org/abs/1706.03741), Eq. 1; the 10 % error: section 2.2.3.
// 4. L. Ouyang et al. (2022). Training language models to follow instructions with human feedback. [arXiv:2203.02155](https://arxiv.org/abs/2203.02155), Eq. 1; agreement: section 3.4.
// 5. R. Rafailov et al. (2023). Direct preference optimization. [arXiv:2305.18290](https://arxiv.org/abs/2305.18290), Eq. 1.
// 6. A. Agresti (2002). *Categorical Data Analysis*, 2nd ed., section 10.6. Wiley.
// 7. D. R. Hunter (2004). MM algorithms for generalized Bradley–Terry models. *Annals of Statistics* 32, 384–406.
// 8. A. E. Elo (1978). *The Rating of Chessplayers, Past and Present*. Arco.
// 9. R. R. Davidson (1970). On extending the Bradley–Terry model to accommodate ties in paired comparison experiments. *JASA* 65, 317–328.
// 10. Y. Bai et al. (2022). Training a helpful and harmless assistant with RLHF. [arXiv:2204.05862](https://arxiv.org/abs/2204.05862), section 2.
// 11. K. Krippendorff (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.
// 12. R. L. Plackett (1975). The analysis of permutations. *Applied Statistics* 24, 193–202; R. D. Luce (1959). *Individual Choice Behavior*. Wiley.
