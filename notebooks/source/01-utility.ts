// %% [markdown]
// # 01 · Utility: what a number for “better” takes for granted
//
// Every algorithm in this course maximises a number. This lesson asks where such a number comes from, when there
// is one at all, and how to read it off somebody's choices. The somebody is you.
//
// **The claim.** Whoever chooses consistently among gambles (four axioms say what that means) chooses *as if* they
// computed the mean of one number, their **utility**; and the number can be measured from choices alone (von
// Neumann & Morgenstern 1944 [1]).
//
// **Before.** For the first mathematicians of games of chance a gamble was worth the mean of what it pays. In 1713
// Nicolas Bernoulli described a coin game whose mean is infinite and for which nobody would pay much. In 1738 his
// cousin Daniel answered: what counts is not the money but its use to you, and a ducat is of less use to the rich
// [2]. For two hundred years nobody could say how that “use” might be measured.
//
// **Since.** The sentence “an agent maximises its expected return” is the 1944 theorem. A reward model (lesson 08)
// is a utility read off choices with noise. So whatever the theorem takes for granted, RLHF takes for granted too;
// at the end of this lesson you will know where people break it, and by how much.
//
// About an hour. You need probabilities, the logarithm, and a derivative.

// %%
import {
  bandChart, Bisection, budget, cara, certaintyEquivalent, certaintyEquivalentUnder,
  chiSquareTail, choiceProbabilities, crra, dotChart, expectedUtility, expectedValue,
  fitRiskAversion, gamble, gambleProbability, gumbelChoice, heatmap, lineChart,
  livePicture, loadTable, lottery, mean, meanInterval, median, mostInformativeQuestion,
  normalChoice, person, predict, progress, prospectTheoryValue, quadraticUtility,
  quantile, reveal, riskAversionOfEndPoints, riskPremium, Rng, sigmoid, SimulatedHuman,
  sliderChart, stPetersburg, surface, table, tick, valueOfQuery, type
  CertaintyEquivalent, type Gamble, type MoneyUtility, type Picture, type RiskAnswer,
  type RiskFit, type RiskQuestion,
} from "rlhf";

// %% [markdown]
// How much the experiments below compute. `RLHF_BUDGET=full` asks more simulated people.

// %%
const { people, crowd } = budget({
  smoke: { people: 6, crowd: 100 },
  quick: { people: 40, crowd: 1000 },
  full: { people: 200, crowd: 5000 },
});

// %% [markdown]
// ## 1 · A game that is worth infinitely much
//
// A coin is thrown until heads come up. If that happens at the first throw you get 2 ducats, at the second 4, at
// the third 8, and so on: $2^k$ at throw $k$. The mean is
//
// $$\tfrac12\cdot 2+\tfrac14\cdot 4+\tfrac18\cdot 8+\dots = 1+1+1+\dots=\infty .$$
//
// What would you pay for one game? Here are ten.

// %%
const coins = new Rng("ten games");
const tenGames = Array.from({ length: 10 }, () => stPetersburg(coins));
console.log(`Ten games pay ${tenGames.join(", ")} ducats.`);

// %% [markdown]
// ## 2 · Three predictions, before anything runs
//
// **a.** Somebody plays this game a million times. What is the mean payout of a game, in a typical series?
//
// **b.** A lottery pays 100 € or 10 €, each with probability one half. Which sure sum is *to you* as good as the
// lottery? Below you will make twenty choices, and they will say which sum you really act on.
//
// **c.** Choose between A: 2,400 € for sure, and B: 2,500 € with 33 %, 2,400 € with 66 %, nothing with 1 %. In
// 1979, 18 % of those asked chose B. Then C: 2,400 € with 34 %, else nothing, against D: 2,500 € with 33 %, else
// nothing. What share chose D?

// %%
const guessMean = await predict(
  "What does a game pay on average, in a typical series of a million games?",
  { unit: "ducats", min: 0 },
);
const guessWorth = await predict(
  "Which sure sum is as good to you as 100 € or 10 €, even odds?",
  { unit: "€", min: 0, max: 100 },
);
const guessShare = await predict(
  "What share took D, 2,500 € with 33 %, rather than C, 2,400 € with 34 %?",
  { unit: "% of people", min: 0, max: 100 },
);

// %% [markdown]
// ## 3 · You are the human
//
// First the two choices of prediction **c**, as your own. The sums are meant seriously; imagine the money on the
// table.

// %%
const prizes = ({ outcomes, probabilities }: Gamble) =>
  outcomes.map((sum, k) => ({
    probability: probabilities[k],
    prize: sum === 0 ? "nothing" : `${sum} €`,
  }));
const [A, B] = [gamble([2400], [1]), gamble([2500, 2400, 0], [0.33, 0.66, 0.01])];
const [C, D] = [gamble([2400, 0], [0.34, 0.66]), gamble([2500, 0], [0.33, 0.67])];
const shown = [A, B, C, D].map((risk) => lottery(prizes(risk)));

// %%
const someone = new SimulatedHuman(
  (picture: Picture) => [3, 0, 0, 1][shown.indexOf(picture)],
  { rng: new Rng("someone") },
);
const chooser = person<Picture>({
  task: "01-two-choices",
  question: "Which would you take?",
  standIn: someone,
});
const twoChoices = chooser.compare([
  { first: shown[0], second: shown[1] },
  { first: shown[2], second: shown[3] },
]);
const [firstChoice, secondChoice] = await twoChoices;

// %% [markdown]
// Now four lotteries. For each you say five times whether you would rather have the lottery or a sure sum. The sum
// moves to the middle of what your last answers left open: a **bisection**. Click, or press `1` (the lottery), `2`
// (the sum), `3` (as good); about two minutes in all. You may also move the slider to the sum that is as good to
// you. Where nobody is at the page, a simulated person whose attitude to risk is known answers, and the output
// says so.

