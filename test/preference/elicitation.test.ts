import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
import {
  Bisection,
  fitRiskAversion,
  gambleProbability,
  mostInformativeQuestion,
  riskAversionOfEndPoints,
} from "../../lib/preference/elicitation";
import type { RiskAnswer, RiskNoise, RiskQuestion } from "../../lib/preference/elicitation";
import { cara, certaintyEquivalentUnder, crra, gamble } from "../../lib/preference/utility";
import type { MoneyUtility } from "../../lib/preference/utility";

const lotteries = [
  gamble([100, 10], [0.5, 0.5]),
  gamble([80, 5], [0.5, 0.5]),
  gamble([100, 5], [0.75, 0.25]),
  gamble([60, 10], [0.25, 0.75]),
  gamble([100, 20], [0.5, 0.5]),
  gamble([90, 10], [0.6, 0.4]),
];

/** Somebody with a utility, who errs. */
const person = (utility: MoneyUtility, noise: RiskNoise, rng: Rng) => (question: RiskQuestion) =>
  rng.bernoulli(gambleProbability(question, utility, noise));

/** Five questions of bisection on each of n/5 lotteries; also γ by least squares on the end points. */
function askByBisection(choose: (question: RiskQuestion) => boolean, questions: number) {
  const searches = Array.from({ length: questions / 5 }, (_, k) => new Bisection(lotteries[k % 6]));
  for (const search of searches) for (let k = 0; k < 5; k++) search.answer(choose(search.question));
  const answers = searches.flatMap((search) => search.answers);
  const endPoints = riskAversionOfEndPoints(searches);
  return { answers, endPoints };
}

const rootMeanSquare = (errors: number[]) =>
  Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);

describe("gambleProbability", () => {
  it("is ½ at the certainty equivalent, and ε/2 from the ends where the choice is clear", () => {
    const noise = { sensitivity: 20, slips: 0.04 };
    const sure = certaintyEquivalentUnder(lotteries[0], crra(0.5));
    assert.ok(
      Math.abs(gambleProbability({ gamble: lotteries[0], sure }, crra(0.5), noise) - 0.5) < 1e-12,
    );
    const clear = gambleProbability({ gamble: lotteries[0], sure: 10 }, crra(0.5), {
      ...noise,
      sensitivity: 1e4,
    });
    assert.ok(Math.abs(clear - 0.98) < 1e-12);
    assert.throws(
      () =>
        gambleProbability({ gamble: lotteries[0], sure: 10 }, crra(0), {
          sensitivity: 0,
          slips: 0,
        }),
      /sensitivity/,
    );
    assert.throws(
      () => gambleProbability({ gamble: lotteries[0], sure: NaN }, cara(0.01), noise),
      /the sure amount .* got NaN/,
    );
  });
});

describe("Bisection", () => {
  it("by hand: of 100 or 10, taken, refused, taken: 55, 77.5, 66.25, then between 66.25 and 77.5", () => {
    const search = new Bisection(lotteries[0]);
    const asked = [true, false, true].map((took) => {
      const { sure } = search.question;
      search.answer(took);
      return sure;
    });
    assert.deepEqual(asked, [55, 77.5, 66.25]);
    assert.deepEqual([search.low, search.high, search.certaintyEquivalent], [66.25, 77.5, 71.875]);
    assert.throws(() => new Bisection(gamble([5], [1])), /sure thing/);
  });
});

