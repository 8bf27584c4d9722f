// %% [markdown]
// # 04 · Shaping and TAMER: a reward by hand
//
// A learner that is paid only at the goal wanders for a long time before it is paid at all. So one helps: a little praise on
// the way. This lesson is about what such help does. It begins with a theorem, and then it is your turn to press `+` and `−`.
//
// **The claims.** Rewards added along the way leave the best behaviour as it is, whatever the world, exactly
// when they are differences of a *potential* (Ng, Harada & Russell 1999 [1]). And a person's `+` and `−`
// are no such rewards at all: taken as *labels*, to be predicted and not to be added up, they train an agent in minutes (Knox & Stone
// 2008, 2009 [2, 3]).
//
// **Before.** In the summer of 1943, on the top floor of a flour mill, B. F. Skinner and two colleagues taught a pigeon to bowl:
// they rewarded the faintest look at the ball, then a step towards it, then a touch [4]. Skinner called it
// *shaping*. In 1998 Jette Randløv and Preben Alstrøm let a program learn to ride a bicycle to a goal, and rewarded it whenever it came
// nearer. It rode in circles, tens of metres wide: every circle comes nearer for half its length, and moving away cost nothing [5].
//
// **Since.** In 2001 an agent called Cobot learned from the rewards that hundreds of people gave it in a text world [6]. TAMER *models* what
// people say instead. With a deep network in it, fifteen minutes of a person's `+` and `−` made an agent that plays Atari's
// Bowling better than people do [7]. From there it is one step to lesson 06, where the person no longer
// judges but compares.
//
// About an hour. You need expectations, and the idea of a discounted return: a reward that comes $t$ steps later counts $\gamma^t$, for some
// $\gamma<1$.

// %%
import {
  bandChart, bestActions, budget, creditShares, denseFeatures, DotAndTarget, gridMap,
  gridWalk, Gridworld, heatmap, labels, lineChart, liveChart, mean, median, MountainCar,
  potentialShaping, predict, progress, QLearning, quantile, reveal, Rng, SarsaLambda,
  scalarFeedback, shapedModel, sideBySide, SimulatedTrainer, surface, table, Tamer, tick,
  TileCoding, valueIteration, type CreditAssignment, type ShapingReward,
  type TimeSpan, type TrainerHabits,
} from "rlhf";

// %% [markdown]
// How much the experiments below compute, and how many moves the dot makes while you train it. `RLHF_BUDGET=full` takes more seeds.

// %%
const { seeds, people, liveMoves } = budget({
  smoke: { seeds: 10, people: 20, liveMoves: 60 },
  quick: { seeds: 20, people: 40, liveMoves: 285 },
  full: { seeds: 100, people: 400, liveMoves: 285 },
});

// %% [markdown]
// ## 1 · A world with one reward
//
// A grid of ten by ten. The walker starts in the upper left corner; the flag in the lower right pays 1 and ends the walk. One step in ten
// it slips: one of the four directions is drawn at random. Everything is known, so what each square is worth can be computed exactly. The
// *value* $V^*(s)$ is the return to be expected from square $s$ if one always does the best thing; **value iteration** [8] finds it by repeating
//
// $$V(s)\;\leftarrow\;\max_a\;\sum_{s'} p(s'\mid s,a)\,\bigl[\,r+\gamma V(s')\,\bigr]$$
//
// until nothing changes: the best action's reward, plus what the next square is worth.

// %%
const gamma = 0.99;
const world = new Gridworld(); // ten by ten, 10 % slips
const away = (state: number) => world.distanceToGoal(state); // steps, 0 to 18
const solve = (shaping: ShapingReward) =>
  valueIteration(shapedModel(world, shaping), gamma);

const map = (title: string, { values, actionValues }: ReturnType<typeof solve>) =>
  gridMap(values, {
    ...{ title, rows: 10, columns: 10, goal: world.goal },
    value: { title: "V*", unit: "discounted return", format: ".2f" },
    actions: bestActions(actionValues),
  });
const plain = solve(() => 0);
map("Only the flag pays", plain);

// %% [markdown]
// Arrows are best actions; a slanting arrow means that two are equally good. For *us* this map is a signpost. A learner does not have it. It
// starts with zeros everywhere, and the first time it hears anything at all is when it stumbles over the flag.
//
// So let us help: **0.1 for every step that comes nearer to the flag**. It rewards only what is right. What could go wrong?
//
// ## 2 · Two predictions, before anything runs
//
// **a.** With the flag's 1 and this bonus of 0.1 added up, in how many of the 99 squares is the best action another than before?
//
// **b.** Below you will train a dot to run after a target, by pressing `+` and `−`, one move every 0.42 seconds. How many presses will it
// take until 26 of its last 30 moves go the right way? (Your own number of presses will stand beside the median of simulated people.)

// %%
const guessChanged = await predict(
  "In how many squares does the bonus change the best action?",
  { unit: "of 99 squares", min: 0, max: 99 },
);
const guessPresses = await predict("How many presses until the dot follows?", {
  unit: "presses",
  min: 0,
});