// %%
const yourLotteries = [
  gamble([100, 10], [0.5, 0.5]),
  gamble([60, 10], [0.25, 0.75]),
  gamble([320, 20], [0.5, 0.5]),
  gamble([400, 20], [0.75, 0.25]),
];
const careful = { sensitivity: 20, slips: 0.02 }; // section 5 says what these are
const clicks = new Rng("stand-in");
const standInFor = (risk: Gamble) => (sure: number) =>
  clicks.bernoulli(gambleProbability({ gamble: risk, sure }, crra(0.7), careful));

// %%
function asShareOfMean(risk: Gamble, { worth, low, high }: CertaintyEquivalent) {
  const average = expectedValue(risk);
  const [[best, worst], [p]] = [risk.outcomes, risk.probabilities];
  return {
    label: `${100 * p} %: ${best} €, else ${worst} €`,
    value: worth / average,
    low: low / average,
    high: high / average,
  };
}

// %%
let answeredBy = "";
const worthChart = (worths: ReturnType<typeof asShareOfMean>[]) =>
  dotChart(worths, {
    title: "What the lotteries are worth",
    caption: `The dots: ${answeredBy}. The whiskers: what five halvings leave open.`,
    value: "sure sum that is as good ÷ mean payout of the lottery",
    reference: { x: 1, label: "its mean" },
  });

// %%
const picture = livePicture();
const yours: (RiskAnswer & { lottery: number })[] = [];
const worths: ReturnType<typeof asShareOfMean>[] = [];
for (const [i, risk] of yourLotteries.entries()) {
  const [high, low] = risk.outcomes;
  const found = await certaintyEquivalent(prizes(risk), {
    ...{ task: "01-lotteries", unit: "€", low, high, rounds: 5 },
    standIn: standInFor(risk),
  });
  answeredBy = found.answeredBy === "person" ? "you" : "the stand-in";
  for (const { sure, tookLottery } of found.choices)
    yours.push({ gamble: risk, sure, tookGamble: tookLottery, lottery: i });
  worths.push(asShareOfMean(risk, found));
  picture.draw(worthChart(worths));
}
picture.finish();

// %% [markdown]
// Whoever counts only the mean has all four dots on the dashed line. A dot to the left of it gives something up
// for certainty; the whiskers are what five halvings leave open. Each lottery has its own answer here. The next
// section finds one number behind all four.
//
// ## 4 · Four axioms, and the number that follows
//
// Write $a\succsim b$ for “I would take $a$ rather than $b$, or do not mind”, and $pa+(1-p)c$ for the gamble that
// gives $a$ with probability $p$ and $c$ otherwise. Von Neumann and Morgenstern asked of a person:
//
// 1. **Completeness**: of any two gambles, one is at least as good.
// 2. **Transitivity**: $a\succsim b$ and $b\succsim c$ give $a\succsim c$.
// 3. **Continuity**: if $a\succ b\succ c$, some mixture $pa+(1-p)c$ is exactly as good as $b$.
// 4. **Independence**: $a\succsim b$ if and only if $pa+(1-p)c\succsim pb+(1-p)c$, whatever $c$ is. What you would get in both cases does not count.
//
// **Then there is a utility $u$ such that $a\succsim b$ exactly when $\mathbb E[u(a)]\ge\mathbb E[u(b)]$**, and
// any other such utility is $\alpha u+\beta$ with $\alpha>0$: neither its zero nor its unit means anything.
//
// The proof is a measuring instrument. Take the best thing $B$ and the worst $W$. For every sum $x$, continuity
// gives a probability $u(x)$ at which “$B$ with probability $u(x)$, else $W$” is as good as $x$. By independence,
// each $x$ in a gamble may be replaced by that mixture. The gamble becomes “$B$ with probability $\sum_k
// p_k\,u(x_k)$, else $W$”, and of two such one takes the one with more chance of $B$. So the utility of $x$ **is**
// a probability, and you can measure it by asking.
//
// Let us do that to somebody of whom we know only their choices: `prefers(a, b)`. We climb the ladder, and then
// let the measured number predict 2,000 choices between gambles it has never seen.

// %%
const sums = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]; // €
type Prefers = (a: Gamble, b: Gamble) => boolean;

function ladder(prefers: Prefers): number[] {
  return sums.map((x) => {
    let [low, high] = [0, 1];
    for (let halving = 0; halving < 40; halving++) {
      const p = (low + high) / 2;
      if (prefers(gamble([100, 0], [p, 1 - p]), gamble([x], [1]))) high = p;
      else low = p;
    }
    return (low + high) / 2;
  });
}

// %%
function randomGamble(rng: Rng): Gamble {
  const weights = [0, 0, 0].map(() => rng.exponential());
  const total = weights[0] + weights[1] + weights[2];
  return gamble(
    rng.shuffle(sums).slice(0, 3),
    weights.map((w) => w / total),
  );
}

function foretold(prefers: Prefers, u: number[], rng: Rng): number {
  const predicted = ({ outcomes, probabilities }: Gamble) =>
    outcomes.reduce((eu, x, k) => eu + probabilities[k] * u[sums.indexOf(x)], 0);
  const right = Array.from({ length: 2000 }, () => {
    const [a, b] = [randomGamble(rng), randomGamble(rng)];
    return prefers(a, b) === predicted(a) > predicted(b) ? 1 : 0;
  });
  return mean(right);
}

// %% [markdown]
// Two people take part. The first obeys the axioms (inside, a square root is at work, but we do not look). The
// second follows **prospect theory**, Tversky and Kahneman's description of how people really choose [3]: small
// probabilities weigh too much, near-certainties too little. You will meet it again.

// %%
const byExpectedUtility: Prefers = (a, b) =>
  expectedUtility(a, crra(0.5)) > expectedUtility(b, crra(0.5));
const byProspectTheory: Prefers = (a, b) =>
  prospectTheoryValue(a) > prospectTheoryValue(b);

// %%
const measured = [byExpectedUtility, byProspectTheory].map(ladder);
const rightShare = [byExpectedUtility, byProspectTheory].map((prefers, i) =>
  foretold(prefers, measured[i], new Rng("new gambles")),
);
const inPercent = (share: number) => `${(100 * share).toFixed(1)} %`;

