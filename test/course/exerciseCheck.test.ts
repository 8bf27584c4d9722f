import assert from "node:assert/strict";
import { CheckFailed, check, checkAll, hint, solution } from "../../lib/course/exerciseCheck";
import { exerciseNames, findExercise, functionsOf } from "../../lib/course/exercises";
import { solutionText } from "../../lib/course/exerciseSource";
import { marking } from "../../exercises/hidden/03-bradley-terry/tests";
import { captured } from "./captured";

type Wins = number[][];

const right = marking.right[0] as Record<string, (...inputs: never[]) => unknown>;

/** Throws what is no Error, as student code may. */
const throwing = (thrown: unknown): never => {
  throw thrown as Error;
};

describe("check", () => {
  it("says so when everything holds", async () => {
    const { text } = await captured(() => check("logLikelihood", right["logLikelihood"]));
    assert.match(text, /✓ logLikelihood is right: 5 properties hold/);
  });

  it("shows inputs, answer and what was expected, and names a known mistake", async () => {
    const [half] = findExercise("logLikelihood").mistakes;
    const { text, error } = await captured(() => check("logLikelihood", half.implementation));
    assert.ok(error instanceof CheckFailed);
    assert.match(text, /wins: \[\[0, 0\], \[3, 0\]\]/);
    assert.match(text, /theta: \[1, 0\]/);
    assert.match(text, /your answer: 0/);
    assert.match(text, /expected: .*three times/);
    assert.match(text, /It looks as if only half of the table is read/);
  });

  it("throws one line without frames, so that nobody reads a stack that is not theirs", async () => {
    const { error } = await captured(() => check("kappa", () => 0));
    assert.ok(error instanceof CheckFailed);
    assert.equal(error.stack, `CheckFailed: ${error.message}`);
  });

  it("knows a function that nobody has written yet", async () => {
    const stub = () => {
      throw new Error("not written yet");
    };
    const { text } = await captured(() => check("mmUpdate", stub));
    assert.match(text, /mmUpdate is not written yet/);
    assert.doesNotMatch(text, /expected/);
  });

  const broken: [string, unknown, RegExp][] = [
    ["throws", () => assert.fail("boom"), /an error: boom/],
    ["throws something that is no error", () => throwing(null), /an error: null/],
    ["returns nothing", () => undefined, /is there a return statement/],
    ["returns NaN", () => NaN, /a finite number was expected, not NaN/],
    ["returns a list in place of a number", () => [1], /a number was expected, not a list/],
    ["is async", () => Promise.resolve(-0.69), /the function is async/],
    ["rejects", () => Promise.reject(new Error("later")), /the function is async/],
    ["returns a BigInt", () => 1n, /not a bigint/],
  ];
  for (const [what, implementation, message] of broken) {
    it(`survives a function that ${what}`, async () => {
      const wrong = implementation as () => unknown;
      const { text, error } = await captured(() => check("logLikelihood", wrong));
      assert.ok(error instanceof CheckFailed);
      assert.match(text, message);
    });
  }

  it("tells a wrong length", async () => {
    const { text } = await captured(() => check("logLikelihoodGradient", () => [1, 2, 3]));
    assert.match(text, /a list of length 2 was expected, not of length 3/);
  });

  it("accepts typed arrays", () => {
    const typed = (wins: Wins, theta: number[]) =>
      Float64Array.from(right["logLikelihoodGradient"](...([wins, theta] as never[])) as number[]);
    assert.deepEqual(checkAll(findExercise("logLikelihoodGradient"), typed).failed, []);
  });

  it("tells a function that changes its arguments, and is not disturbed by it", async () => {
    const greedy = (wins: Wins, theta: number[]) => {
      const answer = right["logLikelihoodGradient"](...([wins, theta] as never[]));
      theta.fill(0);
      return answer;
    };
    const { text } = await captured(() => check("logLikelihoodGradient", greedy));
    assert.match(text, /after the call theta is \[0, 0, 0\]/);
    assert.deepEqual(checkAll(findExercise("logLikelihoodGradient"), greedy).failed, [
      "leaves its arguments as they were",
    ]);
  });

  it("escapes what comes from the student in the page", async () => {
    const nasty = () => assert.fail("<img src=x onerror=alert(1)>");
    const { bundles } = await captured(() => check("kappa", nasty), { notebook: true });
    const html = String(bundles[0]["text/html"]);
    assert.ok(html.includes("&lt;img src=x"));
    assert.ok(!html.includes("<img"));
  });

  it("gives its verdict even where the try cannot be kept, and says so", async () => {
    const [half] = findExercise("kappa").mistakes;
    const { bundles, error } = await captured(() => check("kappa", half.implementation), {
      notebook: true,
      store: "/dev/null/store.sqlite",
    });
    assert.ok(error instanceof CheckFailed);
    const texts = bundles.map((bundle) => String(bundle["text/plain"]));
    assert.ok(
      texts.some((text) => text.includes("could not be kept in the store")),
      texts.join(),
    );
    assert.ok(texts.some((text) => text.includes("kappa is not right yet")));
  });

  it("gives the same counterexample every time", async () => {
    const [, mean] = findExercise("logLikelihoodGradient").mistakes;
    const look = () => captured(() => check("logLikelihoodGradient", mean.implementation));
    const first = await look();
    const second = await look();
    assert.match(first.text, /your answer/);
    assert.equal(first.text, second.text);
  });

  it("says what is missing when it gets no function or an unknown name", async () => {
    await assert.rejects(check("kappa", 3 as never), /second argument must be your function kappa/);
    await assert.rejects(
      check("gradient", () => 0),
      /no exercise "gradient". There are: .*logLik/,
    );
  });
});

