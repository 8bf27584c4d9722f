// %% [markdown]
// # 02 · Whose preferences? From many orders to one
//
// An assistant is trained on the choices of many people, and has one behaviour. Somewhere many orders of
// preference became one. Where? By which rule? And is there a good one?
//
// **The claim.** With three options or more there is none. Every rule that makes one order out of several
// people's, whatever they want, that never goes against all of them, and that decides each pair by what people say
// about that pair, obeys a single person (Arrow 1951 [1]). A reward model fitted to everybody's comparisons is no
// way out: it holds an election by a rule of 1781 (Siththaranjan, Laidlaw & Hadfield-Menell 2023 [2]).
//
// **Before.** Jean-Charles de Borda proposed to the Paris Academy to give points for places [3]. The Marquis de
// Condorcet wanted the option that beats every other by majority, and found that majorities may run in a circle
// [4]. For 165 years rules were proposed and faulted one by one. Arrow asked about *all* rules at once.
//
// **Since.** His theorem founded a field, social choice. Seventy years later the same question is a line of code:
// a loop over labels of different annotators that forgets who they were.
//
// About an hour. You need nothing but counting; for one derivation the normal distribution.

// %%
import {
  allRankings, arrowSearch, bandChart, bordaScores, bradleyTerry, budget, condorcetWinner,
  countComparisons, countParadoxes, dictatorOf, forEachProfile, heatmap, highest,
  isConstant, antiDictatorOf, kemenyRanking, labels, lineChart, majorityMargins,
  majorityRule, maximinWelfare, mean, nashWelfare, paradoxLimitOfThree, paradoxShare,
  paradoxShareOfManyVoters, person, personalBallots, pluralityScores,
  populationBordaScores, populationComparisons, predict, progress, reveal, Rng,
  runOffWinner, schulzeWinners, show, SimulatedHuman, sliderChart, surface, table,
  tick, utilitarianWelfare, type Ballot, type Comparison, type Population,
} from "rlhf";

// %% [markdown]
// How much the experiments below compute. `RLHF_BUDGET=full` draws more elections.

// %%
const { elections, populations } = budget({
  smoke: { elections: 4000, populations: 100 },
  quick: { elections: 8000, populations: 200 },
  full: { elections: 100_000, populations: 2000 },
});

// %% [markdown]
// ## 1 · Three friends
//
// Ada, Ben and Cleo plan an evening. Each has a perfectly sensible order. They vote on every pair.

// %%
const evenings = ["concert", "cinema", "cards"];
const friends: Ballot[] = [
  [0, 1, 2], // Ada: concert, then cinema, then cards
  [1, 2, 0], // Ben
  [2, 0, 1], // Cleo
];
heatmap(majorityMargins(friends), {
  title: "Margins of three votes",
  caption: "Votes for the row less votes for the column.",
  rows: evenings,
  columns: evenings,
  x: "than this",
  y: "rather this",
  value: { title: "margin", format: "+d" },
  midpoint: 0,
  text: true,
});

// %% [markdown]
// Concert beats cinema by 2 to 1, cinema beats cards by 2 to 1, and cards beat the concert by 2 to 1. Every person
// is consistent, the group is not: a **Condorcet cycle**. Whatever they choose, a majority would rather have had
// something else.
//
// ## 2 · Three predictions, before anything runs
//
// **a.** Three people, three options: $6^3=216$ profiles of orders are possible. In what share of them is there no
// option that beats both others?
//
// **b.** A rule for two people that decides each pair of three options by itself can be written in 4,096 ways. How
// many of them always give an order without circles, and never go against both people?
//
// **c.** A hundred random populations, three kinds of people each. We throw their comparisons into one pot and fit
// a reward model. In how many does it put five options in the order of their mean utility?

// %%
const guessCycles = await predict(
  "In what share of the 216 profiles does nobody's option beat both others?",
  { unit: "%", min: 0, max: 100 },
);
const guessRules = await predict(
  "How many of the 4,096 rules never go in circles and never go against both people?",
  { unit: "rules", min: 0, max: 4096 },
);
const guessOrder = await predict(
  "In how many of a hundred populations is the pooled order that of mean utility?",
  { unit: "populations", min: 0, max: 100 },
);

// %% [markdown]
// ## 3 · You are the human
//
// A friend shows their assistant a poem they are proud of. It is not good. What should the assistant say? Four
// replies, every pair twice, with sides exchanged: twelve questions, one minute. There is no right answer; people
// really differ here.