// %%
lineChart(
  { "obeys the axioms": measured[0], "follows prospect theory": measured[1] },
  {
    title: "A utility, measured by choices alone",
    caption: `Choices foretold by it: ${rightShare.map(inPercent).join(" and ")} of 2,000.`,
    at: sums,
    points: true,
    x: { title: "sure sum x", unit: "€" },
    y: { title: "chance of 100 € that is as good", domain: [0, 1] },
    reference: {
      x: sums,
      y: sums.map((x) => Math.sqrt(x / 100)),
      label: "√(x/100)",
    },
  },
);

// %% [markdown]
// For the first person the theorem holds to the last choice, and the ladder has found the square root without
// being told. For the second the same instrument also draws a nice curve. Only: it foretells wrongly. **A number
// can always be fitted. Whether it means anything is decided by the axioms**, and one sees it on choices that were
// not used for the fit.
//
// ### How bent is it?
//
// If neither zero nor unit of $u$ mean anything, neither does $u''$. What stays is a ratio, found by Pratt [4] and
// Arrow [12]: the **absolute risk aversion** $A(x)=-u''(x)/u'(x)$. Expand $u$ around the mean $m$ of a small gamble
// with variance $s^2$:
//
// $$\mathbb E[u]\approx u(m)+\tfrac12 s^2u''(m),\qquad u(m-\pi)\approx u(m)-\pi\,u'(m)\quad\Longrightarrow\quad \pi\approx\tfrac12\,s^2A(m).$$
//
// $\pi$ is the **risk premium**: what one gives up for certainty. Three families with one parameter each: *CRRA*,
// $u=x^{1-\gamma}/(1-\gamma)$ (and $\log x$ at $\gamma=1$), with $A=\gamma/x$: who has twice the money minds the
// same sum half as much. *CARA*, $u=(1-e^{-ax})/a$, with $A=a$ at any wealth. *Quadratic*, with $A=1/(s-x)$, which
// grows with wealth: the rich would be the more timid.
//
// Check the formulas by finite differences, and Pratt's approximation on 50 € ± 5 €.

// %%
const families: MoneyUtility[] = [crra(0.5), crra(2), cara(0.02)];
families.push(quadraticUtility(200));
const even = gamble([55, 45], [0.5, 0.5]); // variance 25 €²
const checks = families.map((utility) => {
  const [left, here, right] = [49.9, 50, 50.1].map((x) => utility.value(x));
  const slope = (right - left) / 0.2;
  const bend = (right - 2 * here + left) / 0.01;
  const A = utility.absoluteRiskAversion(50);
  const premium = riskPremium(even, utility);
  return { utility: utility.name, A, numeric: -bend / slope, premium, pratt: 12.5 * A };
});

// %%
table(checks, {
  caption: "At 50 €: formula against finite differences, premium against Pratt",
  columns: {
    utility: "utility",
    A: { title: "A by the formula (1/€)", digits: 5 },
    numeric: { title: "A by differences (1/€)", digits: 5 },
    premium: { title: "premium of ± 5 € (€)", digits: 4 },
    pratt: { title: "½·variance·A (€)", digits: 4 },
  },
});

// %% [markdown]
// **Slide γ** and watch the lottery “100 € or 10 €, even odds”. Its utility lies halfway up; where the curve
// passes that height, you read off the sure sum that is as good. At $\gamma=0$ that is the mean, 55 €. Below 0 one
// pays for the thrill.

// %%
const money = Array.from({ length: 91 }, (_, k) => 10 + k);
const even100 = gamble([100, 10], [0.5, 0.5]);
function utilityAndWorth(gamma: number) {
  const u = crra(gamma);
  const scaled = money.map(
    (x) => (u.value(x) - u.value(10)) / (u.value(100) - u.value(10)),
  );
  const worth = certaintyEquivalentUnder(even100, u);
  return {
    "utility, 0 at 10 € and 1 at 100 €": { x: money, y: scaled },
    "100 € or 10 €, even odds": { x: [10, worth, worth], y: [0.5, 0.5, 0] },
  };
}

// %%
sliderChart([-0.5, 0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3], utilityAndWorth, {
  title: "What is 100 € or 10 € worth?",
  slider: "γ",
  start: 3,
  x: "sure sum (€)",
  y: "utility",
});

// %% [markdown]
// ## 5 · People err: choice with noise
//
// Nobody answers the same question the same way every time. So a choice has a *probability*. Suppose you see the
// difference of the two utilities, blurred, and now and then do not look at all:
//
// $$P(\text{lottery})=\frac{\varepsilon}{2}+(1-\varepsilon)\;\sigma\!\left(\lambda\,\frac{\mathbb E[u(\text{lottery})]-u(\text{sum})}{u(\text{best})-u(\text{worst})}\right),\qquad\sigma(z)=\frac1{1+e^{-z}}.$$
//
// $\lambda$ is how sharply you see (20 is careful, 5 careless), $\varepsilon$ the share of slips. Dividing by the
// range makes $\lambda$ free of units, as it must be. This is the line that turns utility into data, and in lesson
// 03, with $\lambda=1$, $\varepsilon=0$, rewards for utilities and no division, it is Bradley–Terry.
//
// Why $\sigma$? Let an option's momentary appeal be $u_i+\text{noise}$, and choose the larger. If the noise has
// the **Gumbel** distribution ($P(\text{noise}\le z)=e^{-e^{-z}}$), then option $i$ wins with probability
//
// $$P(i)=\int e^{-(z-u_i)}\,e^{-\sum_j e^{-(z-u_j)}}\,dz=\frac{e^{u_i}}{\sum_j e^{u_j}},$$
//
// the **softmax** (Luce 1959 [5], McFadden 1974 [6]); with two options it is $\sigma(u_1-u_2)$. The integral is
// one substitution, $t=e^{-z}$. Check it by counting.