// %% [markdown]
// ## 3 · Potentials
//
// Why did the bicycle circle? Because a loop paid. Suppose instead that every square has a **potential** $\Phi(s)$, a height, and that
// a step from $s$ to $s'$ pays the difference:
//
// $$F(s,s')\;=\;\gamma\,\Phi(s')-\Phi(s),\qquad \Phi=0\ \text{after the end}.$$
//
// Add it up along any path $s_0,s_1,\dots,s_T$. Each potential is paid once when it is entered and charged once when it is left, at the same discount:
//
// $$\sum_{t=0}^{T-1}\gamma^t F(s_t,s_{t+1})=\sum_{t=0}^{T-1}\bigl(\gamma^{t+1}\Phi(s_{t+1})-\gamma^{t}\Phi(s_t)\bigr)=\gamma^T\Phi(s_T)-\Phi(s_0)=-\Phi(s_0).$$
//
// Whatever the walker does, it gets $-\Phi(s_0)$, *once*. There is nothing to be earned by walking one way rather than another, in circles least
// of all. So the shaped value is the old one minus a number that no action can change,
//
// $$Q^*_{\text{shaped}}(s,a)\;=\;Q^*(s,a)-\Phi(s),$$
//
// and the best $a$ stays the best. ($Q^*(s,a)$ is the value when the first action is $a$.) That is one half of Ng, Harada and Russell's
// theorem. The other half says that nothing else has this property in all worlds. Never believe a derivation you have not checked:

// %%
const phi = (state: number) => -away(state) / 18; // from −1 at the start to 0 at the flag
const random = Float64Array.from({ length: 100 }, (_, s) => new Rng(s).normal());
const nearer: ShapingReward = (s, next) => (away(next) < away(s) ? 0.1 : 0);

// %%
const before = bestActions(plain.actionValues);
const squares = [...Array(99).keys()]; // all but the flag's own
function compare(shaping: ShapingReward, potential: (s: number) => number) {
  const { actionValues: q } = solve(shaping);
  const best = bestActions(q);
  const off = (s: number, a: number) =>
    Math.abs(plain.actionValues[s][a] - q[s][a] - potential(s));
  const errors = squares.flatMap((s) => [0, 1, 2, 3].map((a) => off(s, a)));
  return {
    largest: Math.max(...errors).toPrecision(1),
    changed: squares.filter((s) => best[s].join() !== before[s].join()).length,
  };
}

// %%
const forms = {
  distance: compare(potentialShaping(phi, gamma), phi),
  nonsense: compare(
    potentialShaping((s) => random[s], gamma),
    (s) => random[s],
  ),
  bonus: compare(nearer, phi),
};

// %%
const columns = {
  added: "what is added",
  largest: "largest |Q* − (Q*shaped + Φ)|",
  changed: "squares with another best action",
};
table(
  [
    { added: "γΦ(s′) − Φ(s), Φ = −distance/18", ...forms.distance },
    { added: "the same with a random Φ", ...forms.nonsense },
    { added: "0.1 for coming nearer", ...forms.bonus },
  ],
  { caption: "Against the world in which only the flag pays", columns },
);

// %% [markdown]
// Sixteen digits for a potential, even for one that is pure nonsense. And the harmless bonus changes nearly half of all squares. Look at the three
// landscapes:

// %%
const misled = solve(nearer);
sideBySide(
  map("Only the flag pays", plain),
  map("With a potential", solve(potentialShaping(phi, gamma))),
  map("With a bonus", misled),
);

// %% [markdown]
// In the middle the landscape has been turned upside down: the far corner is now the best place to *be*, because all the praise is still to come. And
// every single arrow is as it was. On the right the landscape looks much the same as in the middle, but look at the arrows near the flag:
// they turn away from it. Follow them:

// %%
const circling = new Rng("circles");
const turns = bestActions(misled.actionValues);
const walk = [world.indexOf([0, 0])];
world.reset(circling);
for (let t = 0; t < 80; t++) {
  const [action] = circling.shuffle(turns[walk[t]]);
  const [row, column] = world.step(action).observation;
  walk.push(world.indexOf([row, column]));
}
gridWalk(walk, {
  ...{ rows: 10, columns: 10, goal: world.goal },
  title: "The best that can be done for the bonus",
  caption: `${walk.length - 1} steps of the policy that is optimal with the bonus.`,
});

// %% [markdown]
// The bicycle of 1998. This is no accident of learning: it *is* the optimal policy for what was written down. Stepping away costs nothing, coming back
// pays 0.1, and arriving would end the income.
//
// ### Does it help, though?
//
// A theorem about the best policy says nothing about how soon it is found. Let **Q-learning** [9] find out. It keeps a table of $Q(s,a)$, all zero at first, and after
// each step from $s$ to $s'$ with reward $r$ moves one entry a little way towards what it has just seen:
//
// $$Q(s,a)\;\leftarrow\;Q(s,a)+\alpha\,\bigl[\,r+\gamma\max_{a'}Q(s',a')-Q(s,a)\,\bigr].$$
//
// It takes the action that looks best, and a random one in ten steps. A walk is broken off after 500 steps.

// %%
function walkOnce(learner: QLearning, shaping: ShapingReward, rng: Rng) {
  let [row, column] = world.reset(rng);
  for (let steps = 1; ; steps++) {
    const state = world.indexOf([row, column]);
    const action = learner.choose(state, rng);
    const { observation, reward, terminated, truncated } = world.step(action);
    [row, column] = observation;
    const next = world.indexOf([row, column]);
    const felt = reward + shaping(state, next, terminated);
    learner.learn(state, action, felt, next, terminated);
    if (terminated || truncated) return steps;
  }
}

// %%
const rewards: Record<string, ShapingReward> = {
  "only the flag": () => 0,
  "+ potential": potentialShaping(phi, gamma),
  "+ bonus": nearer,
};
const walks: Record<string, number[][]> = {};
for (const [name, shaping] of Object.entries(rewards)) {
  walks[name] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const [learner, rng] = [new QLearning(100, 4), new Rng(seed)];
    walks[name].push(
      Array.from({ length: 150 }, () => walkOnce(learner, shaping, rng)),
    );
    await tick();
  }
}

