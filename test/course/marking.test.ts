import assert from "node:assert/strict";
import { marking } from "../../exercises/hidden/03-bradley-terry/tests";
import { Rng } from "../../lib/core/rng";
import { callDirectly } from "../../lib/course/examine";
import { findExercise } from "../../lib/course/exercises";
import {
  checkMarking,
  drawQuestions,
  markAnswers,
  type FunctionMark,
  type Marking,
} from "../../lib/course/grading/marking";

type Functions = Record<string, (...inputs: never[]) => unknown>;

const seeds = [1, 2, 3, 4, 5];

function mark(functions: Functions, seed: number): FunctionMark[] {
  const questions = drawQuestions(marking, new Rng(seed));
  const answers = questions.map(({ calls }) =>
    calls.map(({ name, inputs }) => callDirectly(functions[name], inputs)),
  );
  return markAnswers(questions, answers);
}

const lost = ({ tests }: FunctionMark) => tests.filter((t) => t.earned === 0).map((t) => t.test);

describe("the marking of exercise 03", () => {
  it("is complete", () => checkMarking(marking));

  it("gives full marks to right solutions, whatever inputs are drawn", () => {
    for (const seed of seeds) {
      for (const solutions of marking.right) {
        for (const result of mark(solutions, seed)) {
          assert.deepEqual(lost(result), [], `${result.name}, seed ${seed}`);
        }
      }
    }
  });

  for (const [name, mistakes] of Object.entries(marking.loses)) {
    it(`takes from each known mistake of ${name} exactly what it gets wrong, and names it`, () => {
      for (const { name: mistake, implementation } of findExercise(name).mistakes) {
        for (const seed of seeds) {
          const functions = { ...(marking.right[1] as Functions), [name]: implementation };
          for (const result of mark(functions, seed)) {
            const expected = result.name === name ? mistakes[mistake] : [];
            assert.deepEqual(lost(result), expected, `${mistake}, seed ${seed}`);
            assert.equal(result.mistake?.name, result.name === name ? mistake : undefined);
          }
        }
      }
    });
  }

  it("gives nothing for constants", () => {
    const constants: Functions = {
      logLikelihood: () => 0,
      logLikelihoodGradient: (_wins: number[][], theta: number[]) => theta.map(() => 0),
      mmUpdate: (_wins: number[][], strengths: number[]) => strengths.map(() => 1),
      eloUpdate: (ratings: number[]) => [...ratings],
      kappa: () => 0,
    };
    for (const result of mark(constants, 1)) assert.equal(result.earned, 0, result.name);
  });

  it("draws other inputs from another seed", () => {
    const inputs = (seed: number) => JSON.stringify(drawQuestions(marking, new Rng(seed)));
    assert.equal(inputs(1), inputs(1));
    assert.notEqual(inputs(1), inputs(2));
  });

  it("loses one test, not its neighbours, when one answer is missing, not finite or misshapen", () => {
    const questions = drawQuestions(marking, new Rng(1));
    const solutions = marking.right[0];
    const answers = questions.map(({ calls }) =>
      calls.map((call) => callDirectly(solutions[call.name], call.inputs)),
    );
    for (const bad of [
      undefined,
      { missing: "late" },
      { value: NaN, after: [] },
      { value: [1], after: [] },
    ]) {
      const changed = answers.map((group, i) => (i === 2 ? [bad, ...group.slice(1)] : group));
      const [first, ...others] = markAnswers(questions, changed);
      assert.deepEqual(lost(first), ["full tables"]);
      for (const result of others) assert.deepEqual(lost(result), []);
    }
  });
});

describe("checkMarking", () => {
  const changed = (part: Partial<Marking>): Marking => ({ ...marking, ...part });

  it("wants two right solutions", () => {
    assert.throws(() => checkMarking(changed({ right: [marking.right[0]] })), /at least two/);
  });

  it("wants to know what every known mistake loses", () => {
    const loses = {
      ...marking.loses,
      logLikelihood: { ...marking.loses["logLikelihood"], takesLogOfZero: [] },
    };
    assert.throws(() => checkMarking(changed({ loses })), /takesLogOfZero/);
  });

  it("refuses a lost test that does not exist", () => {
    const loses = {
      ...marking.loses,
      kappa: { ...marking.loses["kappa"], countsAgreement: ["x"] },
    };
    assert.throws(() => checkMarking(changed({ loses })), /no test "x"/);
  });
});
