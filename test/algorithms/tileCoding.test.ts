import assert from "node:assert/strict";
import { denseFeatures, LinearActionValues } from "../../lib/algorithms/linear";
import { TileCoding } from "../../lib/algorithms/tileCoding";
import { Rng } from "../../lib/core/rng";

const active = (tiles: TileCoding, state: number[]) => Array.from(tiles.features(state).indices);

describe("TileCoding", () => {
  it("by hand: two grids of four tiles on [0, 1], the second shifted by half a tile", () => {
    const tiles = new TileCoding([0], [1], { tilings: 2, tiles: 4 });
    assert.equal(tiles.size, 10); // each grid has a tile more than four, for the shift
    assert.deepEqual(active(tiles, [0.3]), [1, 5 + 1]); // .3·4 = 1.2 and 1.7
    assert.deepEqual(active(tiles, [0.4]), [1, 5 + 2]); // 1.6 and 2.1
    assert.deepEqual(active(tiles, [1]), [3, 5 + 4]); // the edge belongs to the last tile
  });
  it("by hand in two dimensions: shifts of 1/4 and 3/4 of a tile in the second of four grids", () => {
    const tiles = new TileCoding([0, 0], [2, 2], { tilings: 4, tiles: 2 });
    const [first, second] = active(tiles, [0.8, 1.3]);
    assert.equal(first, 0 * 9 + 0 * 3 + 1); // (.8, 1.3) → tiles 0, 1
    assert.equal(second, 1 * 9 + 1 * 3 + 2); // (1.05, 2.05) → tiles 1, 2
  });
  it("switches on one tile in each grid, all different, all below its size", () => {
    const tiles = new TileCoding([-1.2, -0.07], [0.6, 0.07]);
    const rng = new Rng("states");
    const seen = new Set<number>();
    for (let k = 0; k < 20_000; k++) {
      const on = active(tiles, [2 * rng.uniform() - 1.3, 0.16 * rng.uniform() - 0.08]);
      on.forEach((index, grid) => {
        assert.equal(Math.floor(index / 81), grid);
        seen.add(index);
      });
    }
    assert.ok(Math.max(...seen) < tiles.size);
    assert.ok(seen.size > 0.85 * tiles.size, `${seen.size}`); // corners of shifted grids stay outside
  });
  it("lets neighbours share tiles, the fewer the farther, and strangers none", () => {
    const tiles = new TileCoding([0, 0], [8, 8]);
    const shared = (by: number) => {
      const there = new Set(active(tiles, [3.3 + by, 4.1]));
      return active(tiles, [3.3, 4.1]).filter((index) => there.has(index)).length;
    };
    const counts = [0, 0.25, 0.5, 0.75, 1].map(shared); // of a tile
    assert.deepEqual(counts, [8, 6, 4, 2, 0]);
  });
  it("refuses an empty box, a state of another size and one that is no number", () => {
    assert.throws(() => new TileCoding([0, 1], [1, 1]), /low\[1\] = 1 must be below high\[1\] = 1/);
    const tiles = new TileCoding([0, 0], [1, 1]);
    assert.throws(() => tiles.features([0.5]), /must have 2 entries/);
    assert.throws(() => tiles.features([0.5, NaN]), /state\[1\]/);
  });
});

describe("LinearActionValues", () => {
  it("is Σ w·φ for the action's own weights, and `add` is a step along its gradient", () => {
    const model = new LinearActionValues(3, 2);
    const features = denseFeatures([0.3, -1, 2]);
    model.weights[1].set([1, 2, 3]);
    assert.ok(Math.abs(model.value(features, 1) - (0.3 - 2 + 6)) < 1e-15);
    assert.equal(model.value(features, 0), 0);
    for (let f = 0; f < 3; f++) {
      const before = model.value(features, 1);
      model.weights[1][f] += 1e-6;
      const slope = (model.value(features, 1) - before) / 1e-6;
      assert.ok(Math.abs(slope - features.values[f]) < 1e-8);
      model.weights[1][f] -= 1e-6;
    }
    model.add(features, 0, 0.5);
    assert.deepEqual([...model.weights[0]], [0.15, -0.5, 1]);
  });
  it("values a sparse vector as the dense one with the same entries", () => {
    const model = new LinearActionValues(6, 1);
    model.weights[0].set([1, 2, 3, 4, 5, 6]);
    const sparse = { indices: [1, 4], values: [0.5, -1] };
    assert.equal(model.value(sparse, 0), model.value(denseFeatures([0, 0.5, 0, 0, -1, 0]), 0));
    assert.throws(() => model.value({ indices: [1], values: [1, 2] }, 0), /indices has 1/);
  });
});