// %%
/** At each place the median of all runs, and the band that holds 80 % of them. */
function spread(runs: number[][]) {
  const across = (p: number) =>
    runs[0].map((_, k) =>
      quantile(
        Float64Array.from(runs, (run) => run[k]),
        p,
      ),
    );
  return { mean: across(0.5), low: across(0.1), high: across(0.9) };
}
const fives = Array.from({ length: 30 }, (_, i) => 5 * i); // five walks are one point
const blocks = (run: number[]) => fives.map((e) => mean(run.slice(e, e + 5)));
const walkBands = Object.entries(walks).map(
  ([name, runs]) => [name, spread(runs.map(blocks))] as const,
);

// %%
bandChart(Object.fromEntries(walkBands), {
  title: "How long a walk takes while Q-learning learns",
  caption: `Five walks a point; median of ${seeds} seeds, and a band for 80 % of them.`,
  at: fives.map((e) => e + 3),
  x: "walk",
  y: { title: "length of a walk", unit: "steps", log: true, domain: [15, 600] },
  reference: { y: 18, label: "18: no detour" },
});

// %% [markdown]
// With the potential the first walks are several times shorter, and it ends where the plain learner ends. With the bonus it gets *worse* with experience:
// the better it learns, the better it circles.
//
// ## 4 · You are the human
//
// Now the praise comes from you. The blue dot moves up, right, down or left; it knows nothing. The green dot is its target, and when it is
// reached it jumps to another place. Nobody has told the dot that it should go there, and no reward says so. **You** do:
//
// - press `2` or `+` when it has just done well, `1` or `−` when not, or click the buttons;
// - pushing against the wall is not well done either: say so;
// - you need not comment on every move; be quick rather than thorough;
// - the trail turns green where your `+` went, orange where your `−` went.
//
// It takes two minutes. The dot stands still until you press **Start**. Where nobody is at the page, a simulated trainer answers: four moves in ten, one press in
// ten wrong, 0.2 to 0.8 seconds late.
//
// How does it learn? For each of its four actions the dot keeps a guess $\hat H(s,a)$ of *what you would say*: a weighted sum of three numbers, a
// constant and the direction in which the target lies. It simply does what it thinks you would like best.

// %%
const tickMs = 420; // one move
const features = ([x, y, targetX, targetY]: number[]) => {
  const far = Math.hypot(targetX - x, targetY - y) || 1;
  return denseFeatures([0.3, (targetX - x) / far, (targetY - y) / far]);
};
const shownDuring = (move: number): TimeSpan => ({
  start: move * tickMs,
  end: (move + 1) * tickMs,
});

// %%
/** A dot with its learner, and a simulated trainer who watches in case nobody else does. */
function newDot(seed: number | string, habits = {}, credit = creditShares) {
  const rng = new Rng(seed);
  const dots = new DotAndTarget();
  dots.reset(rng);
  const tamer = new Tamer(3, 4, { stepSize: 0.2, credit });
  const trainer = new SimulatedTrainer({ ...habits, rng: rng.split("trainer") });
  return { rng, dots, tamer, trainer };
}
type Dot = ReturnType<typeof newDot>;

// %%
/** One move; says whether the dot came nearer to its target. */
function move({ rng, dots, tamer, trainer }: Dot, shown: TimeSpan): boolean {
  const [phiNow, distance] = [features(dots.state), dots.distance];
  const action = tamer.choose(phiNow, rng);
  const { reward } = dots.step(action);
  const good = reward === 1 || dots.distance < distance;
  tamer.saw({ ...shown, features: phiNow, action });
  trainer.watch(good, shown);
  return good;
}

// %%
const mine = newDot("mine");
const good: boolean[] = []; // whether each move came nearer
const given: { value: number; time: number }[] = []; // every press
const task = "04-dot";
const question = "Did it just go towards the green dot?";
const curve = liveChart({
  title: "How many of the last ten moves came nearer",
  x: { title: "time", unit: "seconds" },
  y: { title: "share of moves", format: ".0%", domain: [0, 1] },
});

// %%
const { dots, tamer } = mine;
const standIn = mine.trainer;
const you = scalarFeedback({ task, question, world: "Target", glide: tickMs, standIn });
you.show(dots.state);
await you.ready();
for (let k = 1; k <= liveMoves && !you.finished; k++) {
  good.push(move(mine, shownDuring(k)));
  you.show(dots.state);
  await you.pause(tickMs);
  for (const { value, time } of you.presses(tickMs)) {
    given.push({ value, time });
    for (const { step, credit } of tamer.learn(value, time))
      you.credit(step.start / tickMs, value * credit); // colours the trail
  }
  if (k % 5 === 0)
    curve.add((k * tickMs) / 1000, { "your dot": mean(good.slice(-10).map(Number)) });
}
you.finish();
curve.finish();

// %% [markdown]
// What have you taught it? Ask the dot what you would say to each of its four moves, for a target in every direction around it.

// %%
const who = you.answeredBy === "person" ? "you" : "the stand-in";
const degrees = Array.from({ length: 73 }, (_, i) => 5 * i);
const guesses = degrees.map((angle) => {
  const radians = (angle * Math.PI) / 180;
  return tamer.model.values(features([0, 0, Math.cos(radians), Math.sin(radians)]));
});
const guessed = ["up", "right", "down", "left"].map(
  (name, a) => [name, guesses.map((h) => h[a])] as const,
);