describe("hint", () => {
  it("gives three hints, one at a time, then all again", async () => {
    const texts = [];
    for (let i = 0; i < 4; i++) texts.push((await captured(() => hint("eloUpdate"))).text);
    assert.match(texts[0], /Hint 1 of 3/);
    assert.match(texts[1], /Hint 2 of 3/);
    assert.doesNotMatch(texts[1], /Hint 1 of 3/);
    assert.match(texts[2], /Hint 3 of 3.*solution\("eloUpdate"\)/s);
    assert.match(texts[3], /Hint 1 of 3.*Hint 2 of 3.*Hint 3 of 3/s);
  });
});

describe("solution", () => {
  it("waits for a try, or for somebody who insists", async () => {
    const before = await captured(() => solution("mmUpdate"));
    assert.match(before.text, /Try mmUpdate first/);
    const insisted = await captured(() => solution("mmUpdate", { anyway: true }));
    assert.match(insisted.text, /function mmUpdate\(wins: number\[\]\[\]/);
    assert.doesNotMatch(insisted.text, /BEGIN SOLUTION/);
  });

  it("counts a checked version as a try, an untouched one not", async () => {
    const stub = () => {
      throw new Error("not written yet");
    };
    await captured(() => check("eloUpdate", stub));
    assert.match((await captured(() => solution("eloUpdate"))).text, /Try eloUpdate first/);
    await captured(() => check("eloUpdate", (ratings: number[]) => ratings));
    assert.match((await captured(() => solution("eloUpdate"))).text, /One way to write/);
  });

  it("finds the authored text of a function, and nothing where there is none", () => {
    const script =
      '// %% solution="f"\nfunction f() {\n  // BEGIN SOLUTION\n  return 1;\n  // END SOLUTION\n}\n';
    assert.equal(solutionText(script, "f"), "function f() {\n  return 1;\n}");
    assert.equal(solutionText(script, "g"), undefined);
  });
});

describe("the exercises", () => {
  it("have names that are unique in the course", () => {
    assert.equal(new Set(exerciseNames()).size, exerciseNames().length);
  });

  for (const exercise of functionsOf("03-bradley-terry")) {
    it(`${exercise.name}: check catches each of at least four known mistakes`, () => {
      assert.ok(exercise.mistakes.length >= 4);
      for (const { name, implementation } of exercise.mistakes) {
        assert.notDeepEqual(checkAll(exercise, implementation).failed, [], name);
      }
    });

    it(`${exercise.name}: check accepts solutions that are written differently`, () => {
      assert.ok(marking.right.length >= 2);
      for (const solutions of marking.right) {
        assert.deepEqual(checkAll(exercise, solutions[exercise.name]).failed, []);
      }
    });
  }
});