// %%
const replies = [
  "The rhymes limp and the images are worn. The third line is good: build on that one.",
  "How lovely that you write! It made me smile.",
  "What should it do to whoever reads it? Tell me, and we look again together.",
  "I have rewritten it for you. It scans now.",
];
const short = ["candid", "kind", "asking", "rewriting"];
const everyPair = replies.flatMap((first, i) =>
  replies.slice(0, i).map((second) => ({ first, second })),
);
const turnedRound = everyPair.map((p) => ({ first: p.second, second: p.first }));
const questions = new Rng("poem").shuffle([...everyPair, ...turnedRound]);

// %%
const tastes = [
  [2, -1, 1, 0], // candour first
  [-1, 2, 1, -2], // kindness first
  [0, -1, 1, 2], // help first
];
const simulated = (kind: number, annotator: string) =>
  new SimulatedHuman((reply: string) => tastes[kind][replies.indexOf(reply)], {
    ...{ annotator, temperature: 0.7 },
    rng: new Rng(annotator),
  });
const you = person<string>({
  task: "02-poem",
  question: "What should the assistant say?",
  standIn: simulated(0, "simulated you"),
});
const labelling = you.compare(questions);
const yourAnswers = await labelling;

// %%
const [yourself] = personalBallots(yourAnswers, replies);
const inOrder = (ballot: Ballot) => ballot.map((i) => short[i]).join(" ≻ ");
const who = labelling.answeredBy === "person" ? "You" : "The simulated person";
console.log(`${who}: ${inOrder(yourself.ballot)}.`);
console.log(
  `Circles among the four replies: ${yourself.circularTriads} of 4 possible triples.`,
);

// %% [markdown]
// The order is the one that fits the twelve answers best (by the model of lesson 03). A circle means that your own
// answers said: this before that, that before the third, the third before this.
//
// ### Your class
//
// If others have answered on this computer, or a teacher has brought the class's labels together
// (`labels.import`), they vote with you. With fewer than three people there is no class; then fourteen simulated
// ones sit beside you, of three kinds, and the output says so.

// %%
const kept = await labels.comparisons<string>({ task: "02-poem" });
const ofTheClass = personalBallots(
  kept.filter(({ first }) => replies.includes(first)),
  replies,
).filter(({ answers }) => answers >= 6);
const isReal = ofTheClass.length >= 3;

const fellows: Comparison<string>[] = [];
for (let i = 0; i < 14; i++)
  fellows.push(...(await simulated(i % 3, `fellow ${i + 1}`).compare(questions)));
const voters = isReal ? ofTheClass : [yourself, ...personalBallots(fellows, replies)];
const profile = voters.map(({ ballot }) => ballot);
console.log(
  isReal
    ? `Your class: ${voters.length} people.`
    : `No class in the store: ${who.toLowerCase()} and fourteen simulated people.`,
);

// %%
const margins = majorityMargins(profile);
heatmap(margins, {
  title: `Margins of ${voters.length} ${isReal ? "" : "mostly simulated "}votes`,
  caption: "Votes for the row less votes for the column.",
  width: 480,
  rows: short,
  columns: short,
  x: "than this",
  y: "rather this",
  value: { title: "margin", format: "+d" },
  midpoint: 0,
  text: true,
});

// %% [markdown]
// ## 4 · The old rules
//
// *Plurality* counts first places. *Run-off* strikes out the option with fewest first places, again and again.
// *Borda* gives 3, 2, 1, 0 points for the places. *Condorcet* takes the option that beats every other, if there is
// one. *Kemeny* takes the whole order that contradicts the ballots on the fewest pairs [5]; *Schulze* compares the
// strongest chains of majorities [6].

// %%
function byEveryRule(ballots: readonly Ballot[], names: readonly string[]) {
  const all = (winners: number[]) => winners.map((i) => names[i]).join(", ");
  const condorcet = condorcetWinner(majorityMargins(ballots));
  return {
    plurality: all(highest(pluralityScores(ballots))),
    "run-off": names[runOffWinner(ballots)],
    Borda: all(highest(bordaScores(ballots))),
    Condorcet: condorcet === undefined ? "none: a cycle" : names[condorcet],
    Kemeny: names[kemenyRanking(ballots).ranking[0]],
    Schulze: all(schulzeWinners(ballots)),
  };
}
table([byEveryRule(profile, short)], { caption: "Who wins, by six rules" });

// %% [markdown]
// And the tea room of lesson 03, if people have answered there:

// %%
const tea = await labels.comparisons<string>({ task: "03-tea-room" });
const orders = [...new Set(tea.flatMap(({ first, second }) => [first, second]))].sort();
if (orders.length < 2)
  console.log("Nobody has answered in the tea room yet (lesson 03).");