// %%
const appeal = [1, 0.5, 0, -0.5, -1.5];
const draws = 100_000;
const counts = Array.from({ length: 5 }, (_, seed) => {
  const rng = new Rng(seed);
  const chosen = [0, 0, 0, 0, 0];
  for (let n = 0; n < draws; n++) chosen[gumbelChoice(appeal, rng)] += 1;
  return chosen;
});
const softmaxShares = choiceProbabilities(appeal);
const chiSquares = counts.map((chosen) =>
  chosen.reduce((sum, n, i) => {
    const expected = draws * softmaxShares[i];
    return sum + (n - expected) ** 2 / expected;
  }, 0),
);

// %%
const smallestTail = Math.min(...chiSquares.map((x) => chiSquareTail(x, 4)));
dotChart(
  appeal.map((u, i) => {
    const shares = meanInterval(counts.map((chosen) => chosen[i] / draws));
    const { mean: value, low, high } = shares;
    return {
      label: `u = ${String(u).replace("-", "−")}`,
      value,
      low,
      high,
      published: softmaxShares[i],
    };
  }),
  {
    title: "Gumbel noise makes a softmax",
    caption: `Five times 100,000 choices; χ² tests: p ≥ ${smallestTail.toFixed(2)}.`,
    value: { title: "share of choices", format: ".0%" },
    published: "softmax",
  },
);

// %% [markdown]
// ### Your twenty choices, fitted
//
// One risk aversion γ and one λ for all four lotteries: the likelihood multiplies the probabilities of everything
// you clicked. Nothing needs to be climbed here; two parameters fit on a grid. **Turn it**: the ridge is narrow in
// γ, and open towards large λ, for twenty answers can hardly tell a careful person from a very careful one.

// %%
const sharpness = Array.from({ length: 25 }, (_, k) => 2 ** (1 + k / 4)); // 2 … 128
const gammas = Array.from({ length: 71 }, (_, k) => -0.5 + k / 20);
const wide = fitRiskAversion(yours, { sensitivities: sharpness, grid: gammas });
const logPosterior = wide.joint.map((row) => [...row].map(Math.log));
const peak = Math.max(...logPosterior.flat());
surface(
  logPosterior.map((row) => row.map((value) => Math.max(-12, value - peak))),
  {
    title: "How well each γ and λ explain the twenty choices",
    caption: "Cut off at −12. Drag to turn, scroll to zoom.",
    xs: gammas,
    ys: sharpness.map(Math.log2),
    x: "risk aversion γ",
    y: "log₂ λ, sharpness of sight",
    z: "log-likelihood (nats below the best)",
  },
);

// %%
const upTo = (i: number) => yours.filter((answer) => answer.lottery <= i);
const stages = yourLotteries.map((_, i) => fitRiskAversion(upTo(i)));
const you = stages[3];
const oneDigit = (x: number) => x.toFixed(1).replace("-", "−");
lineChart(
  Object.fromEntries(
    stages.map(({ posterior }, i) => [`${5 * (i + 1)} choices`, posterior]),
  ),
  {
    title: "What the choices say about γ",
    caption: `Choices by ${answeredBy}; flat prior, after one to four lotteries.`,
    at: you.grid,
    x: "risk aversion γ",
    y: "posterior probability (per step of 0.05)",
  },
);

// %%
const worthToYou = certaintyEquivalentUnder(even100, crra(you.mean));
const range = `from ${oneDigit(you.low)} to ${oneDigit(you.high)}`;
console.log(`By ${answeredBy}: γ about ${oneDigit(you.mean)}, ${range} (95 %).`);
console.log(
  `100 € or 10 €, 55 € on average, is then worth ${worthToYou.toFixed(0)} €.`,
);

// %% [markdown]
// One decimal and an interval: that is what twenty clicks can carry. A γ of 0 does not mind risk, 1 is Bernoulli's
// logarithm.
//
// Did you notice that two of the four lotteries were for four times the money? That is on purpose. At one stake,
// *every* family of utilities can explain you. CRRA says that at four times the stake you choose the same shares;
// CARA says that you become more careful. Only a question at both stakes can tell.

// %%
const absolutes = Array.from({ length: 71 }, (_, k) => -0.01 + 0.001 * k); // 1/€
const asCara = fitRiskAversion(yours, { family: cara, grid: absolutes });
const times = Math.exp(Math.abs(you.logLikelihood - asCara.logLikelihood));
const better = you.logLikelihood > asCara.logLikelihood ? "CRRA" : "CARA";
console.log(`${better} explains the twenty choices (by ${answeredBy}) better,`);
console.log(`by a factor of ${times.toPrecision(2)} in likelihood.`);

// %% [markdown]
// Below a factor of 10 or so, call it undecided.
//
// ## 6 · Build it
//
// **Your turn.** The exercise notebook
// [`exercises/release/01-utility`](../exercises/release/01-utility/01-utility.ipynb) leaves four functions of this
// lesson open: the CRRA utility, the certainty equivalent, the log-likelihood of a person's choices, and the
// choice by Gumbel noise. `check` shows a counterexample when something is wrong, `hint` helps three times.
//
// ## 7 · Probe: answers known exactly
//
// Back to St Petersburg. With $u=\log$ the expected utility is $\sum_k 2^{-k}\,k\log 2=2\log 2$, so the game is
// worth exactly $e^{2\log2}=4$ ducats to Bernoulli, infinite mean or not. And somebody who never errs must be
// found out by twenty halvings, whatever their γ.

// %%
const throws = Array.from({ length: 60 }, (_, k) => k + 1);
const rest = 2 ** -60; // what is left goes to the last throw
const petersburg = gamble(
  throws.map((k) => 2 ** k),
  throws.map((k) => (k === 60 ? 2 ** -60 + rest : 2 ** -k)),
);
const bernoulli = certaintyEquivalentUnder(petersburg, crra(1));
console.log(`Sixty throws: mean ${expectedValue(petersburg).toFixed(0)} ducats,`);
console.log(`worth under the logarithm ${bernoulli.toFixed(12)} ducats.`);

