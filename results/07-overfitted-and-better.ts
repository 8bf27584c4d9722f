import { chainRows, mean, Rng } from "../lib/index";
import { chainLab, demonstrations, judge, pretrain, tuneOnce, type ChainLab } from "./chains";
import { heldMean, summary, type Figure, type Recipe, type Values } from "./recipe";

const epochs = 20;
const validation = chainRows(demonstrations(200, new Rng("fresh")));
let lab: ChainLab | undefined;

const shares = {
  showForm: "SHOW: right form",
  showRight: "SHOW: right answer",
  onlyForm: "ONLY: right form",
  onlyRight: "ONLY: right answer",
};
const stages = { before: "before tuning", lowest: "at the lowest loss", end: "after 20 epochs" };

/** What can be said of the model as it is. */
function mark(open: ChainLab) {
  const { score, show, only } = judge(open, "sampled");
  return {
    loss: open.trainer.evaluate(validation),
    score,
    greedy: judge(open, "greedy").score,
    showForm: show.format,
    showRight: show.right,
    onlyForm: only.format,
    onlyRight: only.right,
  };
}

export const recipe: Recipe = {
  title: "Instruction tuning: the loss on fresh demonstrations rises, the judged score too",
  about:
    "Chain addition; a base model of 52,000 weights, 64 demonstrations (half SHOW, half ONLY), loss on the replies only, batches of 8, AdamW " +
    "1e-3, 20 epochs. After each: the loss on 200 fresh demonstrations, and a judge who gives a point for the form and one for the right answer " +
    "in it, on 2 × 300 fresh problems with sampled replies (temperature 1). The end is the mean of epochs 18 to 20.",
  seeds: { smoke: 1, quick: 5, full: 20 },
  run(seed): Values {
    lab ??= chainLab();
    const rng = new Rng(`seed ${seed}`);
    pretrain(lab, rng.split("base"));
    const examples = demonstrations(64, rng.split("demonstrations"));
    const order = rng.split("order");
    lab.trainer.restart();
    const marks = [mark(lab)];
    for (let epoch = 1; epoch <= epochs; epoch++) {
      tuneOnce(lab, examples, order, { rate: 1e-3 });
      marks.push(mark(lab));
    }
    const losses = marks.map(({ loss }) => loss);
    const epoch = losses.indexOf(Math.min(...losses));
    const lowest = marks[epoch];
    const late = (what: keyof typeof lowest): number => mean(marks.slice(-3).map((one) => one[what])); // prettier-ignore
    const byStage = Object.keys(shares).flatMap((what) => {
      const key = what as keyof typeof shares;
      return [
        [`${what} before`, marks[0][key]],
        [`${what} lowest`, lowest[key]],
        [`${what} end`, late(key)],
      ] as const;
    });
    return {
      epoch,
      lowest: lowest.loss,
      last: marks[epochs].loss,
      lossRise: (100 * marks[epochs].loss) / lowest.loss - 100,
      score: lowest.score,
      scoreRise: late("score") - lowest.score,
      greedyRise: late("greedy") - lowest.greedy,
      ...Object.fromEntries(byStage),
    };
  },
  report(rows) {
    const figures: Record<string, Figure> = {
      epoch: { title: "epoch of the lowest loss" },
      lowest: { title: "lowest loss (nats a token)", digits: 2 },
      last: { title: "loss after 20 epochs (nats a token)", digits: 2 },
      lossRise: { title: "rise of the loss (%)", digits: 0 },
      score: { title: "judged score at the lowest loss (points of 2)", digits: 2 },
      scoreRise: { title: "rise of the judged score from there", digits: 3 },
      greedyRise: { title: "the same, likeliest answers instead of sampled ones", digits: 3 },
    };
    for (const [what, title] of Object.entries(shares))
      for (const [stage, when] of Object.entries(stages))
        figures[`${what} ${stage}`] = { title: `${title}, ${when}`, digits: 2 };
    return [
      summary(rows, figures),
      heldMean(rows, "lossRise", { title: "the rise of the loss (%)", digits: 0, atLeast: 8 }),
      heldMean(rows, "scoreRise", { title: "the rise of the judged score", atLeast: 0 }),
    ].join("\n\n");
  },
};