else {
  const guests = personalBallots(tea, orders);
  const ballots = guests.map(({ ballot }) => ballot);
  const caption = `Who wins among ${guests.length} guests of the tea room`;
  show(table([byEveryRule(ballots, orders)], { caption }));
}

// %% [markdown]
// Do the rules agree on your class? Often they do; where people have a few common reasons, circles are rare. But
// each rule is an answer to the question what fair *means*, and one can build a class for which they all differ.
// Section 7 does.
//
// ## 5 · Derivation: how often do majorities run in a circle?
//
// **Three people.** Say every order is as likely as every other. For the circle $a\succ b\succ c\succ a$ the three
// must hold the three orders $abc$, $bca$, $cab$, in any of $3!=6$ ways; likewise for the other circle. That is
// $12/216=5.6\,\%$.
//
// **Very many people.** Write $x_{ab}=+1$ for a person who prefers $a$ to $b$, else $-1$. The margin of a majority
// is a sum of such $x$, so for many people margins are normal, and all we need is their correlation. Among the six
// orders, $x_{ab}$ and $x_{bc}$ agree in two ($abc$, $cba$) and differ in four: $\mathbb
// E[x_{ab}x_{bc}]=\frac26-\frac46=-\frac13$. A circle is three margins $m_{ab},m_{bc},m_{ca}$ of one sign, each
// two of correlation $\rho=-\frac13$. Sheppard [7] computed the chance that three such normals are all positive,
// $\frac18+\frac{3}{4\pi}\arcsin\rho$. Twice that is
//
// $$P(\text{circle})=\frac14-\frac{3}{2\pi}\arcsin\frac13=8.77\,\%$$
//
// (Guilbaud 1952 [8]). Check both links of the chain: the correlation over the six orders, and the chance for
// normals, by a million draws.

// %%
const sign = (ballot: Ballot, i: number, j: number) =>
  ballot.indexOf(i) < ballot.indexOf(j) ? 1 : -1;
const six = allRankings(3);
const correlation = mean(six.map((b) => sign(b, 0, 1) * sign(b, 1, 2)));

const rng = new Rng("normals");
let circles = 0;
for (let k = 0; k < 1_000_000; k++) {
  const [a, b, c] = [rng.normal(), rng.normal(), rng.normal()];
  const [ab, bc, ca] = [a - b, b - c, c - a].map((d) => d + rng.normal()); // ρ = −1/3
  if (ab > 0 === bc > 0 && bc > 0 === ca > 0) circles += 1;
}
const minus = (x: number) => x.toFixed(4).replace("-", "−");
const [counted, limit] = [circles / 1e4, 100 * paradoxLimitOfThree];
console.log(`Correlation ${minus(correlation)}, by the formula ${minus(-1 / 3)}.`);
console.log(`Circles ${counted.toFixed(2)} %, by the formula ${limit.toFixed(2)} %.`);

// %% [markdown]
// ## 6 · Build it
//
// **Your turn.** The exercise notebook
// [`exercises/release/02-whose-preferences`](../exercises/release/02-whose-preferences/02-whose-preferences.ipynb)
// leaves four functions of this lesson open: Borda's count, Condorcet's winner, Kemeny's disagreements and Nash's
// measure. `check` shows a counterexample when something is wrong, `hint` helps three times.
//
// ## 7 · Probe: an election with a published outcome
//
// Joseph Malkevitch built 55 ballots on five options such that every good old rule elects somebody else [9]. The
// published winners: plurality A, striking out one by one C, Borda D, Condorcet E.

// %%
const letters = ["A", "B", "C", "D", "E"];
const blocks = { ADECB: 18, BEDCA: 12, CBEDA: 10, DCEBA: 9, EBDCA: 4, ECDBA: 2 };
const fiftyFive = Object.entries(blocks).flatMap(([order, people]) =>
  Array.from({ length: people }, () => [...order].map((x) => letters.indexOf(x))),
);
const probe = byEveryRule(fiftyFive, letters);
table([probe], { caption: "Fifty-five ballots, and who wins" });

// %% [markdown]
// The same ballots, nobody changed their mind, four winners. “What the people want” is not yet a question with an
// answer.
//
// ## 8 · Experiments
//
// ### Circles, counted
//
// By enumeration where it can be done, by simulation elsewhere, five times with different seeds; dashed, the limit
// for three options. Your prediction **a** is the first dot.

// %%
const electorates = [3, 5, 11, 31, 101];
const menus = [3, 4, 5, 7];
const shares: Record<string, number[][]> = {};
const counting = progress(menus.length * 5, { label: "Voting", unit: "runs" });
for (const options of menus) {
  shares[`${options} options`] = [];
  for (let seed = 0; seed < 5; seed++) {
    const draw = new Rng(`${options} ${seed}`);
    const row = electorates.map((people) => {
      const count = Math.ceil((elections * 3) / Math.max(3, people));
      return paradoxShare(people, options, count, draw);
    });
    shares[`${options} options`].push(row);
    counting.step();
    await tick();
  }
}
counting.finish();