// %%
const noiseFree = [0.1, 0.5, 0.9, 1.3].map((gamma) => {
  const searches = yourLotteries.map((risk) => new Bisection(risk));
  for (const search of searches) {
    const worth = certaintyEquivalentUnder(search.gamble, crra(gamma));
    for (let k = 0; k < 5; k++) search.answer(worth > search.question.sure);
  }
  const fit = fitRiskAversion(searches.flatMap((search) => search.answers));
  return { gamma, found: fit.mostLikely, low: fit.low, high: fit.high };
});
table(noiseFree, {
  caption: "Somebody who never errs, after twenty choices",
  columns: {
    gamma: { title: "true γ", digits: 2 },
    found: { title: "most likely γ", digits: 2 },
    low: { title: "from", digits: 2 },
    high: { title: "to (95 %)", digits: 2 },
  },
});

// %% [markdown]
// ## 8 · Experiments
//
// ### St Petersburg, a million times
//
// Twenty-one series of a million games each. We follow the mean of the games so far, and draw the middle of the
// series and their middle half, since a few of them are off the page. This was your prediction **a**.

// %%
const marks = [100, 1000, 10_000, 100_000, 1_000_000];
const seriesMeans: number[][] = [];
for (let run = 0; run < 21; run++) {
  const rng = new Rng(run);
  const means: number[] = [];
  let [total, games] = [0, 0];
  for (const mark of marks) {
    for (; games < mark; games++) total += stPetersburg(rng);
    means.push(total / mark);
  }
  seriesMeans.push(means);
  await tick();
}
const across = (q: number) =>
  marks.map((_, m) =>
    quantile(
      seriesMeans.map((means) => means[m]),
      q,
    ),
  );

// %%
const largest = Math.max(...seriesMeans.flat()).toFixed(0);
bandChart(
  { "21 series": { mean: across(0.5), low: across(0.25), high: across(0.75) } },
  {
    title: "The mean of n games does not settle",
    caption: `Median and middle half of them; the largest mean was ${largest} ducats.`,
    at: marks,
    x: { title: "games n", log: true },
    y: { title: "mean payout of the games so far", unit: "ducats", zero: true },
    reference: { x: marks, y: marks.map(Math.log2), label: "log₂ n" },
  },
);

// %% [markdown]
// The law of large numbers needs a mean to settle at, and here is none: the typical mean creeps upwards with
// $\log_2 n$ for ever, a step behind the jackpots that come ever more rarely. Practical moral for reinforcement
// learning: a mean of returns with heavy tails is no estimate. Look at the median too.
//
// ### Fit every answer, not only the last
//
// A bisection forgets its path: one slip early on, and the true sum is cut off for good. The likelihood keeps all
// answers and can say “that one was a slip”. Same people, same clicks, two ways to read them.

// %%
const lotteries = [
  ...yourLotteries,
  gamble([100, 20], [0.5, 0.5]),
  gamble([90, 10], [0.6, 0.4]),
];
function bisected(gamma: number, noise: typeof careful, rng: Rng): Bisection[] {
  return lotteries.map((risk) => {
    const search = new Bisection(risk);
    for (let k = 0; k < 5; k++) {
      const p = gambleProbability(search.question, crra(gamma), noise);
      search.answer(rng.bernoulli(p));
    }
    return search;
  });
}

// %%
const hurried = { sensitivity: 10, slips: 0.04 };
const misses = { careful, hurried } as const;
const readings = Object.entries(misses).flatMap(([name, noise]) => {
  const pairs = Array.from({ length: crowd }, (_, seed) => {
    const rng = new Rng(`${name} ${seed}`);
    const gamma = 1.5 * rng.uniform();
    const searches = bisected(gamma, noise, rng);
    const { mostLikely } = fitRiskAversion(searches.flatMap((s) => s.answers));
    return [riskAversionOfEndPoints(searches) - gamma, mostLikely - gamma];
  });
  return ["end points only", "all thirty answers"].map((label, i) => {
    const { mean: value, low, high } = meanInterval(pairs.map((e) => Math.abs(e[i])));
    return { label, group: `${name} people`, value, low, high };
  });
});
dotChart(readings, {
  title: "The same clicks, read in two ways",
  caption: `Mean and 95 % interval over ${crowd} simulated people of each kind.`,
  value: "mean error of γ",
});

// %% [markdown]
// ### Which question next?
//
// Thirty answers are many. Which questions teach most? We compare halving, questions drawn at random, and the
// **most informative** one: the question whose answer, before we hear it, is expected to reduce our uncertainty
// most,
//
// $$I=H\big(\mathbb E[p]\big)-\mathbb E\big[H(p)\big],\qquad H(p)=-p\log p-(1-p)\log(1-p),$$
//
// with the mean over what we believe (Lindley 1956 [7]). Large where *we* are unsure and each possible person
// would be sure. All three are read by the same fit with the same prior belief, γ = 0.7 ± 0.7.

// %%
const steps = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const candidates = lotteries.flatMap((risk) => {
  const [high, low] = risk.outcomes;
  return steps.map((k) => ({ gamble: risk, sure: low + (k / 10) * (high - low) }));
});
const belief = { logPrior: (gamma: number) => -0.5 * ((gamma - 0.7) / 0.7) ** 2 };
type Strategy = (answers: RiskAnswer[], rng: Rng) => RiskQuestion;
const strategies: Record<string, Strategy> = {
  "at random": (_, rng) => candidates[rng.integer(candidates.length)],
  bisection: (answers) => {
    const done = answers.length - (answers.length % 5); // five on each lottery
    const search = new Bisection(lotteries[(done / 5) % lotteries.length]);
    for (const { tookGamble } of answers.slice(done)) search.answer(tookGamble);
    return search.question;
  },
  "most informative": (answers) =>
    mostInformativeQuestion(fitRiskAversion(answers, belief), candidates),
};