// %%
lineChart(Object.fromEntries(guessed), {
  title: "What it thinks you would say",
  caption: `After ${given.length} presses by ${who}. It does what stands highest.`,
  at: degrees,
  x: {
    title: "target lies",
    unit: "degrees: 0 right, 90 up, 180 left",
    domain: [0, 360],
  },
  y: "Ĥ (+1 is praise, −1 blame)",
  points: false,
});

// %% [markdown]
// Each curve should stand highest where its move is the right one: *right* near 0 and 360, *up* near 90, *left* near 180, *down* near 270. Is yours
// good? Compare it with simulated people who train the same dot in the same way, each for two minutes.

// %%
const twoMinutes = 285; // moves
function trainedBy(seed: number, habits?: TrainerHabits, credit?: CreditAssignment) {
  const other = newDot(seed, habits, credit);
  const presses: number[] = []; // how many so far, after each move
  const good = Array.from({ length: twoMinutes }, (_, k) => {
    const shown = shownDuring(k);
    const right = move(other, shown);
    for (const { value, time } of other.trainer.pressesUntil(shown.end))
      other.tamer.learn(value, time);
    presses.push(other.trainer.presses);
    return right;
  });
  return { good, presses };
}
const ofLast30 = (moves: boolean[]) =>
  moves.slice(29).map((_, k) => mean(moves.slice(k, k + 30).map(Number)));

// %%
const others = Array.from({ length: people }, (_, seed) => trainedBy(seed));
const shares = others.map((person) => ofLast30(person.good));
const at = shares[0].map((_, k) => ((k + 30) * tickMs) / 1000);
const yours = ofLast30(good);
const x = { title: "time", unit: "seconds" };
const y = { title: "moves that came nearer, of the last 30", format: ".0%" };

// %%
bandChart(
  { "simulated people": spread(shares) },
  {
    title: "Your dot among others",
    caption: `Median of ${people} simulated people, and a band for 80 % of them.`,
    ...{ at, x, y: { ...y, domain: [0, 1] as [number, number] } },
    reference: { x: at.slice(0, yours.length), y: yours, label: who },
  },
);

// %% [markdown]
// Half a minute and some thirty presses, for most of the simulated. They are *built* to press as the learner expects; no real person was
// in this band before you. If your curve lies below it, section 9 shows what late presses and wrong ones do.
//
// ## 5 · Derivation: what was that press about?
//
// You pressed at time $t$. But you saw something first, made up your mind, and moved a finger: that takes 0.2 to 0.8 seconds, and the dot moved on
// meanwhile. Let $f(x)$ be the density of that delay. Then the probability that the press is about step $k$, which was on
// the screen from $a_k$ to $b_k$, is
//
// $$c_k\;=\;\int_{t-b_k}^{t-a_k} f(x)\,dx .$$
//
// Take $f$ to be uniform and $c_k$ is just the share of the window from $t-0.8$ to $t-0.2$ that step $k$ fills. This is TAMER's **credit assignment** [2, 3]. Each step in the
// window then becomes a labelled example, "in state $s_k$, action $a_k$ gets $h$", with weight $c_k$, and the model is fitted to it by least squares [7, Eq. 2]:
//
// $$L(w)=\tfrac12\sum_k c_k\bigl(h-\hat H_w(s_k,a_k)\bigr)^2,\qquad -\frac{\partial L}{\partial w_a}=\sum_{k:\,a_k=a} c_k\,\bigl(h-\hat H_w(s_k,a_k)\bigr)\,\varphi(s_k).$$
//
// *What you said minus what it expected you to say*, times the features: lesson 03's sentence again. Two checks. First the shares, against a hundred thousand draws of
// the delay; then the step, against finite differences of $L$.

// %%
const fourSteps = [0, 1, 2, 3].map(shownDuring);
const pressedAt = 1500; // ms
const shareOf = creditShares(pressedAt, fourSteps);
const delays = new Rng("delays");
const drawn = [0, 0, 0, 0];
for (let draw = 0; draw < 100_000; draw++) {
  const about = pressedAt - (200 + 600 * delays.uniform());
  drawn[fourSteps.findIndex(({ end }) => about < end)] += 1 / 100_000;
}
table(
  fourSteps.map(({ start, end }, k) => ({
    "step on the screen": `${start} to ${end} ms`,
    credit: shareOf[k],
    "share of draws": drawn[k],
  })),
  { caption: "What a press at 1500 ms was about", digits: 3 },
);

// %%
const seen = fourSteps.map((shown, k) => {
  const state = [0, 0, Math.cos(2 * k), Math.sin(2 * k)];
  return { ...shown, features: features(state), action: k % 2 };
});
const loss = (weights: readonly Float64Array[], value: number) =>
  seen.reduce((sum, { features, action }, k) => {
    const said = features.values;
    const guess = weights[action].reduce((h, w, i) => h + w * said[i], 0);
    return sum + 0.5 * shareOf[k] * (value - guess) ** 2;
  }, 0);
const pupil = new Tamer(3, 2, { stepSize: 1 });
for (const step of seen) pupil.saw(step);

// %%
const start = pupil.model.weights.map((row) => Float64Array.from(row));
pupil.learn(1, pressedAt);
const slope = (action: number, feature: number) => {
  const nudged = (by: number) =>
    start.map((row, a) =>
      row.map((w, i) => (a === action && i === feature ? w + by : w)),
    );
  return (loss(nudged(1e-5), 1) - loss(nudged(-1e-5), 1)) / 2e-5;
};
const errors = start.flatMap((row, a) =>
  Array.from(row, (w, i) => pupil.model.weights[a][i] - w + slope(a, i)),
);
const worst = Math.max(...errors.map(Math.abs));
console.log(
  `largest difference between the step and −∂L/∂w: ${worst.toExponential(0)}`,
);

