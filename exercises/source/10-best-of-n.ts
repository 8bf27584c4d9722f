// %% [markdown] locked="title"
// # Exercise 10: the best of n, by hand
//
// Three short functions and two questions to answer in words: what best-of-n gives, exactly; what it gives, estimated from
// one pile of samples; and the curve along which it goes wrong.
//
// Replace the line that throws, run the cell, then run the check below it. A check shows a
// counterexample when there is one. It never shows the answer.

// %% locked="imports"
import { check, hint, solution } from "rlhf";

// %% [markdown] locked="help"
// `hint("name")` gives the next of three hints; `solution("name")` shows one way to write it, once a
// version of your own has been checked.

// %% locked="try-help"
hint("bestOfNPolicy");
solution("bestOfNPolicy");

// %% [markdown] locked="about-bestOfNPolicy"
// ## 1. What best-of-n gives
//
// Draw $n$ replies, keep the one with the highest reward. If $F(r)$ is the probability that one draw has a reward of at most $r$, and $F(r^-)$ that
// it has less, the best of $n$ has the reward $r$ with probability
//
// $$F(r)^n-F(r^-)^n ,$$
//
// and replies with the same reward share this in proportion to their own probabilities. Return the list of probabilities, in the order of the
// replies. The rewards are in no particular order.

// %% solution="bestOfNPolicy"
function bestOfNPolicy(probabilities: number[], rewards: number[], n: number): number[] {
  // BEGIN SOLUTION
  return probabilities.map((p, y) => {
    let below = 0;
    let equal = 0;
    for (let z = 0; z < rewards.length; z++) {
      if (rewards[z] < rewards[y]) below += probabilities[z];
      if (rewards[z] === rewards[y]) equal += probabilities[z];
    }
    return (p / equal) * ((below + equal) ** n - below ** n);
  });
  // END SOLUTION
}

// %% test="bestOfNPolicy" points=4
await check("bestOfNPolicy", bestOfNPolicy);

// %% [markdown] locked="about-pileEstimate"
// ## 2. One pile for every n
//
// To know what best-of-64 earns one could draw 64 replies many times over and throw 63 of each away. Better: draw one pile of $N$
// replies and average over *all* its subsets of $n$. No subset needs to be formed. Sort by score; the $i$-th from below is the best of
// a subset exactly if the other $n-1$ come from the $i-1$ below it:
//
// $$\sum_{i=1}^{N}\frac{\binom{i-1}{n-1}}{\binom{N}{n}}\,v_{(i)} ,$$
//
// with $v_{(i)}$ the value of the $i$-th by score (Nakano et al. 2021, appendix I). All scores differ. Piles may be large: binomial coefficients overflow,
// their ratios do not.

// %% solution="pileEstimate"
function pileEstimate(scores: number[], values: number[], n: number): number {
  // BEGIN SOLUTION
  const N = scores.length;
  const order = scores.map((_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let total = 0;
  let chance = n / N; // of the last, i = N
  for (let i = N; i >= 1; i--) {
    total += chance * values[order[i - 1]];
    if (i > 1) chance *= Math.max(0, i - n) / (i - 1);
  }
  return total;
  // END SOLUTION
}

// %% test="pileEstimate" points=4
await check("pileEstimate", pileEstimate);

// %% [markdown] locked="about-fitHump"
// ## 3. The hump
//
// Gao, Schulman and Hilton (2022) found that the gold reward gained by best-of-n follows
//
// $$R(d)=d\,(\alpha-\beta d),\qquad d=\sqrt{\mathrm{KL}} .$$
//
// Given distances $d$ and gains, return $[\alpha,\beta]$ of the least squares. Both enter linearly, so no search is needed.

// %% solution="fitHump"
function fitHump(distances: number[], gains: number[]): number[] {
  // BEGIN SOLUTION
  let [s2, s3, s4, t1, t2] = [0, 0, 0, 0, 0];
  for (let k = 0; k < distances.length; k++) {
    const [d, y] = [distances[k], gains[k]];
    s2 += d ** 2;
    s3 += d ** 3;
    s4 += d ** 4;
    t1 += d * y;
    t2 += d ** 2 * y;
  }
  const determinant = s2 * s4 - s3 ** 2;
  return [(s4 * t1 - s3 * t2) / determinant, (s3 * t1 - s2 * t2) / determinant];
  // END SOLUTION
}

// %% test="fitHump" points=3
await check("fitHump", fitHump);

// %% [markdown] locked="about-together"
// ### All three together
//
// Six replies, a gold reward, and a proxy that likes the last one far too much. Watch gold rise and fall, and your fit find the top.

// %%
const chances = [0.3, 0.25, 0.2, 0.15, 0.09, 0.01];
const gold = [0, 0.5, 1, 1.5, 2, -4];
const proxy = [0, 1, 2, 3, 4, 5];
const curve = [1, 2, 4, 8, 16, 32, 64, 128, 256].map((n) => {
  const q = bestOfNPolicy(chances, proxy, n);
  const kl = q.reduce((sum, x, y) => sum + (x > 0 ? x * Math.log(x / chances[y]) : 0), 0);
  return { n, kl, gold: q.reduce((sum, x, y) => sum + x * gold[y], 0) };
});
for (const { n, kl, gold } of curve)
  console.log(`best of ${n}: KL ${kl.toFixed(2)}, gold ${gold.toFixed(2)}`);
const moved = curve.slice(1);
const [alpha, beta] = fitHump(
  moved.map(({ kl }) => Math.sqrt(kl)),
  moved.map((point) => point.gold - curve[0].gold),
);
console.log(`the fit has its top at KL ${((alpha / (2 * beta)) ** 2).toFixed(2)}`);

// %% [markdown] locked="about-stop"
// ## 4. In your own words
//
// You run best-of-n with a learned reward model, for a product, and cannot ask a gold reward. Somebody proposes to raise $n$ from 16 to 1,024 because the
// reward model's score still rises. What do you answer, what would you measure first, and with which labels? Four or five sentences.

// %% [markdown] question="stop" points=4
// BEGIN SOLUTION
// The score of the model that one selects by always rises with n, whether or not the replies get better, so it is no argument. From 16 to 1,024
// the KL grows from 1.8 to about 5.9 nats, into replies on which the reward model has never been trained. I would draw best-of-n replies for
// n = 16, 64, 256 and 1,024 and let people compare them in pairs, blind, with those of n = 16; and I would look at what the favourites have in common (length,
// politeness, a phrase). If people's preference stops rising, I stop there; labels on those very replies would also mend the reward model where it is
// wrong.
// END SOLUTION

// %% [markdown] locked="about-kinds"
// ## 5. Which Goodhart?
//
// Two reward models are each wrong. The first gives every reply its true worth plus a random number of its own. The second gives the true worth, but
// counts every exclamation mark as a point, and ordinary replies have few. You select the best of very many by each. What happens to the true worth
// in either case, and why? Two or three sentences each.

// %% [markdown] question="kinds" points=4
// BEGIN SOLUTION
// The first is regressional: what is selected is good and lucky. The true worth goes on rising with n, only less than the score promises (by the share
// 1/(1+s²) if all is normal), and never falls. The second is extremal: among ordinary replies exclamation marks hardly matter, but at the far
// end the score is best bought with them, so the selected replies are full of exclamation marks; the true worth rises at first, while selection still works
// on what is really good, and then falls.
// END SOLUTION