// %%
const asked = [1, 3, 5, 10, 15, 20];
function errorsOf(choose: Strategy, seed: number): number[] {
  const rng = new Rng(seed);
  const gamma = 1.5 * rng.uniform();
  const answers: RiskAnswer[] = [];
  const errors: number[] = [];
  while (answers.length < 20) {
    const question = answers.length === 0 ? candidates[4] : choose(answers, rng);
    const p = gambleProbability(question, crra(gamma), careful);
    answers.push({ ...question, tookGamble: rng.bernoulli(p) });
    if (asked.includes(answers.length))
      errors.push(Math.abs(fitRiskAversion(answers, belief).mean - gamma));
  }
  return errors;
}

// %%
const races: Record<string, number[][]> = {};
const bar = progress(3 * people, { label: "Asking", unit: "people" });
for (const [name, choose] of Object.entries(strategies)) {
  races[name] = [];
  for (let seed = 0; seed < people; seed++) {
    races[name].push(errorsOf(choose, seed));
    bar.step();
    await tick();
  }
}
bar.finish();

// %%
bandChart(races, {
  title: "What to ask next",
  caption: `Careful people, γ from 0 to 1.5; mean and 95 % band over ${people} of them.`,
  at: asked,
  x: "questions asked",
  y: { title: "mean error of γ", domain: [0, 0.5] },
});

// %% [markdown]
// Choosing the question pays, and halving is a good plan already; random questions are dear. The gain over halving
// is clear around five questions and small after. Do not promise anybody half the clicks: the prior belief
// here is close to the truth about these people, which flatters every curve. Lesson 17 comes back to the price of
// a question.
//
// ### Two choices that no utility explains
//
// Maurice Allais objected to independence with a pair of choices like the two you made at the beginning [8]; yours
// are Kahneman and Tversky's version [9]. Look again. A is C with a further 2,400 € of probability 0.66, and B is
// D with the very same addition. Independence says that what is added to both sides must not matter. In a formula,
//
// $$\mathbb E u(B)-\mathbb E u(A)=0.33\,u(2500)+0.01\,u(0)-0.34\,u(2400)=\mathbb E u(D)-\mathbb E u(C).$$
//
// The same number decides both. Who takes A must take C.

// %%
const u88 = crra(0.12); // u = x^0.88, up to its unit
const difference = (a: Gamble, b: Gamble, value: (risk: Gamble) => number) =>
  value(a) - value(b);
const byUtility = (risk: Gamble) => 0.88 * expectedUtility(risk, u88);
const differences = [byUtility, (risk: Gamble) => prospectTheoryValue(risk)].map(
  (value) => ({
    first: difference(B, A, value),
    second: difference(D, C, value),
  }),
);

// %%
table(
  differences.map((pair, i) => ({
    theory: ["expected utility, u = x^0.88", "prospect theory"][i],
    ...pair,
  })),
  {
    caption: "How much better the riskier one is",
    columns: {
      theory: "theory",
      first: { title: "B − A", digits: 3 },
      second: { title: "D − C", digits: 3 },
    },
  },
);

// %%
const letters = [firstChoice, secondChoice].map(({ preference }, i) =>
  preference === 1 ? "AC"[i] : preference === 0 ? "BD"[i] : "neither",
);
const known = letters.every((letter) => letter !== "neither");
const consistent = ["AC", "BD"].includes(letters.join(""));
const who = twoChoices.answeredBy === "person" ? "You" : "The stand-in";
console.log(
  `${who} chose ${letters.join(" and ")}:`,
  known
    ? `${consistent ? "as" : "not as"} expected utility has it.`
    : "one of the two was left open.",
);

// %% [markdown]
// If you chose A and D, you are in good company: of Kahneman and Tversky's 72 people 82 % chose A, 83 % D (your
// prediction **c**), and 61 % both.
//
// “They erred” is no way out. Let people obey expected utility and err as much as you like: if the same difference
// decides both, the chance of A is $p$ and of D is $1-p$, and $p(1-p)\le\frac14$. Here are groups of 72 simulated
// people, from sharp-sighted (left) to blind (right).

// %%
const blurs = [1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300];
const both = ({ first, second }: (typeof differences)[0], blur: number) =>
  (1 - sigmoid(first / blur)) * sigmoid(second / blur);
const groups = differences.map((pair, theory) =>
  Array.from({ length: 20 }, (_, seed) => {
    const rng = new Rng(`${theory} ${seed}`);
    return blurs.map((blur) => rng.binomial(72, both(pair, blur)) / 72);
  }),
);

// %%
bandChart(
  { "expected utility": groups[0], "prospect theory": groups[1] },
  {
    title: "Who chooses A and D",
    caption: "Mean and 95 % band over 20 groups of 72 simulated people.",
    at: blurs,
    x: { title: "noise of the choice (units of value)", log: true },
    y: {
      title: "share of a group that chooses A and D",
      format: ".0%",
      domain: [0, 1],
    },
    reference: [
      { y: 0.61, label: "Kahneman & Tversky 1979: 61 %" },
      { y: 0.25, label: "most that noise can do: 25 %" },
    ],
  },
);

// %% [markdown]
// Noise alone never gets there. Prospect theory does: the step from 100 % to 99 % weighs more than the one from 34
// % to 33 %. It is not right in everything: with one noise for both choices it gives fewer than the published 83 %
// for D.
//
// Two choices may be an accident. Kahneman and Tversky published more; here are twelve, with gains and losses. For
// each, which of the two options did most people take, and who foretells it?

// %%
const published = loadTable("kahneman-tversky-1979");
const numbers = (text: string) => text.split(";").map(Number);
const options = published.strings("outcomes").map((outcomes, row) => ({
  problem: published.strings("problem")[row],
  risk: gamble(numbers(outcomes), numbers(published.strings("probabilities")[row])),
  share: published.numbers("share")[row],
}));
const utilityBentAtZero = ({ outcomes, probabilities }: Gamble) =>
  outcomes.reduce(
    (eu, x, k) => eu + probabilities[k] * Math.sign(x) * Math.abs(x) ** 0.88,
    0,
  );
const gambleInWords = ({ outcomes, probabilities }: Gamble) =>
  outcomes
    .flatMap((x, k) =>
      x === 0
        ? []
        : [`${x} (${Number((100 * probabilities[k]).toFixed(1))} %)`.replace("-", "−")],
    )
    .join(", ");

