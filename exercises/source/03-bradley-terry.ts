// %% [markdown] locked="title"
// # Exercise 03: Bradley–Terry by hand
//
// Five short functions, none longer than fifteen lines, and one question to answer in words. When
// they are done you will have fitted a baseball season from its table of results alone, followed it
// one game at a time as a chess federation would, and measured how far two people agree.
//
// The rules are simple. Replace the line that throws, run the cell, then run the check below it. A
// check shows a counterexample when there is one: what went in, what came out, what should have
// held. It never shows the answer.

// %% locked="imports"
import { check, hint, solution } from "rlhf";

// %% [markdown] locked="help"
// Stuck is a normal state. `hint("name")` gives the next of three hints, from a nudge to nearly
// there. `solution("name")` shows one way to write it, once a version of your own has been checked.
// Both are tried here on the last of the five functions.

// %% locked="try-help"
hint("kappa");
solution("kappa");

// %% [markdown] locked="model"
// ## The model
//
// Item $i$ has a strength $p_i > 0$, and $\theta_i = \log p_i$ is its log-strength. In one battle
//
// $$P(i \text{ beats } j) = \frac{p_i}{p_i + p_j} = \sigma(\theta_i - \theta_j), \qquad \sigma(x) = \frac{1}{1 + e^{-x}}.$$
//
// (Zermelo 1929; Bradley and Terry 1952.) Battles are independent. A season is a table:
// `wins[i][j]` is how often $i$ beat $j$, with zeros on the diagonal. This function is given:

// %% locked="win-probability"
function winProbability(thetaI: number, thetaJ: number): number {
  return 1 / (1 + Math.exp(thetaJ - thetaI));
}

// %% [markdown] locked="about-logLikelihood"
// ## 1. How well do strengths explain a table?
//
// The log-likelihood adds up, over all battles, the logarithm of the probability that the model
// gave to what happened:
//
// $$\ell(\theta) = \sum_{i} \sum_{j} w_{ij} \log \sigma(\theta_i - \theta_j) \quad \text{(nats)}.$$
//
// Write it so that it survives strengths that are very far apart. A model that is surprised should
// say how much, not answer $-\infty$ or NaN.

// %% solution="logLikelihood"
function logLikelihood(wins: number[][], theta: number[]): number {
  // BEGIN SOLUTION
  let total = 0;
  for (let i = 0; i < wins.length; i++) {
    for (let j = 0; j < wins.length; j++) {
      const d = theta[i] - theta[j];
      total += wins[i][j] * (Math.min(d, 0) - Math.log1p(Math.exp(-Math.abs(d))));
    }
  }
  return total;
  // END SOLUTION
}

// %% test="logLikelihood" points=4
await check("logLikelihood", logLikelihood);

// %% [markdown] locked="about-logLikelihoodGradient"
// ## 2. Which way is up?
//
// The gradient has one entry for each item. With $n_{ij} = w_{ij} + w_{ji}$ battles between $i$ and
// $j$ it is as plain as a gradient can be: **what happened minus what was expected**.
//
// $$\frac{\partial \ell}{\partial \theta_i} = \sum_{j \ne i} \bigl( w_{ij} - n_{ij}\, \sigma(\theta_i - \theta_j) \bigr).$$
//
// Return a new list; leave `wins` and `theta` as they are.

// %% solution="logLikelihoodGradient"
function logLikelihoodGradient(wins: number[][], theta: number[]): number[] {
  // BEGIN SOLUTION
  return theta.map((strength, i) => {
    let surplus = 0;
    for (let j = 0; j < theta.length; j++) {
      const battles = wins[i][j] + wins[j][i];
      surplus += wins[i][j] - battles * winProbability(strength, theta[j]);
    }
    return surplus;
  });
  // END SOLUTION
}

// %% test="logLikelihoodGradient" points=4
await check("logLikelihoodGradient", logLikelihoodGradient);

// %% [markdown] locked="about-mmUpdate"
// ## 3. Climbing without a step size
//
// Following the gradient needs a step size. Zermelo's iteration, today understood as an MM
// algorithm (Hunter 2004), does not, and it never takes a step down. From the present strengths
// $p$, all at once,
//
// $$p_i' = W_i \Big/ \sum_{j \ne i} \frac{n_{ij}}{p_i + p_j}, \qquad W_i = \sum_j w_{ij},$$
//
// and then all $p'$ are divided by their geometric mean, because only ratios of strengths mean
// anything.

// %% solution="mmUpdate"
function mmUpdate(wins: number[][], strengths: number[]): number[] {
  // BEGIN SOLUTION
  const next = strengths.map((p, i) => {
    const won = wins[i].reduce((sum, count) => sum + count, 0);
    let weight = 0;
    for (let j = 0; j < strengths.length; j++) {
      if (j !== i) weight += (wins[i][j] + wins[j][i]) / (p + strengths[j]);
    }
    return won / weight;
  });
  const mean = Math.exp(next.reduce((sum, p) => sum + Math.log(p), 0) / next.length);
  return next.map((p) => p / mean);
  // END SOLUTION
}

