// %% [markdown] locked="title"
// # Exercise 01: a utility by hand
//
// Four short functions, none longer than fifteen lines, and one question to answer in words. When
// they are done you will have priced a lottery for a timid person, said how well a theory of
// somebody explains what they clicked, and chosen with noise as people do.
//
// The rules are simple. Replace the line that throws, run the cell, then run the check below it. A
// check shows a counterexample when there is one: what went in, what came out, what should have
// held. It never shows the answer.

// %% locked="imports"
import { check, hint, solution } from "rlhf";

// %% [markdown] locked="help"
// Stuck is a normal state. `hint("name")` gives the next of three hints, from a nudge to nearly
// there. `solution("name")` shows one way to write it, once a version of your own has been checked.
// Both are tried here on the last of the four functions.

// %% locked="try-help"
hint("gumbelPick");
solution("gumbelPick");

// %% [markdown] locked="about-crraUtility"
// ## 1. A bent ruler for money
//
// Constant relative risk aversion: with risk aversion $\gamma \ge 0$ and a sum $x > 0$,
//
// $$u(x) = \frac{x^{1-\gamma}}{1-\gamma} \quad (\gamma \ne 1), \qquad u(x) = \log x \quad (\gamma = 1).$$

// %% solution="crraUtility"
function crraUtility(money: number, gamma: number): number {
  // BEGIN SOLUTION
  if (gamma === 1) return Math.log(money);
  return money ** (1 - gamma) / (1 - gamma);
  // END SOLUTION
}

// %% test="crraUtility" points=3
await check("crraUtility", crraUtility);

// %% [markdown] locked="about-sureWorth"
// ## 2. What is a lottery worth?
//
// A lottery pays `outcomes[k]` with probability `probabilities[k]`. Its **certainty equivalent** is the sure
// sum with the same utility as the lottery has on average,
//
// $$u(\text{sum}) = \sum_k p_k\, u(x_k).$$
//
// Return the sum, for CRRA with risk aversion `gamma`. Leave the lists as they are.

// %% solution="sureWorth"
function sureWorth(outcomes: number[], probabilities: number[], gamma: number): number {
  // BEGIN SOLUTION
  const log = gamma === 1;
  const bend = (x: number) => (log ? Math.log(x) : x ** (1 - gamma));
  const mean = outcomes.reduce((sum, x, k) => sum + probabilities[k] * bend(x), 0);
  return log ? Math.exp(mean) : mean ** (1 / (1 - gamma));
  // END SOLUTION
}

// %% test="sureWorth" points=4
await check("sureWorth", sureWorth);

// %% [markdown] locked="about-prices"
// ### A price list
//
// 100 € or 1 €, even odds: 50.50 € on average. What is it worth to people of different γ?

// %%
for (const gamma of [0, 0.5, 1, 2]) {
  const worth = sureWorth([100, 1], [0.5, 0.5], gamma);
  console.log(`γ = ${gamma}: ${worth.toFixed(2)} €`);
}

// %% [markdown] locked="about-choicesLogLikelihood"
// ## 3. How well does a theory explain the clicks?
//
// In choice $k$ the lottery was better than the sure sum by `gains[k]` (without a unit; negative where the sum
// was better), and `took[k]` is 1 if the lottery was taken, 0 if the sum. A person of sensitivity λ and a share ε of
// slips takes the lottery with probability
//
// $$P_k = \frac{\varepsilon}{2} + (1 - \varepsilon)\, \sigma(\lambda\, g_k), \qquad \sigma(z) = \frac{1}{1 + e^{-z}}.$$
//
// Return the log-likelihood of all choices, in nats: the sum of the logarithms of the probabilities of what
// was done.

// %% solution="choicesLogLikelihood"
function choicesLogLikelihood(
  gains: number[],
  took: number[],
  sensitivity: number,
  slips: number,
): number {
  // BEGIN SOLUTION
  return gains.reduce((total, gain, k) => {
    const takes = slips / 2 + (1 - slips) / (1 + Math.exp(-sensitivity * gain));
    return total + Math.log(took[k] === 1 ? takes : 1 - takes);
  }, 0);
  // END SOLUTION
}

// %% test="choicesLogLikelihood" points=4
await check("choicesLogLikelihood", choicesLogLikelihood);

// %% [markdown] locked="about-gumbelPick"
// ## 4. Choose as people do
//
// Each option has a utility $u_i$; its momentary appeal is $u_i$ plus Gumbel noise, made of a uniform number $v_i$
// between 0 and 1 by inverting the distribution function $F(z) = e^{-e^{-z}}$. Return the **index** of the option with the largest
// appeal. (Where do the uniform numbers come from? They are given, so that the same call always gives the same choice.)

// %% solution="gumbelPick"
function gumbelPick(utilities: number[], uniforms: number[]): number {
  // BEGIN SOLUTION
  const appeal = utilities.map((u, i) => u - Math.log(-Math.log(uniforms[i])));
  return appeal.indexOf(Math.max(...appeal));
  // END SOLUTION
}

// %% test="gumbelPick" points=4
await check("gumbelPick", gumbelPick);

// %% [markdown] locked="about-units"
// ## 5. In your own words
//
// Somebody proposes to fit one utility to each of a hundred people, from their choices among gambles, and to let an assistant do what has
// the greatest *sum* of utilities. What has to be decided before one may add, and why can no choice of any single person decide
// it? Three or four sentences are enough.

// %% [markdown] question="units" points=4
// BEGIN SOLUTION
// A utility from choices is fixed only up to $\alpha u + \beta$ with $\alpha > 0$: anybody's utility may be multiplied by 10 and
// predicts the same choices. The sum weighs people by these free factors, so its best option changes with a number that
// nothing was measured of. Before adding, one must fix what a unit of each person's utility is, for instance by giving everybody's
// best and worst option the values 1 and 0; that is a decision about fairness, not a result of measurement. Fitting one common
// noise level to everybody decides it silently: then whoever answers more sharply counts more.
// END SOLUTION