// %%
const problems = Array.from({ length: 12 }, (_, i) => {
  const [first, second] = options.slice(2 * i, 2 * i + 2);
  const verdict = (value: (risk: Gamble) => number) => {
    const gap = value(first.risk) - value(second.risk);
    return gap === 0 ? "no word" : gap > 0 === first.share > 50 ? "right" : "wrong";
  };
  return {
    problem: first.problem,
    first: gambleInWords(first.risk),
    second: gambleInWords(second.risk),
    share: first.share,
    mean: verdict(expectedValue),
    utility: verdict(utilityBentAtZero),
    prospect: verdict((risk) => prospectTheoryValue(risk)),
  };
});

// %%
table(problems, {
  caption: "What most people chose, and who foretells it",
  columns: {
    problem: "problem",
    first: "this (sums in Israeli pounds)",
    second: "or this",
    share: { title: "took the first (%)", digits: 0 },
    mean: "mean",
    utility: "utility",
    prospect: "prospect theory",
  },
});

// %% [markdown]
// “Utility” is $\pm|x|^{0.88}$, bent at zero as prospect theory's value is; what differs are the weights of the
// probabilities. Utility gets five of twelve, prospect theory ten, with parameters that were fitted to *other*
// people thirteen years later. The price is independence, and with it the theorem: its value of a gamble is not
// the mean of anything.
//
// Why should this trouble somebody who trains language models? Because the data are people's choices, the model
// fitted to them is an expected utility, and the difference between the two is not noise that averages out. It has
// the same sign in most people.
//
// ### Noise and the odd one out
//
// The softmax has a property that one may take for granted and should not. The odds of two options, $e^{u_1-u_2}$,
// do not depend on what else is on offer: **independence of irrelevant alternatives**. Add a third option and
// count again, once with Gumbel noise and once with normal noise of the same variance.

// %%
const logOddsShift = (choose: typeof gumbelChoice, rng: Rng) => {
  const logOdds = (offer: number[]) => {
    const chosen = offer.map(() => 0);
    for (let n = 0; n < draws; n++) chosen[choose(offer, rng)] += 1;
    return Math.log(chosen[0] / chosen[1]);
  };
  return logOdds([1, 0.5, 0, -0.5, -1.5]) - logOdds([1, 0.5]);
};
const shifts = { "Gumbel noise": gumbelChoice, "normal noise": normalChoice };
const shiftRows = Object.entries(shifts).map(([label, choose]) => {
  const seeds = [0, 1, 2, 3, 4].map((seed) => logOddsShift(choose, new Rng(seed)));
  const { mean: value, low, high } = meanInterval(seeds);
  return { label, value, low, high };
});

// %%
dotChart(shiftRows, {
  title: "Three more options: what becomes of the odds of the first two?",
  caption: "Mean and 95 % interval of five runs of 100,000 choices.",
  value: "shift of the log-odds of the first against the second (nats)",
  reference: { x: 0, label: "none" },
});

// %% [markdown]
// So the softmax is an assumption about *people*: that their noise is Gumbel, independent from option to option.
// Two nearly equal answers of a language model break it; whoever likes one likes the other. Where only pairs are
// ever compared one cannot see it, which is a reason why comparisons of pairs are asked.
//
// ### What is an answer worth?
//
// Asking costs time. An answer is worth something only if it may change what you do (Howard 1966 [10]). Say you
// must choose one of four replies for a person. You believe of their utilities: *sound* 1.0 ± 0.3, *solid* 0.9 ±
// 0.3, *dull* 0 ± 0.2, *daring* 0 ± 1. You may ask them one comparison. Which two replies? Guess before you look.

// %%
const replies = ["sound", "solid", "dull", "daring"];
const beliefs = [1, 0.9, 0, 0].map((m, i) => ({ m, sd: [0.3, 0.3, 0.2, 1][i] }));
const imagined = new Rng("beliefs");
const drawn = Array.from({ length: 20_000 }, () =>
  beliefs.map(({ m, sd }) => m + sd * imagined.normal()),
);

// %%
heatmap(
  replies.map((_, a) =>
    replies.map((_, b) => (a === b ? 0 : valueOfQuery(drawn, a, b, 4))),
  ),
  {
    title: "What one comparison is worth",
    caption: "Expected gain of utility.",
    rows: replies,
    columns: replies,
    x: "compared with",
    y: "reply",
    value: { title: "value (utility)", format: ".3f" },
    text: true,
  },
);

// %% [markdown]
// The two favourites, and nearly as well *sound* against *daring*, which is very uncertain and might be best.
// *Dull* against *daring* is worth nothing at all, although one knows little about it: whatever the answer, you
// would still give *sound*. Uncertainty alone is no reason to ask.
//
// ## 9 · Break it
//
// **Ask a blind person.** Let λ go to 0. What does the fit say about somebody who throws a coin for every answer?

// %%
function ninetyThrows(seed: number): RiskAnswer[] {
  const coin = new Rng(seed);
  return [...lotteries, ...lotteries, ...lotteries].flatMap((risk) => {
    const search = new Bisection(risk);
    for (let k = 0; k < 5; k++) search.answer(coin.bernoulli(0.5));
    return search.answers;
  });
}
const asPerson = [0, 1, 2, 3, 4, 5].map((seed) => fitRiskAversion(ninetyThrows(seed)));
const interval = ({ mean: value, low, high }: RiskFit) => ({ value, low, high });
const asBlind = fitRiskAversion(ninetyThrows(0), { sensitivities: [0.01], ...belief });

// %%
const blindRow = { label: "coin 1, known to be blind", ...interval(asBlind) };
dotChart(
  [
    ...asPerson.map((fit, i) => ({ label: `coin ${i + 1}`, ...interval(fit) })),
    blindRow,
  ],
  {
    title: "The risk aversion of six coins",
    caption: "Ninety throws each; posterior mean and 95 % interval.",
    value: "risk aversion γ",
  },
);