// %%
bandChart(shares, {
  title: "How often nobody beats everybody",
  caption: "Every order as likely as every other; mean and 95 % band over 5 runs.",
  at: electorates,
  x: { title: "people", log: true },
  y: { title: "elections without a Condorcet winner", format: ".0%", zero: true },
  reference: { y: paradoxLimitOfThree, label: "3 options, limit: 8.77 %" },
});

// %%
const small = [
  { people: 3, options: 3 },
  { people: 5, options: 3 },
  { people: 3, options: 4 },
].map(({ people, options }) => {
  const { without, profiles } = countParadoxes(people, options);
  const drawn = shares[`${options} options`].map((s) => s[electorates.indexOf(people)]);
  const simulated = mean(drawn);
  return { people, options, without, profiles, exact: without / profiles, simulated };
});
const normals = [0, 1, 2, 3, 4].map((seed) =>
  paradoxShareOfManyVoters(3, 20_000, new Rng(seed)),
);
const many = mean(normals);

// %%
const manyInWords = `${(100 * many).toFixed(2)} % of 100,000 draws`;
table(small, {
  caption: `Without a Condorcet winner. Very many people, 3 options: ${manyInWords}.`,
  columns: {
    people: "people",
    options: "options",
    without: { title: "profiles without", format: ",d" },
    profiles: { title: "of", format: ",d" },
    exact: { title: "exactly", format: ".2%" },
    simulated: { title: "simulated", format: ".2%" },
  },
});

// %% [markdown]
// More options, more circles: with seven it is about a third of elections. But “every order as likely as every
// other” is one public among many. **Turn** the next picture. Eleven people hold one of the three orders of a
// circle; how often a circle comes out depends on how many hold which. In the middle, with three camps of one
// size, circles are the rule; as soon as one order is held by half of the people, there is none.

// %%
const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
function circleChance(first: number, ofRest: number): number {
  const [p, q] = [first, (1 - first) * ofRest];
  let chance = 0;
  for (let i = 1; i <= 5; i++) {
    for (let j = 6 - i; j <= 5; j++) {
      const k = 11 - i - j; // i, j and k people hold the three orders, none of them six
      const ways = factorial(11) / (factorial(i) * factorial(j) * factorial(k));
      chance += ways * p ** i * q ** j * (1 - p - q) ** k;
    }
  }
  return chance;
}

// %%
surface(circleChance, {
  title: "Circles need three camps of equal size",
  caption: "Eleven people, three orders; exactly, by counting. Drag to turn.",
  xs: { from: 0, to: 1 },
  ys: { from: 0, to: 1 },
  x: "chance of the order abc",
  y: "bca, as a share of the rest",
  z: "chance of a circle",
});

// %% [markdown]
// ### Arrow's theorem, by trying every rule
//
// A **rule** takes everybody's orders and gives one order for all. Arrow asked four things of it:
//
// 1. **Any orders**: it answers whatever people want.
// 2. **An order**: what it gives has no circles.
// 3. **Unanimity**: if all put $a$ before $b$, so does it.
// 4. **Independence of irrelevant alternatives**: whether $a$ stands before $b$ depends only on who puts $a$ before $b$, not on what they think of $c$.
//
// Independence makes rules *few*, so few that one can try them all. For two people there are four patterns of who
// puts $a$ before $b$: nobody, the first, the second, both. A rule for the pair is an answer to each, $2^4=16$ in
// all; for three pairs $16^3=4{,}096$. The next cell is not an illustration of the theorem. For two people and
// three options it **is** the proof.

// %%
const pattern = (ballots: Ballot[], x: number, y: number) =>
  ballots.reduce((bits, b, v) => bits + (sign(b, x, y) === 1 ? 1 << v : 0), 0);
const patterns = six.flatMap((first) =>
  six.map((second) => [0, 1, 2].map((x) => pattern([first, second], x, (x + 1) % 3))),
);
const answer = (rule: number, on: number) => (rule >> on) & 1; // a rule is four bits

const withoutCircles: number[][] = [];
for (let ab = 0; ab < 16; ab++)
  for (let bc = 0; bc < 16; bc++)
    for (let ca = 0; ca < 16; ca++) {
      const isOrder = ([x, y, z]: number[]) =>
        new Set([answer(ab, x), answer(bc, y), answer(ca, z)]).size > 1;
      if (patterns.every(isOrder)) withoutCircles.push([ab, bc, ca]);
    }
