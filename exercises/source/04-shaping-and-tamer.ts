// %% [markdown] locked="title"
// # Exercise 04: a reward by hand
//
// Four short functions, none longer than ten lines, and two questions to answer in words. When they are
// done, a walker finds its way by a potential that you wrote, and a dot learns from presses that come
// too late.
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
hint("tamerUpdate");
solution("tamerUpdate");

// %% [markdown] locked="about-shapingReward"
// ## 1. What a step pays
//
// Every state has a potential, a height; `potentials[s]` is $\Phi(s)$. A step from $s$ to $s'$ pays
//
// $$F(s, s') = \gamma\,\Phi(s') - \Phi(s),$$
//
// and nothing that could still be worth anything comes after the end of an episode, so there $\Phi$
// counts as 0. (Ng, Harada and Russell 1999.) `terminated` says whether this step ended it.

// %% solution="shapingReward"
function shapingReward(
  potentials: number[],
  state: number,
  next: number,
  terminated: boolean,
  gamma: number,
): number {
  // BEGIN SOLUTION
  const reached = terminated ? 0 : potentials[next];
  return gamma * reached - potentials[state];
  // END SOLUTION
}

// %% test="shapingReward" points=3
await check("shapingReward", shapingReward);

// %% [markdown] locked="about-qUpdate"
// ## 2. One step of Q-learning
//
// `q[s][a]` is what action $a$ in state $s$ is thought to be worth. After a step with reward $r$,
//
// $$Q(s,a) \leftarrow Q(s,a) + \alpha\,\bigl[\,r + \gamma \max_{a'} Q(s',a') - Q(s,a)\,\bigr],$$
//
// without the value of $s'$ when the step ended the episode. (Watkins 1989.) Return a new table;
// leave `q` as it is.

// %% solution="qUpdate"
function qUpdate(
  q: number[][],
  state: number,
  action: number,
  reward: number,
  next: number,
  terminated: boolean,
  alpha: number,
  gamma: number,
): number[][] {
  // BEGIN SOLUTION
  const out = q.map((row) => [...row]);
  const future = terminated ? 0 : gamma * Math.max(...q[next]);
  out[state][action] += alpha * (reward + future - q[state][action]);
  return out;
  // END SOLUTION
}

// %% test="qUpdate" points=4
await check("qUpdate", qUpdate);

// %% [markdown] locked="about-corridor"
// ### A corridor
//
// Ten rooms in a row, and a door behind the last (its number is 10). Step left (0) or right (1);
// only the door pays. With your two functions, how many steps does the first walk to the door take,
// with and without a potential? Fifty walkers each. What happens with `rising` times ten, and with
// its sign turned?

// %% locked="corridor"
function firstWalk(potentials: number[], seed: number): number {
  const door = potentials.length - 1;
  let q = potentials.map(() => [0, 0]);
  let state = 0;
  let dice = seed;
  for (let steps = 1; steps < 2000; steps++) {
    dice = (48271 * dice) % 2147483647; // a small generator of random numbers
    const unsure = q[state][0] === q[state][1] || dice % 10 === 0;
    const better = q[state][1] > q[state][0] ? 1 : 0;
    const action = unsure ? Math.floor(dice / 10) % 2 : better;
    const next = Math.max(0, state + (action === 1 ? 1 : -1));
    const over = next === door;
    const reward = (over ? 1 : 0) + shapingReward(potentials, state, next, over, 0.99);
    q = qUpdate(q, state, action, reward, next, over, 0.5, 0.99);
    if (over) return steps;
    state = next;
  }
  return 2000;
}

// %%
const flat = Array.from({ length: 11 }, () => 0);
const rising = flat.map((_, room) => room / 10);
const walkers = Array.from({ length: 50 }, (_, i) => 7919 * (i + 1));
for (const [name, potentials] of Object.entries({ flat, rising })) {
  const lengths = walkers.map((seed) => firstWalk(potentials, seed));
  const mean = lengths.reduce((sum, steps) => sum + steps, 0) / lengths.length;
  console.log(`${name}: ${mean.toFixed(1)} steps to the door, the first time`);
}

