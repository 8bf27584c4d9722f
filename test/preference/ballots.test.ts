import assert from "node:assert/strict";

import { circularTriads, personalBallots } from "../../lib/preference/ballots";
import type { Comparison } from "../../lib/preference/comparison";
import { countsFromMatrix } from "../../lib/preference/countTables";
import { allRankings } from "../../lib/preference/voting";

const names = ["a", "b", "c"];
const said = (annotator: string, ...words: string[]): Comparison<string>[] =>
  words.map((word) => ({
    first: word[0],
    second: word[2],
    preference: word[1] === ">" ? 1 : word[1] === "=" ? "tie" : "cannot tell",
    annotator,
    time: "2026-01-31T12:00:00.000Z",
  }));

describe("personalBallots", () => {
  it("gives each annotator a ballot of their own, whoever's answers stand between theirs", () => {
    const answers = [
      ...said("Ada", "c>a", "a>b"),
      ...said("Ben", "b>a"),
      ...said("Ada", "c>b"),
      ...said("Ben", "a>c", "b>c"),
    ];
    const ballots = personalBallots(answers, names);
    assert.deepEqual(
      ballots.map(({ annotator, ballot, answers: n }) => [annotator, ballot, n]),
      [
        ["Ada", [2, 0, 1], 3],
        ["Ben", [1, 0, 2], 3],
      ],
    );
  });
  it("returns every ranking of four to whoever answers all pairs by it", () => {
    const four = ["p", "q", "r", "s"];
    for (const ranking of allRankings(4)) {
      const words = ranking.flatMap((i, place) =>
        ranking.slice(place + 1).map((j) => `${four[i]}>${four[j]}`),
      );
      const [{ ballot, circularTriads: circles }] = personalBallots(said("Ada", ...words), four);
      assert.deepEqual([ballot, circles], [ranking, 0]);
    }
  });
  it("counts a circle, and keeps the order of the names where nothing else decides", () => {
    const [{ ballot, circularTriads: circles }] = personalBallots(
      said("Ada", "a>b", "b>c", "c>a"),
      names,
    );
    assert.deepEqual([ballot, circles], [[0, 1, 2], 1]);
  });
  it("leaves out what nobody could tell, and who could never tell", () => {
    const answers = [...said("Ada", "a?b", "b>c"), ...said("Ben", "a?c")];
    assert.deepEqual(
      personalBallots(answers, names).map(({ annotator, answers: n }) => [annotator, n]),
      [["Ada", 1]],
    );
    assert.throws(() => personalBallots(said("Ada", "a>x"), names), /x/);
    assert.deepEqual(personalBallots([], names), []);
  });
});

describe("circularTriads", () => {
  it("is at most (n³ − n)/24 for odd n, reached where everybody beats the next two of five", () => {
    const wins = [0, 1, 2, 3, 4].map((i) =>
      [0, 1, 2, 3, 4].map((j) => ([1, 2].includes((j - i + 5) % 5) ? 1 : 0)),
    );
    assert.equal(circularTriads(countsFromMatrix(["a", "b", "c", "d", "e"], wins)), 5);
  });
});