const unanimous = withoutCircles.filter((rule) =>
  rule.every((pair) => answer(pair, 3) === 1 && answer(pair, 0) === 0),
);

// %%
console.log(`Of ${16 ** 3} rules ${withoutCircles.length} never give a circle,`);
console.log(`and ${unanimous.length} of these respect unanimity:`);
for (const rule of unanimous) {
  const follows = rule.every((pair) => pair === 0b1010) ? "first" : "second";
  const bits = rule.map((pair) => pair.toString(2)).join(" ");
  console.log(`  ${bits}: the ${follows} person's order, always.`);
}

// %% [markdown]
// Read a survivor from right to left: the answer to “nobody”, “only the first”, “only the second”, “both”. `1010`
// says yes whenever the first person does. Both survivors are **dictators**. That was your prediction **b**.
//
// What are the 94 that only avoid circles? And what if one asks for a little less, or for a little more people?
// `arrowSearch` is the same search, for these cases.

// %%
const kinds = arrowSearch({ voters: 2 }).rules;
const dictators = kinds.filter((rule) => dictatorOf(rule) !== undefined).length;
const reversed = kinds.filter((rule) => antiDictatorOf(rule) !== undefined).length;
const constant = kinds.filter(isConstant).length;
table(
  [
    { kind: "the same order, whatever people want", rules: constant },
    {
      kind: "one option always first or last, the rest decided",
      rules: kinds.length - constant - dictators - reversed,
    },
    { kind: "follows one person", rules: dictators },
    { kind: "follows the opposite of one person", rules: reversed },
  ],
  {
    caption: "The 94 rules without circles",
    columns: { kind: "what it does", rules: "rules" },
  },
);

// %%
const singlePeaked = six.filter((ballot) => ballot[2] !== 1); // b is nobody's last
const asked = { voters: 2, unanimity: true };
const cases = {
  "all four, two people": asked,
  "all four, three people": { ...asked, voters: 3 },
  "and society may be indifferent": { ...asked, ties: true },
  "without unanimity": { voters: 2 },
  "without an order: circles allowed": { ...asked, transitivity: false },
  "b nobody's last, three people": { ...asked, voters: 3, domain: singlePeaked },
};
const searches = Object.entries(cases).map(([what, conditions]) => ({
  what,
  ...arrowSearch(conditions),
}));

// %%
table(
  searches.map(({ what, candidates, rules }) => ({
    what,
    candidates,
    survive: rules.length,
    dictators: rules.filter((rule) => dictatorOf(rule) !== undefined).length,
  })),
  {
    caption: "Arrow's conditions, one of them relaxed at a time",
    columns: {
      what: "what is asked",
      candidates: { title: "rules tried", format: ",d" },
      survive: { title: "survive", format: ",d" },
      dictators: "dictators among them",
    },
  },
);

// %% [markdown]
// Being allowed to be indifferent helps nobody, and with three people there are three dictators. Every condition
// can be given up, at a price:
//
// - **Unanimity**: 94 rules for two people; but for the two dictators and their two opposites, each has something fixed in advance, whatever people want.
// - **The order**: all 64 rules for two people, and you get circles.
// - **Any orders**: if all agree which option is never the worst (left, middle, right: the middle one), 1,585 rules survive, and majority is one of them. Black saw this in 1948 [10]. A society with one common axis can vote.
// - **Independence**: then Borda, Kemeny, Schulze are allowed. This is the condition that is given up most often. Also in RLHF, as we shall see.

// %%
const three = majorityRule(3);
const survivors = searches[5].rules;
const sameRule = survivors.some(
  (rule) => JSON.stringify(rule) === JSON.stringify(three),
);
console.log(
  `Majority is ${sameRule ? "" : "not "}among the ${survivors.length} rules.`,
);

// %% [markdown]
// ### What it means to give up independence
//
// Five people, three options, Borda's points. Take a **loser** off the menu, and ask again. In how many of the
// $6^5=7{,}776$ profiles does another option win now?

// %%
let overturned = 0;
let example: Ballot[] = [];
forEachProfile(5, 3, (ballots) => {
  const [winner, ...others] = highest(bordaScores(ballots));
  if (others.length > 0) return; // a tie, no single winner
  const upset = [0, 1, 2].some((loser) => {
    if (loser === winner) return false;
    const rival = 3 - winner - loser;
    return majorityMargins(ballots)[rival][winner] > 0; // two are left: points are votes
  });
  if (upset) overturned += 1;
  if (upset && example.length === 0) example = [...ballots];
});
const share = ((100 * overturned) / 6 ** 5).toFixed(1);
console.log(`${overturned} of ${6 ** 5} profiles, ${share} %. For instance:`);
for (const ballot of example)
  console.log(`  ${ballot.map((i) => "abc"[i]).join(" ≻ ")}`);
