import assert from "node:assert/strict";
import { near, type Headline } from "../headline";

interface RlhfProbe {
  optimum: { kl: number; reward: number };
  identity: number;
  sampled: { mean: number; error: number; exact: number };
  missing: number[];
  proxy: number[];
  gold: number[];
  labels: number;
  earned: number;
  dials: { target: number; largest: number; last: number }[];
  guests: { trained: number[]; best: number[] };
  ledger: { model: string; loss: number }[];
  faces: { flaw: string; reported: number; kl: number; reward: number }[];
  certain: { learned: number; gold: number };
}

export const headline: Headline = {
  probe: `{
    optimum: best,
    identity: Math.abs(
      worth(best) - worth(frontierPoint(tiltedPolicies(logpReference, gold, 1), logpReference, gold)) -
        beta * distanceToOptimum(tiltedPolicies(logpReference, gold, 1), logpReference, gold, beta)),
    sampled: { mean: mean(sums), error: standardError(sums), exact: worth(moved) },
    missing: distances.map((path) => path[4]),
    proxy: column("β = 0", "proxy"),
    gold: column("β = 0", "gold"),
    labels: labelling.answers.length,
    earned,
    dials: [4, 2].map((target) => ({
      target,
      largest: Math.max(...dials[\`target \${target} nats\`].kl),
      last: mean(dials[\`target \${target} nats\`].kl.slice(-10)),
    })),
    guests: { trained: endsOf(trained).x, best: endsOf(striven).x },
    ledger,
    faces,
    certain: { learned: sure.learned, gold: certain.reward },
  }`,
  check(value: RlhfProbe) {
    // exact, from the shipped π_ref
    near(value.optimum.kl, 3.218, 2e-3, "KL of π* at β = 0.5");
    near(value.optimum.reward, 4.381, 2e-3, "gold reward of π* at β = 0.5");
    assert.ok(value.identity < 1e-9, `J* − J = β·KL(π‖π*): ${value.identity}`);
    const { mean, error, exact } = value.sampled;
    near(mean, exact, 5 * error, "J from samples");
    // 12 rounds of 96 replies, from 4.66; 40 rounds of 256 end at .36, the mean of five seeds
    for (const missing of value.missing) assert.ok(missing < 3, `KL(π‖π*) ${missing}`);
    assert.ok(value.proxy.at(-1)! > 1.3, `the learned reward rises: ${value.proxy.join()}`);
    assert.ok(value.gold.at(-1)! < -2, `the gold reward falls: ${value.gold.join()}`);
    assert.equal(value.labels, 30);
    assert.ok(value.earned > 0.5, `earned on 30 labels: ${value.earned}`);
    for (const { target, largest } of value.dials)
      assert.ok(largest > 1.25 * target, `overshoot of target ${target}: ${largest}`);
    for (const [i, best] of value.guests.best.entries())
      near(value.guests.trained[i], best, 1, `KL of guest ${i} by PPO and exactly`);
    const [before, ...after] = value.ledger;
    near(before.loss, 3.996, 2e-3, "the book's model on unread pages");
    for (const { model, loss } of after) near(loss, before.loss, 0.4, `loss of ${model}`);
    const reached = Object.fromEntries(value.faces.map((face) => [face.flaw, face]));
    const right = reached["all right"];
    assert.ok(reached["mean for sum"].kl > 1.5 * right.kl);
    assert.ok(reached["sign flipped"].kl > 2 * right.kl);
    assert.ok(Math.abs(reached["reference moves"].reported) < 1e-3);
    assert.ok(reached["reference moves"].kl > 1.5 * right.kl);
    assert.ok(reached["mask off by one"].reported < 0.7 * reached["mask off by one"].kl);
    assert.ok(value.certain.learned > 5 && value.certain.gold < 0, JSON.stringify(value.certain));
  },
};
