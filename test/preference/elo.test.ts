import assert from "node:assert/strict";

import { Rng } from "../../lib/core/rng";
import { sigmoid, standardDeviation } from "../../lib/core/statistics";
import { battlesFromWins, reorderBattles } from "../../lib/preference/battles";
import {
  bradleyTerry,
  bradleyTerryGradient,
  bradleyTerryLogLikelihood,
} from "../../lib/preference/bradleyTerry";
import { countsFromRows, expandCounts } from "../../lib/preference/countTables";
import {
  elo,
  eloExpectedScore,
  eloFromStrengths,
  eloOverOrders,
  eloPointsPerNat,
  eloUpdate,
  strengthsFromElo,
} from "../../lib/preference/elo";
import { baseball, farthest, numericalGradient } from "./cases";

describe("eloExpectedScore", () => {
  it("is 10 : 1 at 400 points, and σ of the difference in nats", () => {
    assert.ok(Math.abs(eloExpectedScore(1400, 1000) - 10 / 11) < 1e-15);
    assert.ok(Math.abs(eloExpectedScore(1100, 1000) - sigmoid(100 / eloPointsPerNat)) < 1e-15);
    assert.ok(Math.abs(eloPointsPerNat - 173.7178) < 1e-4);
  });
});

describe("eloUpdate", () => {
  it("by hand: equals play, K 32, the winner gains 16", () =>
    assert.deepEqual(eloUpdate(1000, 1000, 1), [1016, 984]));
  it("a tie moves the stronger down: at 400 points 32·(½ − 10/11) = −13.09", () => {
    const [strong, weak] = eloUpdate(1400, 1000, 0.5);
    assert.ok(Math.abs(strong - (1400 + 32 * (0.5 - 10 / 11))) < 1e-12);
    assert.ok(Math.abs(strong + weak - 2400) < 1e-12);
  });
  it("is a step of gradient ascent on the Bradley–Terry log-likelihood of one battle", () => {
    const counts = countsFromRows(["A", "B"], [[0, 1, 1, 0, 0]]);
    const ratings = [1100, 1050];
    const gradient = bradleyTerryGradient(strengthsFromElo(ratings), counts);
    const [a, b] = eloUpdate(ratings[0], ratings[1], 1, 20);
    assert.ok(
      farthest(
        [a - ratings[0], b - ratings[1]],
        gradient.map((g) => 20 * g),
      ) < 1e-12,
    );
    const slope = numericalGradient(
      (x) => bradleyTerryLogLikelihood(x, counts),
      strengthsFromElo(ratings),
    );
    assert.ok(farthest(slope, gradient) < 1e-8);
  });
  it("refuses a score that is none and a K that is not above 0", () => {
    assert.throws(() => eloUpdate(1000, 1000, 2), /score must be in \[0, 1\], got 2/);
    assert.throws(() => eloUpdate(1000, 1000, 1, 0), /kFactor must be a finite number above 0/);
    assert.throws(() => eloExpectedScore(NaN, 1), /ratingA must be a finite number, got NaN/);
    assert.throws(() => eloExpectedScore(1, NaN), /ratingB must be a finite number, got NaN/);
  });
});

describe("elo", () => {
  const games = expandCounts(baseball());

  it("by hand: A beats B, then B beats C", () => {
    const { names, ratings } = elo(battlesFromWins(["A", "B"], ["B", "C"]), {
      kFactor: 32,
      initial: 1000,
    });
    const expected = 1 / (1 + 10 ** (16 / 400)); // B has 984, C 1000
    assert.deepEqual(names, ["A", "B", "C"]);
    assert.ok(
      farthest(ratings, [1016, 984 + 32 * (1 - expected), 1000 - 32 * (1 - expected)]) < 1e-12,
    );
  });
  it("depends on the order of the battles, as Bradley–Terry does not", () => {
    const backwards = reorderBattles(
      games,
      Array.from({ length: 273 }, (_, k) => 272 - k),
    );
    assert.ok(farthest(elo(games).ratings, elo(backwards).ratings) > 10);
  });
  it("keeps the mean of the ratings", () => {
    const { ratings } = elo(games, { initial: 1500 });
    assert.ok(Math.abs(ratings.reduce((a, b) => a + b) / 7 - 1500) < 1e-9);
  });
  it("at K 32 a final rating varies by 25 to 45 points over the order of the 1987 season", () => {
    const samples = eloOverOrders(games, { rng: new Rng("orders"), orders: 200 });
    const spreads = games.names.map((_, i) =>
      standardDeviation(samples.map((ratings) => ratings[i])),
    );
    const spread = spreads.reduce((a, b) => a + b) / 7;
    assert.ok(spread > 25 && spread < 45, `${spread}`);
  });
  it("over many passes with a decaying K comes within two points of Bradley–Terry", () => {
    const options = {
      passes: 50,
      kFactor: (pass: number) => 32 / (1 + pass),
      rng: new Rng("passes"),
    };
    const { ratings } = elo(games, options);
    assert.ok(farthest(ratings, eloFromStrengths(bradleyTerry(baseball()).strengths)) < 2);
  });
  it("repeats itself for the same seed", () => {
    const once = () => elo(games, { rng: new Rng(9) }).ratings;
    assert.deepEqual(once(), once());
  });
  it("moves by the weight of a battle", () => {
    const { ratings } = elo(battlesFromWins(["A"], ["B"], { weights: [0.5] }));
    assert.deepEqual([...ratings], [1008, 992]);
  });
  it("refuses to take random orders without a generator", () =>
    assert.throws(
      () => eloOverOrders(games, { orders: 3 } as never),
      /rng must be .*new Rng\(1\)/,
    ));
  it("refuses a K that falls to 0", () =>
    assert.throws(() => elo(games, { kFactor: () => 0 }), /kFactor/));
});

describe("eloFromStrengths, strengthsFromElo", () => {
  it("undo each other: ln 10 nats are 400 points", () => {
    assert.ok(farthest(eloFromStrengths([Math.LN10 / 2, -Math.LN10 / 2]), [1200, 800]) < 1e-12);
    assert.ok(farthest(strengthsFromElo([1200, 800]), [Math.LN10 / 2, -Math.LN10 / 2]) < 1e-14);
  });
  it("puts Milwaukee 275 points above Baltimore in 1987", () => {
    const fit = bradleyTerry(baseball());
    assert.ok(
      Math.abs(fit.difference("Milwaukee", "Baltimore").estimate * eloPointsPerNat - 275) < 0.5,
    );
  });
});
