import assert from "node:assert/strict";
import { Rng } from "../../lib/core/rng";
import { mean } from "../../lib/core/statistics";
import { SimulatedTrainer, type TrainerHabits } from "../../lib/feedback/simulatedTrainer";

/** The presses at so many good steps of 100 ms, far apart so that each press is about one step. */
function presses(count: number, habits: TrainerHabits, good = true) {
  const trainer = new SimulatedTrainer({ ...habits, rng: new Rng("trainer") });
  const all = [];
  for (let k = 0; k < count; k++) {
    trainer.watch(good, { start: 10_000 * k, end: 10_000 * k + 100 });
    for (const press of trainer.pressesUntil(10_000 * k + 5000)) {
      all.push({ ...press, late: press.time - 10_000 * k });
    }
  }
  assert.equal(trainer.presses, all.length);
  return all;
}

describe("SimulatedTrainer", () => {
  it("answers its share of the steps, and errs in its share of the answers", () => {
    const all = presses(20_000, { answers: 0.3, wrong: 0.2 });
    assert.ok(Math.abs(all.length / 20_000 - 0.3) < 0.0163); // 5 sd
    const plus = all.filter(({ value }) => value === 1).length / all.length;
    assert.ok(Math.abs(plus - 0.8) < 0.026);
    const minus = presses(20_000, { wrong: 0 }, false);
    assert.ok(minus.every(({ value }) => value === -1));
  });
  it("is late by the moment that caught the eye and a reaction time: 200…900 ms, 550 on average", () => {
    const late = presses(20_000, { answers: 1 }).map((press) => press.late);
    assert.ok(Math.min(...late) >= 200 && Math.max(...late) <= 900);
    assert.ok(Math.abs(mean(late) - 550) < 6.3); // sd of one 176 ms
  });
  it("gives each press once, in order of time, and none before its time", () => {
    const trainer = new SimulatedTrainer({ rng: new Rng(3), answers: 1 });
    for (let k = 0; k < 10; k++) trainer.watch(true, { start: 100 * k, end: 100 * (k + 1) });
    const early = trainer.pressesUntil(700);
    const later = trainer.pressesUntil(5000);
    assert.equal(early.length + later.length, 10);
    const times = [...early, ...later].map(({ time }) => time);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
    assert.ok(early.every(({ time }) => time <= 700) && later.every(({ time }) => time > 700));
    assert.deepEqual(trainer.pressesUntil(9000), []);
  });
  it("presses the same with the same seed, and refuses what makes no sense", () => {
    assert.deepEqual(presses(50, {}), presses(50, {}));
    const rng = new Rng(0);
    assert.throws(() => new SimulatedTrainer({ rng, wrong: 1.5 }), /wrong/);
    assert.throws(() => new SimulatedTrainer({ rng, delay: { low: 9, high: 1 } }), /delay\.low/);
    assert.throws(() => new SimulatedTrainer({ rng }).watch(true, { start: 5, end: 1 }), /end/);
  });
});
