// %% [markdown]
// # 00 · Start here
//
// Put the cursor into the grey cell below and press `Shift-Enter`.

// %%
import {
  Bandit, budget, check, EpsilonGreedy, lineChart, mean, person, playArms,
  predict, ready, reveal, Rng, showMarkdown, SimulatedHuman, table, testbedBandit, tf,
  ThompsonSampling, tick, UpperConfidenceBound, type BanditAgent,
} from "rlhf";

const machines = new Bandit(
  new Rng("three machines").shuffle([-0.6, 0.3, 1.1]),
  new Rng("rewards"),
);
showMarkdown("Ready. Three slot machines are waiting for you below.");

// %% [markdown]
// This course is about teaching machines what people want. It begins where that began: with somebody who tries things and
// finds out what they are worth. First, that is you.
//
// **Three machines. Twenty pulls. Get as much as you can.** Each machine pays around a fixed amount that nobody tells
// you, more or less each time; sometimes it costs you points. Click, or press `1`, `2`, `3`. You cannot take a pull back.

// %%
const guess = await predict(
  "How many of your twenty pulls will go to the best machine?",
  { unit: "pulls", min: 0, max: 20 },
);

// %%
const names = ["red", "green", "blue"];
const mine = await playArms(names, (arm) => machines.pull(arm), {
  question: "Which machine?",
  standIn: (pulls) => pulls.length % 3, // somebody who does not think
});

// %%
const onBest = mine.pulls.filter(({ arm }) => arm === machines.best).length;
table(
  names.map((machine, arm) => ({
    machine,
    truth: machines.means[arm],
    pulls: mine.pulls.filter((p) => p.arm === arm).length,
  })),
  {
    caption: "What the machines really pay on average",
    columns: {
      machine: "machine",
      truth: { title: "pays (points)", digits: 1 },
      pulls: "your pulls",
    },
  },
);

// %%
await reveal(guess, onBest);

// %% [markdown]
// That was a **prediction**: you said a number before the result was there, and the notebook kept it and put it beside the
// result. Every lesson asks for one. A wrong guess that was written down teaches more than a right one in the head.
//
// ## The dilemma
//
// With every pull you either *use* what you know or *find out* more, never both. Pull the machine that looks best, and you may
// never learn that another is better; keep trying all three, and you throw points away. Reinforcement learning is
// about this, and so is a language model that tries answers on you.
//
// The simplest rule that works is **ε-greedy** [1]: keep the mean of what each machine has paid; pull the best one so far, and once in a
// while, with probability ε, any. Here it is on *your* machines, twenty pulls, played a thousand times.

// %%
function play(agent: BanditAgent, pulls: number, rng: Rng): number {
  let onTheBest = 0;
  for (let t = 0; t < pulls; t++) {
    const arm = agent.choose(rng);
    agent.learn(arm, machines.pull(arm));
    if (arm === machines.best) onTheBest += 1;
  }
  return onTheBest;
}

// %%
const games = (make: () => BanditAgent) =>
  mean(Array.from({ length: 1000 }, (_, g) => play(make(), 20, new Rng(g))));
table(
  [
    {
      who: mine.answeredBy === "person" ? "you, once" : "the stand-in, once",
      best: onBest,
    },
    { who: "ε-greedy, ε = 0.1", best: games(() => new EpsilonGreedy(3, 0.1)) },
    { who: "Thompson sampling", best: games(() => new ThompsonSampling(3)) },
    { who: "at random", best: games(() => new EpsilonGreedy(3, 1)) },
  ],
  {
    caption: "Pulls of the best machine, of twenty",
    columns: { who: "who", best: { title: "pulls of the best", digits: 1 } },
  },
);

// %% [markdown]
// ## You write a function
//
// How does one keep a mean without keeping all the numbers? If $m$ is the mean so far and $x$ arrives as the $n$-th value, one line
// brings $m$ up to date. The function below is **wrong** on purpose. Run it: `check` shows a case in which it fails.
// Then mend it and run it again. `hint("runningMean")` in a cell of your own helps, three times.

// %%
const runningMean = (mean: number, count: number, value: number) =>
  mean + value / count;
await check("runningMean", runningMean).catch((error: Error) =>
  console.log(`${error.message}\nMend the line above and run this cell again.`),
);

// %% [markdown]
// ## Ten machines, a thousand pulls
//
// Now the experiment that Sutton and Barto use to open their book [1]: ten machines whose true means are drawn from a normal
// distribution, and agents that play a thousand pulls, over and over on fresh machines. *Greedy* always takes
// what looks best. How often does it find the best of the ten in the end? In the book it is about one time in three.