// %% [markdown]
// ## 6 · Build it
//
// The exercise notebook [`exercises/release/04-shaping-and-tamer`](../exercises/release/04-shaping-and-tamer/04-shaping-and-tamer.ipynb)
// leaves four functions of this lesson open: the shaping reward, one Q-learning update, the credit of a press and one TAMER update. `check` shows a counterexample
// when something is wrong, `hint` helps three times.
//
// ## 7 · Probe: how far ahead may one look?
//
// Why does TAMER not simply *add up* your presses, as it would add up rewards? You praise what is right; is the sum of all praise not a good thing to maximise?
// Here is a case whose answer is known exactly. Somebody says $+1$ to every step that comes nearer to the flag, and nothing otherwise. (That is the
// bonus of section 2: *the bicycle's reward was a person who never said* $-$.) Stand beside the flag, with no slips. Go in: one last $+1$. Or step back, which costs nothing, and come
// nearer again, for ever:
//
// $$\gamma+\gamma^3+\gamma^5+\dots=\frac{\gamma}{1-\gamma^2}.$$
//
// The two are equal when $\gamma^2+\gamma=1$, at $\gamma=\tfrac{\sqrt5-1}{2}=0.618\dots$, the golden ratio. Below it one should go in, above it dance before the door. Value iteration must find the same:

// %%
const dry = new Gridworld({ slip: 0, goalReward: 0 });
const praised = shapedModel(dry, (s, next) => (away(next) < away(s) ? 1 : 0));
const goesIn = (s: number) => (action: number) =>
  away(praised.transitions(s, action)[0].next) < away(s);
function dancingSquares(discount: number): number {
  const best = bestActions(valueIteration(praised, discount).actionValues);
  return squares.filter((s) => !best[s].some(goesIn(s))).length;
}
const dancing = [0.1, 0.5, 0.617, 0.619, 0.9, 0.99].map((discount) => ({
  discount,
  "worth of going in": 1,
  "worth of dancing": discount / (1 - discount ** 2),
  squares: dancingSquares(discount),
}));

// %%
table(dancing, {
  caption: "Praise added up, from one who never says −",
  columns: {
    discount: "γ",
    "worth of going in": "worth of going in",
    "worth of dancing": "worth of dancing",
    squares: "squares from which one does not go nearer",
  },
});

// %% [markdown]
// Two squares lie beside the flag, and from all others one dances towards those two. People *do* say + more readily than −: Thomaz and Breazeal saw that
// bias in their trainers [10], and Knox and Stone later found agents that avoided the goal because of it [11]. TAMER takes the safe end of the table, $\gamma=0$: a person's
// press is already a judgement of where the step leads, so there is nothing to look ahead for.
//
// A second exact probe, for the other half of the lesson. A learner that *starts* with $Q(s,a)=\Phi(s)$ and no shaping makes the very same steps as one
// that starts with zeros and is shaped (Wiewiora 2003 [12]). So a potential is a first guess, and no more than that. Five thousand steps, both learners side by side:

// %%
const shaped = new QLearning(100, 4);
const primed = new QLearning(100, 4, {
  initial: (s) => (s === world.goal ? 0 : phi(s)),
});
const guide = potentialShaping(phi, gamma);
const feet = new Rng("feet");
let state = 0;
world.reset(feet);
for (let t = 0; t < 5000; t++) {
  const action = feet.integer(4);
  const { observation, reward, terminated: end, truncated } = world.step(action);
  const next = world.indexOf([observation[0], observation[1]]);
  shaped.learn(state, action, reward + guide(state, next, end), next, end);
  primed.learn(state, action, reward, next, end);
  state = end || truncated ? 0 : next;
  if (end || truncated) world.reset(feet);
}

// %%
const apart = squares.flatMap((s) =>
  Array.from(shaped.values[s], (q, a) => Math.abs(primed.values[s][a] - q - phi(s))),
);
const widest = Math.max(...apart).toExponential(0);
console.log(`largest |Q(primed) − (Q(shaped) + Φ)|: ${widest}`);

// %% [markdown]
// ## 8 · Experiment: a car, a hill, and two teachers
//
// A car in a valley is too weak to drive straight up to the flag: it must rock back and forth. The world's own reward is −1 for every step until it is up, the
// same everywhere, so nothing is learned before the flag has once been reached. Sarsa(λ) [13] learns from that
// reward. It is a cousin of Q-learning: it takes the next state for what its *own* next action is worth there, and every surprise also reaches back, by $\lambda=0.9$ less for each step,
// to the actions that led up to it. TAMER learns from a simulated
// person who knows how to do it, who says + when the engine pushes the way the car is rolling, comments on a quarter of the steps, presses the wrong key one
// time in ten, and is 0.2 to 0.8 s late at 0.15 s a step. Both see the state through the same *tiles*: eight grids of eight by eight over
// position and velocity, each shifted a little, so that a state is eight ones among many zeros.

// %%
const tiles = new TileCoding([-1.2, -0.07], [0.6, 0.07]);
function sarsaEpisode(car: MountainCar, learner: SarsaLambda, rng: Rng): number {
  learner.begin();
  let phi = tiles.features(car.reset(rng));
  let action = learner.model.greedy(phi, rng);
  for (let t = 1; ; t++) {
    const { observation, reward, terminated, truncated } = car.step(action);
    const next = tiles.features(observation);
    const nextAction = learner.model.greedy(next, rng);
    learner.learn(phi, action, reward, terminated ? undefined : next, nextAction);
    if (terminated || truncated) return t;
    [phi, action] = [next, nextAction];
  }
}

