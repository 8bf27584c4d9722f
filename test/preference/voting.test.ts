import assert from "node:assert/strict";

import fc from "fast-check";

import { Rng } from "../../lib/core/rng";
import {
  allRankings,
  highest,
  bordaScores,
  condorcetWinner,
  forEachProfile,
  kemenyRanking,
  majorityMargins,
  pluralityScores,
  runOffWinner,
  schulzeWinners,
  withoutOption,
} from "../../lib/preference/voting";
import type { Ballot } from "../../lib/preference/voting";
import {
  countParadoxes,
  paradoxLimitOfThree,
  paradoxShare,
  paradoxShareOfManyVoters,
} from "../../lib/preference/votingParadox";

/** n copies of each ballot, written as letters: "3 abc". */
const profile = (...lines: string[]): number[][] =>
  lines.flatMap((line) => {
    const [n, order] = line.split(" ");
    return Array.from({ length: Number(n) }, () =>
      [...order].map((letter) => letter.charCodeAt(0) - 97),
    );
  });

const anyProfile = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 2, max: 5 }), fc.integer())
  .map(([voters, options, seed]): number[][] => {
    const rng = new Rng(seed);
    return Array.from({ length: voters }, () => rng.permutation(options));
  });

describe("majorityMargins, condorcetWinner", () => {
  it("Condorcet's circle has margins of one all round, and no winner", () => {
    const margins = majorityMargins(profile("1 abc", "1 bca", "1 cab"));
    assert.deepEqual(
      margins.map((row) => [...row]),
      [
        [0, 1, -1],
        [-1, 0, 1],
        [1, -1, 0],
      ],
    );
    assert.equal(condorcetWinner(margins), undefined);
  });
  it("an option that beats all others is found, and a tie is not enough", () => {
    assert.equal(condorcetWinner(majorityMargins(profile("2 bac", "1 abc"))), 1);
    assert.equal(condorcetWinner(majorityMargins(profile("1 ab", "1 ba"))), undefined);
  });
  it("refuse ballots that are incomplete, and say which", () => {
    assert.throws(
      () =>
        majorityMargins([
          [0, 1],
          [1, 1],
        ]),
      /ballot 1 must rank the options 0 … 1, each once, got 1 ≻ 1/,
    );
    assert.throws(() => bordaScores([]), /at least 1 entry/);
  });
});

describe("the rules on one electorate", () => {
  // Balinski and Laraki's example by shares of 100: every rule has another winner
  const hundred = profile("33 abcde", "16 bdcea", "3 cdbae", "8 cebda", "18 decba", "22 ecbda");
  it("plurality elects a, run-off d, Borda b, Condorcet's majority c", () => {
    assert.deepEqual(highest(pluralityScores(hundred)), [0]);
    assert.equal(condorcetWinner(majorityMargins(hundred)), 2);
    assert.deepEqual(highest(bordaScores(hundred)), [1]);
    assert.deepEqual(schulzeWinners(hundred), [2]);
    assert.equal(kemenyRanking(hundred).ranking[0], 2);
    assert.equal(runOffWinner(hundred), 3);
  });
});

describe("bordaScores", () => {
  it("by hand: abc and bca give a 2 + 0, b 1 + 2, c 0 + 1", () =>
    assert.deepEqual([...bordaScores(profile("1 abc", "1 bca"))], [2, 3, 1]));
  it("counts the comparisons won: half of the margin above half of all", () => {
    fc.assert(
      fc.property(anyProfile, (ballots) => {
        const margins = majorityMargins(ballots);
        const m = ballots[0].length;
        const won = margins.map(
          (row) => row.reduce((sum, x) => sum + x, 0) / 2 + (ballots.length * (m - 1)) / 2,
        );
        assert.deepEqual([...bordaScores(ballots)], won);
      }),
    );
  });
  it("breaks independence: removing a loser changes the winner in 0, 0, 0 and 240 profiles of 2, 3, 4 and 5 voters", () => {
    const violations = [2, 3, 4, 5].map((voters) => {
      let [changed, profiles] = [0, 0];
      forEachProfile(voters, 3, (ballots) => {
        profiles += 1;
        const winners = highest(bordaScores(ballots));
        if (winners.length > 1) return;
        const breaks = [0, 1, 2].some((loser) => {
          if (loser === winners[0]) return false;
          const left = highest(bordaScores(withoutOption(ballots, loser)));
          return left.length === 1 && left[0] !== winners[0] - (winners[0] > loser ? 1 : 0);
        });
        if (breaks) changed += 1;
      });
      return [changed, profiles];
    });
    assert.deepEqual(violations, [
      [0, 36],
      [0, 216],
      [0, 1296],
      [240, 7776],
    ]);
  });
});