// %%
const { tasks } = budget({
  smoke: { tasks: 60 },
  quick: { tasks: 500 },
  full: { tasks: 2000 },
});
const agents: Record<string, () => BanditAgent> = {
  greedy: () => new EpsilonGreedy(10, 0),
  "ε = 0.1": () => new EpsilonGreedy(10, 0.1),
  "upper confidence": () => new UpperConfidenceBound(10, 2),
  Thompson: () => new ThompsonSampling(10),
};
const chosen = Object.fromEntries(
  Object.keys(agents).map((name) => [name, new Float64Array(1000)]),
);

// %%
for (const [name, make] of Object.entries(agents)) {
  for (let task = 0; task < tasks; task++) {
    const rng = new Rng(task);
    const [world, agent] = [testbedBandit(rng.split("arms")), make()];
    for (let t = 0; t < 1000; t++) {
      const arm = agent.choose(rng);
      agent.learn(arm, world.pull(arm));
      if (arm === world.best) chosen[name][t] += 1 / tasks;
    }
    if (task % 20 === 0) await tick(); // lets the page draw, and the stop button work
  }
}

// %%
lineChart(chosen, {
  title: "How often the best of ten machines is pulled",
  caption: `Mean over ${tasks} sets of machines.`,
  x: "pull",
  y: { title: "share of agents that pull the best", format: ".0%", domain: [0, 1] },
  reference: { y: 0.36, label: "greedy in the end, 2,000 runs: 36 %" },
});

// %% [markdown]
// Greedy gets stuck: one unlucky pull of the best machine, and it is never tried again. A little curiosity more than doubles the share. The
// two cleverer rules explore where it might pay: where little is known.
//
// ## You are the human
//
// From lesson 04 on the reward does not come from a machine but from a person, and from 06 on from a person who *compares*. Try what
// that is like. Five pairs, no right answer: which of the two would you rather get from an assistant?

// %%
const question = "How do I boil an egg?";
const answers = [
  "Put it in boiling water for eight minutes, then in cold water.",
  "Eggs are boiled in water.",
  "Great question!!! Eggs are an amazing food, and people have boiled them for ages.",
  "Eight minutes.",
  "I cannot help with that.",
];

// %%
const pairs = [
  [0, 1],
  [2, 0],
  [3, 0],
  [1, 4],
  [2, 3],
].map(([i, j]) => ({ prompt: question, first: answers[i], second: answers[j] }));
const helpful = new SimulatedHuman(
  (answer: string) => [2, 0, -0.5, 1, -2][answers.indexOf(answer)],
  { rng: new Rng("helpful") },
);
const you = person<string>({
  task: "00-egg",
  question: "Which answer would you rather get?",
  standIn: helpful,
});
const labels = await you.compare(pairs);

// %%
table(
  labels.map(({ first, second, preference, annotator }) => ({
    first,
    second,
    preference: String(preference),
    annotator,
  })),
  {
    caption:
      "Five labels, as every algorithm will see them (1: the first is better)",
  },
);

// %% [markdown]
// Your labels are in a small database in the folder `.rlhf`, under a name you choose yourself, and nowhere else. Rows like
// these five, 1.4 million of them, taught the makers of Llama 2 what people prefer [2]. Lesson 03 turns them into numbers.
//
// ## The engine
//
// From lesson 07 on, language models are trained, on TensorFlow's own runtime, on a graphics card where there is one. This cell asks which engine
// was found here and lets it multiply two matrices. `npm run doctor` in a terminal says what would make it faster.

// %%
const { name, device } = await ready();
const a = tf.ones([512, 512]);
const started = performance.now();
for (let i = 0; i < 20; i++) {
  const sum = tf.tidy(() => a.matMul(a).sum());
  await sum.data(); // the number itself: now it must have been computed
  sum.dispose();
}
const seconds = (performance.now() - started) / 1000;
const billions = (20 * 2 * 512 ** 3) / seconds / 1e9;
console.log(`${name} on ${device}: ${billions.toFixed(0)} billion operations a second`);
a.dispose();

// %% [markdown]
// ## What you have tried
//
// | | |
// |---|---|
// | `predict`, `reveal` | say a number first; see it beside the result |
// | `check`, `hint`, `solution` | a counterexample at once; three hints; the answer last |
// | `person(…).compare(…)` | you are the human; your labels are kept on this computer |
// | `Shift-Tab` on a name | meaning, equation, source, units |
// | ■ in the toolbar | stops a cell; what it had computed is kept |
//
// **Where to go.** In order, lessons 01 and 02 ask what a preference is and whose to take. If you cannot wait, [lesson 03](03-bradley-terry.ipynb) turns
// comparisons into numbers, and it stands on its own.
//
// **An open question.** An agent that explores pulls bad machines on purpose. When the machine is a person, who pays for that?
//
// **References**
//
// 1. R. S. Sutton, A. G. Barto (2018). *Reinforcement Learning: An Introduction*, 2nd ed., chapter 2, figure 2.2. MIT Press.
// 2. H. Touvron et al. (2023). Llama 2: Open Foundation and Fine-Tuned Chat Models, table 6. [arXiv:2307.09288](https://arxiv.org/abs/2307.09288)