// %%
const carMs = 150; // one step
type Driver = { tamer: Tamer; trainer: SimulatedTrainer; rng: Rng };
const withTheRoll = (velocity: number, action: number) =>
  action !== 1 && (action - 1) * velocity >= 0;

function tamerEpisode(car: MountainCar, { tamer, trainer, rng }: Driver, t0: number) {
  let [, velocity] = car.reset(rng);
  for (let t = t0; ; t++) {
    const shown = { start: carMs * t, end: carMs * (t + 1) };
    const phi = tiles.features(car.state);
    const action = tamer.choose(phi, rng);
    tamer.saw({ ...shown, features: phi, action });
    trainer.watch(withTheRoll(velocity, action), shown);
    const { observation, terminated, truncated } = car.step(action);
    for (const p of trainer.pressesUntil(shown.end)) tamer.learn(p.value, p.time);
    if (terminated || truncated) return t + 1 - t0;
    velocity = observation[1];
  }
}

// %%
function tameCar(seed: number, episodes: number, habits = {}, credit = creditShares) {
  const rng = new Rng(seed);
  const car = new MountainCar({ maxSteps: 500 });
  const often = { answers: 0.25, ...habits, rng: rng.split("trainer") };
  const tamer = new Tamer(tiles.size, 3, { stepSize: 0.4 / 8, credit });
  const driver = { tamer, trainer: new SimulatedTrainer(often), rng };
  const lengths: number[] = [];
  for (let clock = 0, e = 0; e < episodes; e++, clock += lengths[e - 1])
    lengths.push(tamerEpisode(car, driver, clock));
  return { lengths, tamer };
}

// %%
function driveCar(seed: number, episodes: number) {
  const rng = new Rng(seed);
  const car = new MountainCar({ maxSteps: 1000 });
  const learner = new SarsaLambda(tiles.size, 3, { stepSize: 0.5 / 8 });
  const lengths = Array.from({ length: episodes }, () =>
    sarsaEpisode(car, learner, rng),
  );
  return { lengths, learner };
}

// %%
const bar = progress(2 * seeds, { label: "Two teachers" });
const tamed: number[][] = [];
const driven: number[][] = [];
for (let seed = 0; seed < seeds; seed++) {
  tamed.push(tameCar(seed, 100, {}, creditShares).lengths);
  driven.push(driveCar(seed, 100).lengths);
  bar.step(2);
  await tick();
}
bar.finish();

// %%
const rule = new Rng("rule");
function followRule(car = new MountainCar()): number {
  let [, velocity] = car.reset(rule);
  for (let t = 1; ; t++) {
    const { observation, terminated } = car.step(velocity < 0 ? 0 : 2);
    velocity = observation[1];
    if (terminated) return t;
  }
}
const ownDrive = mean(Array.from({ length: 200 }, () => followRule()));

// %%
bandChart(
  { "TAMER, a person's + and −": tamed, "Sarsa(λ), −1 a step": driven },
  {
    title: "One is there sooner, the other goes farther",
    caption: `Mean and 95 % band over ${seeds} seeds. Lower is better.`,
    at: Array.from({ length: 100 }, (_, e) => e + 1),
    x: { title: "episode", log: true, domain: [1, 100] },
    y: { title: "steps to the flag", log: true, domain: [90, 1000] },
    reference: { y: ownDrive, label: `${ownDrive.toFixed(0)}: the trainer's rule` },
  },
);

// %% [markdown]
// TAMER drives well after a handful of episodes, about two minutes of a person's life. Sarsa is still lost in the valley then. But look at the right-hand end: the curves cross. TAMER
// comes close to the dashed line, which is how well its *teacher* would drive, and stays there. Sarsa has no teacher, needs far longer, and goes past it. In Knox and
// Stone's experiments with real people it was so in Tetris: the trained agents played decently within three games, the autonomous learners knew nothing by then and
// ended far higher, after hundreds [3]. A learner that imitates
// your judgement inherits its limits. Remember it when in lesson 16 the supervisor is weaker than the student.
//
// How much depends on the person? *Competent* means three episodes in a row of 160 steps or fewer on average.

// %%
const lastOnly: CreditAssignment = (time, steps) =>
  Float64Array.from(steps, ({ start, end }) => (time > start && time <= end ? 1 : 0));
const competent = (run: number[]) => {
  const at = run.findIndex((_, e) => e >= 2 && mean(run.slice(e - 2, e + 1)) <= 160);
  return at < 0 ? Infinity : at + 1;
};
const variants: Record<string, [TrainerHabits, CreditAssignment]> = {
  "as above": [{}, creditShares],
  "comments on a tenth of the steps": [{ answers: 0.1 }, creditShares],
  "wrong three times in ten": [{ wrong: 0.3 }, creditShares],
  "credit to the step on the screen alone": [{}, lastOnly],
  "wrong every other time": [{ wrong: 0.5 }, creditShares],
};

// %%
const runs: Record<string, number[][]> = {};
for (const [name, [habits, credit]] of Object.entries(variants)) {
  runs[name] = [];
  for (let seed = 0; seed < seeds; seed++) {
    runs[name].push(tameCar(seed, 15, habits, credit).lengths);
    await tick();
  }
}