// %% [markdown] locked="about-pressCredit"
// ## 3. What was that press about?
//
// A key goes down at `time`. The person saw something between `high` and `low` milliseconds before,
// every delay in between as likely as another. Step $k$ was on the screen from `starts[k]` to
// `ends[k]`. Its credit is the probability that the press is about it: the share of the window
// $[\,t - \text{high},\ t - \text{low}\,]$ that it fills. (Knox and Stone 2009.)

// %% solution="pressCredit"
function pressCredit(
  time: number,
  starts: number[],
  ends: number[],
  low: number,
  high: number,
): number[] {
  // BEGIN SOLUTION
  return starts.map((start, k) => {
    const overlap = Math.min(ends[k], time - low) - Math.max(start, time - high);
    return Math.max(0, overlap) / (high - low);
  });
  // END SOLUTION
}

// %% test="pressCredit" points=4
await check("pressCredit", pressCredit);

// %% [markdown] locked="about-tamerUpdate"
// ## 4. What TAMER learns from it
//
// The model of the person is linear, one weight vector for each action:
// $\hat H(s, a) = \sum_i w_{a,i}\,\varphi_i(s)$. For each step $k$ in the window you are given its
// features `features[k]`, its action `actions[k]` and its credit `credits[k]`. The press is $h$, 1 or
// −1. One step of size $\alpha$ down the gradient of
//
// $$L = \tfrac12 \sum_k c_k\,\bigl(h - \hat H(s_k, a_k)\bigr)^2 .$$
//
// All $\hat H$ are those of the weights as they came in. Return new weights; leave the old ones.

// %% solution="tamerUpdate"
function tamerUpdate(
  weights: number[][],
  features: number[][],
  actions: number[],
  credits: number[],
  press: number,
  alpha: number,
): number[][] {
  // BEGIN SOLUTION
  const out = weights.map((row) => [...row]);
  features.forEach((phi, k) => {
    const old = weights[actions[k]];
    const expected = phi.reduce((sum, x, i) => sum + x * old[i], 0);
    phi.forEach((x, i) => {
      out[actions[k]][i] += alpha * credits[k] * (press - expected) * x;
    });
  });
  return out;
  // END SOLUTION
}

// %% test="tamerUpdate" points=5
await check("tamerUpdate", tamerUpdate);

// %% [markdown] locked="about-vacuum"
// ## 5. In your own words: the vacuum cleaner
//
// A robot vacuum cleaner gets +1 for every crumb that it picks up. It can also empty its box onto the
// carpet. What will a good learner do, and why? Write down a potential-based reward that praises
// cleaning and has no such loophole, and say what happens to it when the box is emptied.

// %% [markdown] question="vacuum" points=3
// BEGIN SOLUTION
// It will empty the box and pick the crumbs up again, for ever: the loop pays +1 for each crumb and
// costs nothing, like the bicycle's circle. Take $\Phi = -(\text{crumbs on the carpet})$ and pay
// $\gamma\Phi(s') - \Phi(s)$. Picking up a crumb pays about +1, emptying the box charges about −1 for
// each crumb that falls out, and a round trip pays nothing (with $\gamma < 1$ a little less), so the
// best behaviour is that of the task's own reward. After the end $\Phi$ counts as 0.
// END SOLUTION

// %% [markdown] locked="about-trainers"
// ## 6. In your own words: two trainers
//
// Ann presses + when the dot comes nearer and − when it does not. Bea presses + when it comes nearer
// and nothing otherwise. Suppose somebody adds the presses up as rewards, with a discount near 1,
// instead of learning a model of them. For whose presses is that harmless, for whose is it not, and what
// does TAMER do about it?

// %% [markdown] question="trainers" points=3
// BEGIN SOLUTION
// Ann's presses are nearly the differences of a potential (minus the distance): a step away takes back
// what a step nearer gave, so no loop pays. Bea's are the bicycle's bonus: stepping away costs nothing and
// coming nearer again pays, so circling beats arriving once the discount is above about 0.62. TAMER does
// not add up: it learns what would be said to each action and takes the one that would be liked best
// now, a discount of 0, and both trainers teach it the same.
// END SOLUTION