const points = [...bordaScores(example)].map((n, i) => `${"abc"[i]} ${n}`).join(", ");
console.log(`Points: ${points}.`);

// %% [markdown]
// In the example b wins with 7 points to 6. Strike out c, which nobody would have chosen, and a beats b by three
// votes to two: what two people think of c had decided between a and b. With two, three or four people it never
// happens, which is a reason not to test such things on the smallest case only.
//
// ### A reward model is an election by Borda's rule
//
// Now the labels. Annotators of different kinds $t$, with shares $s_t$, compare replies; nobody writes down who is
// who. What the pot contains is, for every pair, the share $P_{ij}=\sum_t s_t\,\sigma(u_{ti}-u_{tj})$ that prefers
// $i$ to $j$. A Bradley–Terry model is fitted to it (lesson 03), with as many labels as one likes. Its gradient is
// what happened minus what was expected, and at the maximum
//
// $$\sum_{j\ne i}\sigma(\theta_i-\theta_j)=\sum_{j\ne i}P_{ij}=:B_i .$$
//
// The right side is **Borda's count**: how often $i$ wins against the others. And the left side is, but for the
// constant $\sigma(0)=\frac12$, one and the same growing function $f(\theta)=\sum_k\sigma(\theta-\theta_k)$, taken
// at $\theta_i$. So $\theta_i>\theta_j$ exactly when $B_i>B_j$: the reward model puts replies **in Borda's
// order**, whatever the annotators are like [2]. Not in the order of their mean utility.
//
// Random populations: three kinds of people (half, three tenths, two tenths), five replies, utilities drawn at
// random.

// %%
const orderOf = (scores: ArrayLike<number>) =>
  Array.from(scores, (_, i) => i)
    .sort((i, j) => scores[j] - scores[i])
    .join();
const crowd = Array.from({ length: populations }, (_, seed): Population => {
  const draw = new Rng(seed);
  const taste = () => [0, 0, 0, 0, 0].map(() => 3 * draw.normal());
  return { utilities: [taste(), taste(), taste()], shares: [0.5, 0.3, 0.2] };
});
const fittedOrders = crowd.map((population) =>
  orderOf(bradleyTerry(populationComparisons(population)).strengths),
);
const asBorda = fittedOrders.filter(
  (o, i) => o === orderOf(populationBordaScores(crowd[i])),
);
const asMean = fittedOrders.filter(
  (o, i) => o === orderOf(utilitarianWelfare(crowd[i])),
);

// %%
const ofAll = (orders: string[]) => `${orders.length} of ${populations}`;
table(
  [
    { order: "Borda's count", agree: ofAll(asBorda) },
    { order: "mean utility", agree: ofAll(asMean) },
  ],
  {
    caption: "Populations whose pooled reward model gives the same order",
    columns: { order: "same order as", agree: "populations" },
  },
);

// %% [markdown]
// The first line is a theorem, so it must be all of them. The second was your prediction **c**.
//
// ### How wrong can it get?
//
// After an idea of the same paper: twenty-one replies of strength $a=0,\,0.05,\dots,1$. Up to 0.8 everybody likes
// $a$ as much as its number says. Above, opinions part: half of the people find it twice as good ($u=2a$), half
// worthless ($u=0$). The mean utility is $a$ all the way, so on average 1.00 is best. Ten thousand labels; the
// annotators never err.

// %%
const strengths = Array.from({ length: 21 }, (_, i) => i / 20);
const names = strengths.map(String);
const liking = (a: number, z: number) => (a < 0.8 ? a : 2 * a * z);
function poolOfLabels(count: number, seed: number): Comparison<string>[] {
  const draw = new Rng(seed);
  return Array.from({ length: count }, () => {
    const [i, j] = draw.permutation(21);
    const z = draw.integer(2); // who is asked: nobody writes it down
    const gap = liking(strengths[i], z) - liking(strengths[j], z);
    const preference = gap === 0 ? "tie" : gap > 0 ? 1 : 0;
    return {
      first: names[i],
      second: names[j],
      preference,
      annotator: `z = ${z}`,
      time: "",
    };
  });
}

// %%
const rewardOf = (labels: Comparison<string>[]) =>
  bradleyTerry(countComparisons(labels, { names }), { priorPrecision: 0.01 }).strengths;
