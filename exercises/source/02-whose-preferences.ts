// %% [markdown] locked="title"
// # Exercise 02: four rules by hand
//
// Four short functions, none longer than fifteen lines, and one question to answer in words. When
// they are done you will have found Condorcet's winner, counted Borda's points, ranked by Kemeny's rule, and
// weighed a plan as Nash did.
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
hint("nashGain");
solution("nashGain");

// %% [markdown] locked="about-condorcetChoice"
// ## 1. Who beats everybody?
//
// A **ballot** ranks the options $0, \dots, m-1$, best first: `[2, 0, 1]` puts option 2 before 0 before 1. Option $i$ beats
// $j$ when it stands before $j$ on **more than half** of the ballots. Return the option that beats every other, or $-1$
// where there is none.

// %% solution="condorcetChoice"
function condorcetChoice(ballots: number[][]): number {
  // BEGIN SOLUTION
  const options = ballots[0].map((_, i) => i);
  const beats = (i: number, j: number) =>
    2 * ballots.filter((ballot) => ballot.indexOf(i) < ballot.indexOf(j)).length > ballots.length;
  return options.findIndex((i) => options.every((j) => j === i || beats(i, j)));
  // END SOLUTION
}

// %% test="condorcetChoice" points=4
await check("condorcetChoice", condorcetChoice);

// %% [markdown] locked="about-bordaPoints"
// ## 2. Points for places
//
// Borda: with $m$ options a first place is worth $m-1$ points, a second $m-2$, the last 0. Return the points of each option, in
// the order of the options. A reward model fitted to the labels of people who are not told apart puts replies in
// the order of these points.

// %% solution="bordaPoints"
function bordaPoints(ballots: number[][]): number[] {
  // BEGIN SOLUTION
  const m = ballots[0].length;
  const points = Array.from({ length: m }, () => 0);
  for (const ballot of ballots) {
    ballot.forEach((option, place) => (points[option] += m - 1 - place));
  }
  return points;
  // END SOLUTION
}

// %% test="bordaPoints" points=4
await check("bordaPoints", bordaPoints);

// %% [markdown] locked="about-contradictions"
// ## 3. How much does a ranking contradict people?
//
// Count, over all ballots and all pairs of options, how often a ballot has the pair in the other order than `ranking`. Kemeny's rule
// takes the ranking with the smallest count.

// %% solution="contradictions"
function contradictions(ranking: number[], ballots: number[][]): number {
  // BEGIN SOLUTION
  let count = 0;
  for (const ballot of ballots) {
    for (let k = 0; k < ranking.length; k++) {
      for (let l = k + 1; l < ranking.length; l++) {
        if (ballot.indexOf(ranking[k]) > ballot.indexOf(ranking[l])) count += 1;
      }
    }
  }
  return count;
  // END SOLUTION
}

// %% test="contradictions" points=4
await check("contradictions", contradictions);

// %% [markdown] locked="about-election"
// ### An election
//
// Nineteen people, three options. Who wins, by three rules of your own?

// %%
const order = (names: string, people: number) =>
  Array.from({ length: people }, () => [...names].map((name) => "abc".indexOf(name)));
const election = [...order("abc", 8), ...order("bca", 6), ...order("cba", 5)];
console.log("Condorcet:", "abc"[condorcetChoice(election)] ?? "none");
console.log("Borda:", bordaPoints(election).join(", "));
const kemeny = ["abc", "acb", "bac", "bca", "cab", "cba"]
  .map((names) => order(names, 1)[0])
  .reduce((best, ranking) =>
    contradictions(ranking, election) < contradictions(best, election) ? ranking : best,
  );
console.log("Kemeny:", kemeny.map((i) => "abc"[i]).join(" before "));

// %% [markdown] locked="about-nashGain"
// ## 4. Blind to units
//
// A plan gives kind $t$ of people, of share $s_t$, the utility $u_t$; without an agreement it has $d_t$, its `fallback`. Nash's measure of
// the plan is
//
// $$\sum_t s_t \log (u_t - d_t).$$
//
// Here every kind gains: $u_t > d_t$.

// %% solution="nashGain"
function nashGain(utilities: number[], fallback: number[], shares: number[]): number {
  // BEGIN SOLUTION
  return utilities.reduce((sum, u, t) => sum + shares[t] * Math.log(u - fallback[t]), 0);
  // END SOLUTION
}

// %% test="nashGain" points=4
await check("nashGain", nashGain);

// %% [markdown] locked="about-pot"
// ## 5. In your own words
//
// A company collects a million comparisons from annotators in two countries, of whom three quarters live in the first. It fits one reward
// model to all of them. Which rule has it chosen, without saying so? Name one property this rule lacks, say what that may
// do to the people of the second country, and what you would record or fit instead. Four or five sentences are enough.

// %% [markdown] question="pot" points=4
// BEGIN SOLUTION
// It holds an election by Borda's rule: in the limit of many labels the fitted rewards are in the order of each reply's share of won
// comparisons. Borda's rule is not independent of irrelevant alternatives: which other replies are on the menu, and how often they are
// compared, can decide between two. It counts wins and not how much they matter, so a reply that the first country
// likes a little better beats one that the second needs badly; three quarters outvote one quarter on every pair where they differ.
// I would record who answered (by a pseudonym and country), fit a model to each group, look where they disagree, and then decide openly, for instance by
// weights, by Nash's product, by the worst-off group, or by two models.
// END SOLUTION