// %%
const summary = Object.entries({ ...runs, "Sarsa(λ)": driven }).map(
  ([trainer, all]) => {
    const first = median(all.map(competent));
    return {
      trainer,
      "competent from episode (median)": Number.isFinite(first) ? first : "never",
      "within ten": `${all.filter((run) => competent(run) <= 10).length} of ${seeds}`,
      "steps in episodes 11 to 15": Math.round(
        mean(all.flatMap((r) => r.slice(10, 15))),
      ),
    };
  },
);
table(summary, { caption: `${seeds} seeds each` });

// %% [markdown]
// Being lazy costs little. Being wrong three times in ten costs much, and not knowing about the delay costs about as much as that: with 0.15 s a step the press
// comes three steps late, and the wrong ones are praised.
//
// ### What the two have learned
//
// Sarsa's values say how many steps are still to come. Draw them over the whole state, and you see a mountain that is not the mountain: a landscape over *position
// and velocity*. **Turn it.** The line is one drive, starting at rest in the valley; it spirals outwards and runs down to the flag.

// %%
const { learner } = driveCar(1, 300);
const worth = (x: number[]) => learner.model.values(tiles.features(x));
const best = (x: number[]) => learner.model.greedy(tiles.features(x), rule);
const car = new MountainCar();
const drive = [car.resetTo([-0.5, 0])];
for (let over = false; !over;) {
  const { observation, terminated, truncated } = car.step(
    best(drive[drive.length - 1]),
  );
  drive.push(observation);
  over = terminated || truncated;
}
surface((position, velocity) => -Math.max(...worth([position, velocity])), {
  title: "Sarsa: steps still to go",
  caption: "After 300 episodes. Drag to turn, scroll to zoom.",
  ...{ x: "position", y: "velocity (per step)", z: "steps to go" },
  ...{ xs: { from: -1.2, to: 0.5 }, ys: { from: -0.07, to: 0.07 } },
  path: { x: drive.map((s) => s[0]), y: drive.map((s) => s[1]), label: "one drive" },
});

// %% [markdown]
// TAMER knows nothing of steps to go. It knows what its trainer would say, and the trainer's rule was simple: push the way it rolls. Here is how much more praise it
// expects for pushing right than for pushing left; the boundary should run along velocity zero.

// %%
const tamedCar = tameCar(1, 15).tamer;
const positions = Array.from({ length: 19 }, (_, i) => -1.2 + 0.1 * i);
const velocities = Array.from({ length: 15 }, (_, i) => 0.07 - 0.01 * i);
heatmap(
  velocities.map((v) =>
    positions.map((x) => {
      const [left, , right] = tamedCar.model.values(tiles.features([x, v]));
      return right - left;
    }),
  ),
  {
    title: "TAMER: which way would you like me to push?",
    caption: "Orange: right. Blue: left. Pale: nobody ever said anything there.",
    rows: velocities.map((v) => v.toFixed(2)),
    columns: positions.map((x) => x.toFixed(1)),
    ...{ x: "position", y: "velocity (per step)", midpoint: 0, text: false },
    value: { title: "Ĥ(right) − Ĥ(left)", format: ".1f" },
  },
);

// %% [markdown]
// ## 9 · Break it
//
// **Three ways to get a potential wrong.** The difference looks right in each of them. Before you run the cell: which of the three is harmless, which is deadly?

// %%
const height = (s: number) => 1 + phi(s); // the same slope, but 1 at the flag
const breaks = {
  noGamma: compare((s, next, over) => (over ? 0 : phi(next)) - phi(s), phi),
  paysAtTheEnd: compare((s, next) => gamma * height(next) - height(s), height),
  constant: compare(
    () => gamma * -2 - -2,
    () => -2,
  ),
};
table(
  [
    { added: "γ forgotten: Φ(s′) − Φ(s)", ...breaks.noGamma },
    { added: "Φ = 1 at the flag, and paid there", ...breaks.paysAtTheEnd },
    { added: "Φ = −2 everywhere, at the end too", ...breaks.constant },
  ],
  { caption: "Against the world in which only the flag pays", columns },
);

// %% [markdown]
// The identity is broken in all three. Forgetting γ lets a few squares flip. A potential that is 1 at the flag only makes the flag more
// attractive, in this world with a single flag; with two flags it would decide between them. And a *constant* potential, which surely cannot matter, is the worst of all:
// $\gamma\cdot(-2)-(-2)=0.02$ for every step, which is worth 2 if one never arrives. Nobody arrives any more. After the end there is no next square to
// give the potential back, so **Φ must count as 0 there**: it is the one line that everybody forgets.
//
// **A trainer who is late, wrong, or misunderstood.** The dot again, two minutes each.

// %%
const troubles: Record<string, [TrainerHabits, CreditAssignment]> = {
  "as you may have been": [{}, creditShares],
  "credit to the step on the screen": [{}, lastOnly],
  "wrong three times in ten": [{ wrong: 0.3 }, creditShares],
  "wrong every other time": [{ wrong: 0.5 }, creditShares],
};
const troubled: Record<string, number[][]> = {};
for (const [name, [habits, credit]] of Object.entries(troubles)) {
  troubled[name] = [];
  for (let seed = 0; seed < people; seed++) {
    troubled[name].push(ofLast30(trainedBy(seed, habits, credit).good));
    await tick();
  }
}
bandChart(troubled, {
  title: "What a bad trainer does to the dot",
  caption: `Mean and 95 % band over ${people} simulated people.`,
  ...{ at, x: { title: "time", unit: "seconds" } },
  y: { title: "moves that came nearer, of the last 30", format: ".0%", domain: [0, 1] },
});