const pools = [0, 1, 2, 3, 4].map((seed) => poolOfLabels(10_000, seed));
const rewards = pools.map(rewardOf);
const chosen = rewards.map((reward) => strengths[reward.indexOf(Math.max(...reward))]);
const picked = [...new Set(chosen)].join(", ");
bandChart(
  { "pooled reward model": rewards },
  {
    title: "What the pot of labels makes of a divided public",
    caption: `Mean and 95 % band of 5 pools. Their best: ${picked}. Best on average: 1.`,
    at: strengths,
    x: "strength of the reply, a (its mean utility)",
    y: "fitted reward (nats)",
    reference: { x: 0.8, label: "opinions part" },
  },
);

// %% [markdown]
// The reward falls off a cliff where opinions part. Half the people would be twice as happy beyond it, and the
// model does not see it: a win by a hair and a win by miles are one win each. Whether avoiding 0.8 and more is
// *wrong* is another matter: it spares half of the people a worthless reply. But nobody decided it. It happened.
//
// ### Three ways of adding people up
//
// If one does decide: by what? Three classics. The **utilitarian** takes the greatest mean utility. **Nash** [11]
// takes the greatest product of what each gains over having no agreement at all: $\sum_t s_t\log(u_t-d_t)$.
// **Maximin** (Rawls [12]) looks only at the worst-off. The same three kinds of people, four plans. **Slide the
// unit** in which the third kind's utility is written. As lesson 01 showed, this changes nothing that anybody
// chooses.

// %%
const plans = ["plan A", "plan B", "plan C", "plan D"];
const wishes = [
  [9, 5, 6, 1], // half of the people
  [2, 6, 5, 3], // three tenths
  [1, 3, 2, 8], // two tenths
];
const fromWorstToBest = (values: Float64Array) => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => (value - low) / (high - low));
};
function scaledWelfare(unit: number) {
  const utilities = [wishes[0], wishes[1], wishes[2].map((u) => unit * u)];
  const people: Population = { utilities, shares: [0.5, 0.3, 0.2] };
  return {
    utilitarian: fromWorstToBest(utilitarianWelfare(people)),
    Nash: fromWorstToBest(nashWelfare(people, [0, 0, 0])),
    maximin: fromWorstToBest(maximinWelfare(people)),
  };
}

// %%
sliderChart([0.25, 0.5, 1, 2, 3, 4, 6], scaledWelfare, {
  title: "Which plan is best depends on a unit, for two of the three",
  slider: "unit of the third kind's utility",
  start: 2,
  at: [1, 2, 3, 4],
  x: "plan (1 is A, 4 is D)",
  y: "welfare (worst plan 0, best 1)",
});

// %%
const choices = [0.25, 1, 4].map((unit) => {
  const welfare = scaledWelfare(unit);
  const best = Object.entries(welfare).map(([rule, y]) => [rule, plans[y.indexOf(1)]]);
  return { unit, ...(Object.fromEntries(best) as Record<string, string>) };
});
table(choices, { caption: "The best plan, by unit of the third kind's utility" });

// %% [markdown]
// Nash's product does not care: a unit factors out. It pays by needing a zero, the point of no agreement, and
// whoever sets that zero has power. Maximin needs to know who is worse off than whom, which is a comparison
// between people too. Utilitarian, Nash, maximin: on these people each can defend another plan. Choosing among
// them is not a matter of data.
//
// ## 9 · Break it
//
// **Write down who answered.** The remedy for the divided public: keep the annotators apart, and fit one reward
// model to each kind.

// %%
const apart = [0, 1].map((z) =>
  rewardOf(pools[0].filter(({ annotator }) => annotator === `z = ${z}`)),
);
lineChart(
  {
    pooled: fromWorstToBest(rewards[0]),
    "z = 0: worthless above 0.8": fromWorstToBest(apart[0]),
    "z = 1: twice as good": fromWorstToBest(apart[1]),
  },
  {
    title: "The same labels, by who gave them",
    at: strengths,
    x: "strength of the reply, a (its mean utility)",
    y: { title: "fitted reward (worst 0, best 1)", domain: [0, 1.15] },
    reference: { x: 0.8, label: "opinions part" },
  },
);

// %% [markdown]
// Apart, both are plain: one kind climbs to 1.0, the other drops to the bottom. The pooled curve is nobody's.
// (Labels without any error push a fit apart without bound, so each curve is drawn on a scale of its own.) The
// labels you gave in this course carry your pseudonym for this reason.
//
// **Lie.** Suppose people know the rule. In how many of the 216 profiles of three people can *somebody* get what
// they like better by stating a false order? Ties go to the first letter.