// %% [markdown]
// Told that the answers mean nothing, the fit gives back the prior, as it should. Not told (it was allowed λ from
// 5 to 40), it finds a taste in every coin, with intervals so narrow that some exclude each other. **An interval
// is as good as the model of the person**: a wrong belief about the noise becomes a fact about the taste.
//
// **One slip, at the worst place.** Somebody with γ = 0.5 never errs but in the very first answer of each halving.

// %%
const slipped = lotteries.map((risk) => {
  const search = new Bisection(risk);
  const worth = certaintyEquivalentUnder(risk, crra(0.5));
  for (let k = 0; k < 5; k++)
    search.answer(
      k === 0 ? worth <= search.question.sure : worth > search.question.sure,
    );
  return search;
});
const slippedAnswers = slipped.flatMap((search) => search.answers);
const slippedFit = fitRiskAversion(slippedAnswers);
console.log(`End points: γ = ${oneDigit(riskAversionOfEndPoints(slipped))};`);
const slippedRange = `from ${oneDigit(slippedFit.low)} to ${oneDigit(slippedFit.high)}`;
console.log(`all answers: γ = ${oneDigit(slippedFit.mean)}, ${slippedRange}.`);

// %% [markdown]
// Read by its end points, the person is another one: the true sum was cut off at once, and they say so with full
// confidence. The likelihood sees that all later answers lie at one edge, suspects an error, and stays near 0.5
// with a wide interval. But neither can win back the questions, all of them asked on the wrong side. A plan that
// never returns to a doubt is a bad plan, however good the fit.
//
// **Add up two people.** Ada and Ben want to spend an evening together. The theorem gave each of them a utility,
// but *its unit is free*. Multiply Ben's by 3: he chooses among gambles exactly as before.

// %%
const evenings = ["concert", "cinema", "cards"];
const ada = [1, 0.6, 0];
const ben = [0, 0.5, 1];
const sumsOfTwo = [1, 3].map((unit) => evenings.map((_, o) => ada[o] + unit * ben[o]));

// %%
table(
  evenings.map((evening, o) => ({
    evening,
    ada: ada[o],
    ben: ben[o],
    once: sumsOfTwo[0][o],
    thrice: sumsOfTwo[1][o],
  })),
  {
    caption: "The sum of two utilities, before and after Ben changes his unit",
    columns: {
      evening: "evening",
      ada: { title: "Ada", digits: 1 },
      ben: { title: "Ben", digits: 1 },
      once: { title: "Ada + Ben", digits: 1 },
      thrice: { title: "Ada + 3 · Ben", digits: 1 },
    },
  },
);

// %% [markdown]
// Cinema becomes cards, and nobody changed their mind. To *add* utilities one must know whose unit is how large,
// and no choice of any single person tells. Harsanyi [11] showed in 1955 what it takes: if a group too is to obey
// the four axioms, and to be indifferent where all its members are, its utility must be a weighted sum of theirs.
// He did not say where the weights come from. A reward model fitted to everybody's labels sets them without being
// asked; how is the subject of lesson 02.
//
// ## 10 · Look back

// %%
await reveal(guessMean, median(seriesMeans.map((means) => means[4])));
await reveal(guessWorth, Math.round(worthToYou));
await reveal(guessShare, options.find(({ problem }) => problem === "2")!.share);

// %% [markdown]
// The second result is what your twenty choices imply, with the same “about” as γ itself. If your prediction is
// far from it, ask yourself which of the two is your preference: what you said, or what you did.
//
// **What to take along**
// - A utility is what consistent choice looks like. Four axioms give it; A with D breaks the fourth, independence.
// - It is fixed up to zero and unit. Ratios of differences mean something, sums over people do not by themselves.
// - Choices are noisy. Fit all of them with a model of the noise, and show the interval.
// - Softmax means Gumbel noise, and odds that do not care what else is on offer.
// - People depart from it the same way again and again, and no number of labels averages that out.
//
// **Read** Bernoulli's paper [2]: it is short and clear. Kahneman and Tversky's [9] is a pleasure.
//
// **An open question.** Somebody says one sum when asked for a worth, and acts on another when choosing. Asked
// about a gain they choose one way, about the same thing told as a loss the other. Which of them is the preference
// that an assistant should learn? Nobody has an answer that all accept.
//
// **References**
// 1. J. von Neumann, O. Morgenstern (1944). *Theory of Games and Economic Behavior*, section 3 (the proof: 2nd ed. 1947, appendix). Princeton.
// 2. D. Bernoulli (1738). Specimen theoriae novae de mensura sortis. Translated as: Exposition of a new theory on the measurement of risk. *Econometrica* 22 (1954), 23–36.
// 3. A. Tversky, D. Kahneman (1992). Advances in prospect theory: cumulative representation of uncertainty. *Journal of Risk and Uncertainty* 5, 297–323.
// 4. J. W. Pratt (1964). Risk aversion in the small and in the large. *Econometrica* 32, 122–136.
// 5. R. D. Luce (1959). *Individual Choice Behavior*. Wiley.
// 6. D. McFadden (1974). Conditional logit analysis of qualitative choice behavior. In P. Zarembka (ed.), *Frontiers in Econometrics*, 105–142. Academic Press.
// 7. D. V. Lindley (1956). On a measure of the information provided by an experiment. *Annals of Mathematical Statistics* 27, 986–1005.
// 8. M. Allais (1953). Le comportement de l'homme rationnel devant le risque. *Econometrica* 21, 503–546.
// 9. D. Kahneman, A. Tversky (1979). Prospect theory: an analysis of decision under risk. *Econometrica* 47, 263–291.
// 10. R. A. Howard (1966). Information value theory. *IEEE Transactions on Systems Science and Cybernetics* 2, 22–26.
// 11. J. C. Harsanyi (1955). Cardinal welfare, individualistic ethics, and interpersonal comparisons of utility. *Journal of Political Economy* 63, 309–321.
// 12. K. J. Arrow (1965). *Aspects of the Theory of Risk-Bearing*. Yrjö Jahnssonin Säätiö, Helsinki.