// %% test="mmUpdate" points=4
await check("mmUpdate", mmUpdate);

// %% [markdown] locked="about-season"
// ### A season
//
// The American League East of 1987: seven teams, thirteen games between any two (Agresti,
// *Categorical Data Analysis*). Fit it with your own function. With Baltimore at 0, Agresti finds
// Milwaukee 1.58, Detroit 1.44, Toronto 1.29, New York 1.25, Boston 1.11, Cleveland 0.68.

// %% locked="season"
const teams = ["Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore"];
const season = [
  [0, 7, 9, 7, 7, 9, 11],
  [6, 0, 7, 5, 11, 9, 9],
  [4, 6, 0, 7, 7, 8, 12],
  [6, 8, 6, 0, 6, 7, 10],
  [6, 2, 6, 7, 0, 7, 12],
  [4, 4, 5, 6, 6, 0, 6],
  [2, 4, 1, 3, 1, 7, 0],
];

// %%
let strengths = teams.map(() => 1);
for (let step = 0; step < 100; step++) strengths = mmUpdate(season, strengths);
const fitted = strengths.map((p) => Math.log(p / strengths[6]));
console.log(teams.map((team, i) => `${team} ${fitted[i].toFixed(2)}`).join(", "));
console.log(`log-likelihood ${logLikelihood(season, fitted).toFixed(3)} nats`);
console.log(`largest slope ${Math.max(...logLikelihoodGradient(season, fitted).map(Math.abs))}`);

// %% [markdown] locked="about-eloUpdate"
// ## 4. One game at a time
//
// Arpad Elo's ratings are the same model on another scale, with odds of $10 : 1$ at 400 points of
// difference, and learned online: after each game a small step along the gradient of that one
// game. With score $S$ (1 for a win of the first, ½ for a draw, 0 for a loss),
//
// $$E = \frac{1}{1 + 10^{(R_\text{second} - R_\text{first})/400}}, \qquad
// R_\text{first} \mathrel{+}= K\,(S - E), \qquad R_\text{second} \mathrel{-}= K\,(S - E).$$
//
// `ratings` is a list of all players, `first` and `second` are positions in it. Return a new list.

// %% solution="eloUpdate"
function eloUpdate(
  ratings: number[],
  first: number,
  second: number,
  score: number,
  k: number,
): number[] {
  // BEGIN SOLUTION
  const expected = 1 / (1 + 10 ** ((ratings[second] - ratings[first]) / 400));
  const next = [...ratings];
  next[first] += k * (score - expected);
  next[second] -= k * (score - expected);
  return next;
  // END SOLUTION
}

// %% test="eloUpdate" points=4
await check("eloUpdate", eloUpdate);

// %% [markdown] locked="about-kappa"
// ## 5. Do two people agree?
//
// Strengths are fitted to people's judgements, so first ask whether people agree at all. If two
// annotators press "left" nearly always, they agree nearly always, and it means nothing. Cohen's
// $\kappa$ (1960) takes off what chance alone would give:
//
// $$\kappa = \frac{p_o - p_e}{1 - p_e},$$
//
// where $p_o$ is the share of items on which they agree, and $p_e$ the share on which they would
// agree if each drew labels with their own frequencies but without looking.

// %% solution="kappa"
function kappa(first: string[], second: string[]): number {
  // BEGIN SOLUTION
  const share = (labels: string[], name: string) =>
    labels.filter((label) => label === name).length / labels.length;
  const observed = first.filter((label, i) => label === second[i]).length / first.length;
  let chance = 0;
  for (const name of new Set(first)) chance += share(first, name) * share(second, name);
  return (observed - chance) / (1 - chance);
  // END SOLUTION
}

// %% test="kappa" points=4
await check("kappa", kappa);

// %% [markdown] locked="about-undefeated"
// ## 6. In your own words
//
// Suppose Milwaukee had won every one of its games. What would your fit say about it after 10, 100
// and 1000 steps of `mmUpdate`, and why? What would you report to somebody who has to rank the
// teams? Three or four sentences are enough; try it in a cell of your own if you like.

// %% [markdown] question="undefeated" points=4
// BEGIN SOLUTION
// Milwaukee's strength grows at every step and never settles: each step makes its wins a little
// more probable, so the likelihood rises with $\theta_1$ without reaching a maximum (Ford 1957:
// a finite maximum exists only if, however the teams are split into two groups, each group has
// beaten the other at least once). The other six strengths, relative to each other, settle. I would
// report that Milwaukee is above all others with no finite estimate, and rank the rest; or put a
// prior on the strengths, say so, and report the finite value that results.
// END SOLUTION