// %%
const electionRules: Record<string, (ballots: readonly Ballot[]) => number> = {
  plurality: (ballots) => highest(pluralityScores(ballots))[0],
  "run-off": runOffWinner,
  Borda: (ballots) => highest(bordaScores(ballots))[0],
  Schulze: (ballots) => schulzeWinners(ballots)[0],
  dictator: ([first]) => first[0],
};
function someoneGains(
  rule: (typeof electionRules)[string],
  ballots: readonly Ballot[],
): boolean {
  const honest = rule(ballots);
  return ballots.some((own, voter) =>
    six.some((lie) => {
      const outcome = rule(ballots.map((ballot, v) => (v === voter ? lie : ballot)));
      return own.indexOf(outcome) < own.indexOf(honest);
    }),
  );
}

// %%
const liable = Object.entries(electionRules).map(([rule, winner]) => {
  let profiles = 0;
  forEachProfile(3, 3, (ballots) => {
    if (someoneGains(winner, ballots)) profiles += 1;
  });
  return { rule, profiles, share: profiles / 216 };
});
table(liable, {
  caption: "Profiles in which a lie pays for somebody",
  columns: {
    rule: "rule",
    profiles: "of 216",
    share: { title: "share", format: ".0%" },
  },
});

// %% [markdown]
// Borda's is the easiest to cheat of these. Only the dictatorship is safe, and Gibbard [13] and Satterthwaite [14]
// proved that this is no accident: with three options or more, every rule that can elect any of them and cannot be
// cheated is a dictatorship. And the rule of the pot of labels is Borda's: an annotator who exaggerates moves the
// model.
//
// ## 10 · Look back

// %%
await reveal(guessCycles, Math.round((1000 * 12) / 216) / 10);
await reveal(guessRules, unanimous.length);
await reveal(guessOrder, Math.round((100 * asMean.length) / populations));

// %% [markdown]
// **What to take along**
// - Consistent people can make an inconsistent group. More options, more circles; a common axis, none.
// - No rule has all of Arrow's four properties but a dictator's. Every actual rule has given one up: ask which.
// - Labels thrown together are an election by Borda's rule: it counts wins, not how much they matter, and the rest of the menu takes part.
// - Mean, product or minimum of utilities: three answers to “best for all”, and none is in the data.
// - Write down who answered. What was never recorded cannot be weighed later.
//
// **Read** Arrow's book [1]; it is short. For what all this may mean for assistants: Conitzer et al. [15].
//
// **An open question.** Two groups of users want opposite things of an assistant, and both are large. One model
// for the mean, one by Nash's product, one that keeps 0.75, or two models? And who is asked: those who label,
// those who use it, or those it is used on?
//
// **References**
// 1. K. J. Arrow (1951). *Social Choice and Individual Values*. Wiley; 2nd ed. 1963, Yale.
// 2. A. Siththaranjan, C. Laidlaw, D. Hadfield-Menell (2023). Distributional preference learning: understanding and accounting for hidden context in RLHF. [arXiv:2312.08358](https://arxiv.org/abs/2312.08358), section 3.
// 3. J.-C. de Borda (1781). Mémoire sur les élections au scrutin. *Histoire de l'Académie royale des sciences*.
// 4. M. J. A. N. de Condorcet (1785). *Essai sur l'application de l'analyse à la probabilité des décisions rendues à la pluralité des voix*. Paris.
// 5. J. G. Kemeny (1959). Mathematics without numbers. *Daedalus* 88, 577–591.
// 6. M. Schulze (2011). A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election method. *Social Choice and Welfare* 36, 267–303.
// 7. W. F. Sheppard (1899). On the application of the theory of error to cases of normal distribution and normal correlation. *Philosophical Transactions A* 192, 101–167.
// 8. G.-T. Guilbaud (1952). Les théories de l'intérêt général et le problème logique de l'agrégation. *Économie appliquée* 5, 501–584.
// 9. J. Malkevitch (1990). Mathematical theory of elections. *Annals of the New York Academy of Sciences* 607, 89–97.
// 10. D. Black (1948). On the rationale of group decision-making. *Journal of Political Economy* 56, 23–34.
// 11. J. F. Nash (1950). The bargaining problem. *Econometrica* 18, 155–162.
// 12. J. Rawls (1971). *A Theory of Justice*. Harvard.
// 13. A. Gibbard (1973). Manipulation of voting schemes: a general result. *Econometrica* 41, 587–601.
// 14. M. A. Satterthwaite (1975). Strategy-proofness and Arrow's conditions. *Journal of Economic Theory* 10, 187–217.
// 15. V. Conitzer et al. (2024). Social choice should guide AI alignment in dealing with diverse human feedback. [arXiv:2404.10271](https://arxiv.org/abs/2404.10271).