describe("runOffWinner", () => {
  it("by hand: 4 abc, 3 bca, 2 cba: c goes, its two votes make b 5 to 4", () => {
    const ballots = profile("4 abc", "3 bca", "2 cba");
    assert.deepEqual(highest(pluralityScores(ballots)), [0]);
    assert.equal(runOffWinner(ballots), 1);
  });
});

describe("kemenyRanking", () => {
  it("is the best of all m! rankings", () => {
    const disagreements = (ranking: Ballot, ballots: readonly Ballot[]) => {
      let total = 0;
      for (const ballot of ballots) {
        for (let i = 0; i < ranking.length; i++) {
          for (let j = i + 1; j < ranking.length; j++) {
            if (ballot.indexOf(ranking[i]) > ballot.indexOf(ranking[j])) total += 1;
          }
        }
      }
      return total;
    };
    fc.assert(
      fc.property(anyProfile, (ballots) => {
        const kemeny = kemenyRanking(ballots);
        const least = Math.min(
          ...allRankings(ballots[0].length).map((r) => disagreements(r, ballots)),
        );
        assert.equal(kemeny.disagreements, least);
        assert.equal(disagreements(kemeny.ranking, ballots), least);
      }),
    );
  });
  it("refuses more options than it can place", () =>
    assert.throws(
      () => kemenyRanking([Array.from({ length: 17 }, (_, i) => i)]),
      /in \[1, 16\], got 17/,
    ));
});

describe("schulzeWinners", () => {
  it("follows the Condorcet winner where there is one, and so does Kemeny", () => {
    fc.assert(
      fc.property(anyProfile, (ballots) => {
        const winner = condorcetWinner(majorityMargins(ballots));
        fc.pre(winner !== undefined);
        assert.deepEqual(schulzeWinners(ballots), [winner]);
        assert.equal(kemenyRanking(ballots).ranking[0], winner);
      }),
    );
  });
  it("elects e in Schulze's own example of 45 voters", () => {
    const ballots = profile(
      "5 acbed",
      "5 adecb",
      "8 bedac",
      "3 cabed",
      "7 caebd",
      "2 cbade",
      "7 dceba",
      "8 ebadc",
    );
    assert.deepEqual(schulzeWinners(ballots), [4]);
  });
});

describe("withoutOption", () => {
  it("strikes an option and moves the later ones down", () =>
    assert.deepEqual(withoutOption(profile("1 acb"), 1), [[0, 1]]));
});

describe("Condorcet's paradox", () => {
  it("three voters, three options: 12 of 216 profiles, by enumeration", () =>
    assert.deepEqual(countParadoxes(3, 3), { without: 12, profiles: 216 }));
  it("one or two options never run in a circle", () =>
    assert.deepEqual(countParadoxes(3, 2), { without: 0, profiles: 8 }));
  it("random profiles of three voters come within 0.8 points of 5.556 %", () => {
    const share = paradoxShare(3, 3, 20_000, new Rng("three voters"));
    assert.ok(Math.abs(share - 12 / 216) < 0.008, `${share}`);
  });
  it("many voters come within 0.8 points of 1/4 − (3/2π)·arcsin(1/3) = 8.774 %", () => {
    assert.ok(Math.abs(paradoxLimitOfThree - 0.08774) < 5e-6);
    const share = paradoxShareOfManyVoters(3, 20_000, new Rng("many voters"));
    assert.ok(Math.abs(share - paradoxLimitOfThree) < 0.008, `${share}`);
  });
  it("grows with the options: 17.7, 25.3 and 49.1 % of many voters for 4, 5 and 10", () => {
    for (const [options, percent] of [
      [4, 17.7],
      [5, 25.3],
      [10, 49.1],
    ]) {
      const share = paradoxShareOfManyVoters(options, 20_000, new Rng(options));
      assert.ok(Math.abs(100 * share - percent) < 1.6, `${options}: ${share}`); // 4 sd
    }
  });
});