// %% [markdown]
// With every other press wrong nothing is left to learn: the labels say nothing, and the dot wanders. With three in ten wrong the labels still say the right thing *on average*, and yet the dot
// stays unsteady: the step size never shrinks, so the last few presses always count most (lesson 03's Elo, once more). Ignoring the delay does about as much harm: even at
// 0.42 s a move, only one press in ten comes while the move that it is about is still on the screen.
//
// ## 10 · Look back

// %%
await reveal(guessChanged, forms.bonus.changed);
const reached = (moves: boolean[]) => ofLast30(moves).findIndex((s) => s >= 26 / 30);
const needed = others.flatMap(({ good, presses }) =>
  reached(good) < 0 ? [] : [presses[reached(good) + 29]],
);
await reveal(guessPresses, median(needed));
const mineAt = reached(good);
const until = given.filter(({ time }) => time <= shownDuring(mineAt + 30).end).length;
console.log(
  mineAt < 0
    ? `${given.length} presses by ${who}: 26 of 30 were not reached.`
    : `${until} presses by ${who} until 26 of the last 30 moves were right.`,
);

// %% [markdown]
// And what kind of trainer were you, and the others who have trained on this computer, or whose labels your class has shared? People tend to praise.

// %%
const kept = await labels.all({ task, kind: "score" });
const pressesOf = (name: string) => kept.filter(({ annotator }) => annotator === name);
const praise = (values: unknown[]) => mean(values.map((v) => Number(v === 1)));
const habits = [...new Set(kept.map(({ annotator }) => annotator))].map((trainer) => ({
  trainer,
  presses: pressesOf(trainer).length,
  plus: praise(pressesOf(trainer).map(({ answer }) => answer)),
}));
if (habits.length === 0) {
  const plus = praise(given.map(({ value }) => value));
  habits.push({ trainer: "the stand-in", presses: given.length, plus });
}
table(habits, {
  caption: "Presses, by trainer",
  columns: {
    ...{ trainer: "trainer", presses: "presses" },
    plus: { title: "share of +", format: ".0%" },
  },
});

// %% [markdown]
// **What to take along**
// - $\gamma\Phi(s')-\Phi(s)$ changes how soon a learner finds its way, and nothing else. Any other bonus may change *what* it finds.
// - Φ counts as 0 after the end. Check the identity $Q^*=Q^*_{\text{shaped}}+\Phi$ on a small world before you trust a shaped reward on a large one.
// - A person's + is a judgement and no income. Model it, act on it, do not add it up.
// - People are late: ask what a press was about before you learn from it.
// - Who learns from a judge becomes as good as the judge, soon; who learns from the world may become better, late.
//
// **Where this returns.** The KL penalty of lesson 09 is paid per token, like a shaping reward, but it is no potential: it changes the best policy, on purpose. Process rewards (lesson
// 15) pay for steps on the way to an answer; whether they are potentials decides whether a model learns to solve or to circle.
//
// **An open question.** TAMER takes a press as a judgement of the action alone. But people also judge *improvement*: a move that was praised yesterday is taken for granted today. MacGlashan and others
// found that what people say depends on what the agent can already do, which makes it an advantage and not a value [14]. Did you stop pressing + once the dot had got it? Then which of the two is your data?
//
// **References**
// 1. A. Y. Ng, D. Harada, S. Russell (1999). Policy invariance under reward transformations: theory and application to reward shaping. *ICML*, 278–287.
// 2. W. B. Knox, P. Stone (2008). TAMER: Training an agent manually via evaluative reinforcement. *ICDL*, 292–297.
// 3. W. B. Knox, P. Stone (2009). Interactively shaping agents via human reinforcement: the TAMER framework. *K-CAP*, 9–16.
// 4. G. B. Peterson (2004). A day of great illumination: B. F. Skinner's discovery of shaping. *Journal of the Experimental Analysis of Behavior* 82, 317–328.
// 5. J. Randløv, P. Alstrøm (1998). Learning to drive a bicycle using reinforcement learning and shaping. *ICML*, 463–471.
// 6. C. L. Isbell et al. (2001). A social reinforcement learning agent. *Autonomous Agents*, 377–384.
// 7. G. Warnell, N. Waytowich, V. Lawhern, P. Stone (2018). Deep TAMER. *AAAI*; [arXiv:1709.10163](https://arxiv.org/abs/1709.10163).
// 8. R. S. Sutton, A. G. Barto (2018). *Reinforcement Learning: An Introduction*, 2nd ed., Eq. 4.10; tiles: section 9.5.4. MIT Press.
// 9. C. J. C. H. Watkins, P. Dayan (1992). Q-learning. *Machine Learning* 8, 279–292.
// 10. A. L. Thomaz, C. Breazeal (2008). Teachable robots: understanding human teaching behavior to build more effective robot learners. *Artificial Intelligence* 172, 716–737.
// 11. W. B. Knox, P. Stone (2012). Reinforcement learning from human reward: discounting in episodic tasks. *RO-MAN*, 878–885.
// 12. E. Wiewiora (2003). Potential-based shaping and Q-value initialization are equivalent. *Journal of Artificial Intelligence Research* 19, 205–208.
// 13. S. P. Singh, R. S. Sutton (1996). Reinforcement learning with replacing eligibility traces. *Machine Learning* 22, 123–158.
// 14. J. MacGlashan et al. (2017). Interactive learning from policy-dependent human feedback. *ICML*; [arXiv:1701.06049](https://arxiv.org/abs/1701.06049).