describe("fitRiskAversion", () => {
  it("finds the risk aversion of somebody who never errs", () => {
    const rng = new Rng("exact");
    const noise = { sensitivity: 1e6, slips: 0 };
    for (const gamma of [0.1, 0.5, 0.9, 1.3]) {
      const { answers, endPoints } = askByBisection(person(crra(gamma), noise, rng), 20);
      assert.ok(Math.abs(fitRiskAversion(answers).mostLikely - gamma) <= 0.1, `${gamma}`);
      assert.ok(Math.abs(endPoints - gamma) <= 0.1);
    }
  });

  it("repairs the slips that a bisection cannot: it errs by less than the end points of the same clicks", () => {
    const rng = new Rng("slips");
    const errors = { fit: [] as number[], endPoints: [] as number[] };
    let held = 0;
    for (let k = 0; k < 150; k++) {
      const gamma = 1.5 * rng.uniform();
      const { answers, endPoints } = askByBisection(
        person(crra(gamma), { sensitivity: 20, slips: 0.02 }, rng),
        30,
      );
      const fit = fitRiskAversion(answers);
      errors.fit.push(fit.mostLikely - gamma);
      errors.endPoints.push(endPoints - gamma);
      if (fit.low <= gamma && gamma <= fit.high) held++;
    }
    const [fitted, halved] = [rootMeanSquare(errors.fit), rootMeanSquare(errors.endPoints)];
    assert.ok(fitted < 0.16 && fitted < halved, `${fitted} ${halved}`);
    assert.ok(held >= 134 && held <= 150, `${held} of 150 intervals hold the truth`); // 95 % less 4 sd
  });

  it("tells CRRA from CARA when two stakes were asked", () => {
    const rng = new Rng("families");
    const stakes = [
      ...lotteries,
      ...lotteries.map((l) =>
        gamble(
          l.outcomes.map((x) => 4 * x),
          l.probabilities,
        ),
      ),
    ];
    const candidates = Array.from({ length: 41 }, (_, k) => 0.002 * k);
    let right = 0;
    for (let k = 0; k < 20; k++) {
      const truth =
        k % 2 === 0 ? crra(0.4 + 0.8 * rng.uniform()) : cara(0.01 + 0.03 * rng.uniform());
      const choose = person(truth, { sensitivity: 20, slips: 0.02 }, rng);
      const answers = stakes.flatMap((l) => {
        const search = new Bisection(l);
        for (let n = 0; n < 7; n++) search.answer(choose(search.question));
        return search.answers;
      });
      const [relative, absolute] = [
        fitRiskAversion(answers),
        fitRiskAversion(answers, { family: cara, grid: candidates }),
      ];
      if (relative.logLikelihood > absolute.logLikelihood === (k % 2 === 0)) right++;
    }
    assert.ok(right >= 16, `${right} of 20`); // measured 98 of 100 at 80 answers
  });

  it("returns the prior when the answers say nothing", () => {
    const nothing: RiskAnswer[] = [{ gamble: lotteries[0], sure: 55, tookGamble: true }];
    const logPrior = (g: number) => -0.5 * ((g - 0.7) / 0.3) ** 2;
    const { mean } = fitRiskAversion(nothing, { sensitivities: [1e-9], logPrior });
    assert.ok(Math.abs(mean - 0.7) < 0.02);
  });

  it("has an interval that cuts within a step of the grid: half of a flat posterior on 0 … 3 is ½ … 2½", () => {
    const nothing: RiskAnswer[] = [{ gamble: lotteries[0], sure: 55, tookGamble: true }];
    const options = { grid: [0, 1, 2, 3], sensitivities: [1e-9], level: 0.5 };
    const { low, high } = fitRiskAversion(nothing, options);
    assert.ok(Math.abs(low - 0.5) < 1e-6 && Math.abs(high - 2.5) < 1e-6, `${low} ${high}`);
  });

  it("refuses no answers", () => assert.throws(() => fitRiskAversion([]), /at least 1 entry/));
  it("refuses an answer that does not say what was taken, or of what", () => {
    const good = { gamble: lotteries[0], sure: 40, tookGamble: true };
    const fit = (wrong: object) => () => fitRiskAversion([good, { ...good, ...wrong }]);
    assert.throws(
      fit({ tookGamble: undefined }),
      /answers\[1\].tookGamble must be .* got undefined/,
    );
    assert.throws(fit({ sure: NaN }), /answers\[1\].sure must be a finite number, got NaN/);
    assert.throws(fit({ gamble: gamble([5], [1]) }), /two different outcomes/);
  });
});

describe("mostInformativeQuestion", () => {
  const candidates = [15, 30, 45, 55, 70, 90].map((sure) => ({ gamble: lotteries[0], sure }));
  it("asks near the certainty equivalent of what is believed, not at the ends", () => {
    const rng = new Rng("adaptive");
    const { answers } = askByBisection(person(crra(0.5), { sensitivity: 40, slips: 0 }, rng), 5);
    const { sure } = mostInformativeQuestion(fitRiskAversion(answers), candidates);
    assert.ok(sure === 30 || sure === 45, `${sure}`); // CE of 100 or 10 under √ is 43
  });
  it("equals the enumerated mutual information", () => {
    const fit = fitRiskAversion([{ gamble: lotteries[0], sure: 40, tookGamble: true }], {
      grid: [0, 1],
      sensitivities: [20],
    });
    const entropy = (p: number) => -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    const worth = (question: RiskQuestion) => {
      const p = [0, 1].map((g) =>
        gambleProbability(question, crra(g), { sensitivity: 20, slips: 0.02 }),
      );
      const mixed = fit.posterior[0] * p[0] + fit.posterior[1] * p[1];
      return entropy(mixed) - fit.posterior[0] * entropy(p[0]) - fit.posterior[1] * entropy(p[1]);
    };
    const best = candidates.reduce((a, b) => (worth(b) > worth(a) ? b : a));
    assert.equal(mostInformativeQuestion(fit, candidates), best);
  });
});
