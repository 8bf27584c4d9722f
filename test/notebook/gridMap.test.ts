import assert from "node:assert/strict";
import { displayHook } from "../../lib/notebook/frontEnd";
import { gridMap } from "../../lib/notebook/gridMap";
import { gridWalk } from "../../lib/notebook/gridWalk";

const texts = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map((match) => match[1]);

describe("gridMap", () => {
  const options = { title: "Map", rows: 2, columns: 3, value: "V (return)" };
  const values = [0.1, 0.2, 0.3, 0.4, 0.5, 0];

  it("draws each cell's best actions as one arrow, slanting for two, and the goal as a flag", () => {
    const actions = [[1], [1, 2], [2], [0], [0, 3], [0, 1, 2, 3]];
    const drawn = texts(gridMap(values, { ...options, actions, goal: 5 }).svg());
    assert.deepEqual(drawn.slice(0, 6), ["→", "↘", "↓", "↑", "↖", "⚑"]);
  });
  it("leaves the goal's 0 out of the colours", () => {
    const text = gridMap(values, { ...options, goal: 5 }).description;
    assert.match(text, /2 by 3: Map\. Colour: V \(return\), from 0\.1 to 0\.5/);
    assert.match(gridMap(values, options).description, /from 0 to 0\.5/);
  });
  it("refuses values that do not fit the grid, and slips of the pen", () => {
    assert.throws(() => gridMap([1, 2], options), /values must have 6 entries, got 2/);
    assert.throws(() => gridMap(values.map(() => NaN), options), /values\[0\]/); // prettier-ignore
    assert.throws(() => gridMap(values, { ...options, colour: 1 } as never), /no option "colour"/);
  });
});

describe("gridWalk", () => {
  const options = { title: "Walk <1>", rows: 2, columns: 3, goal: 5 };

  it("plays every step in even time: centres of cells, one value a step, a second for eight", () => {
    const html = String(gridWalk([0, 1, 1, 4, 5], options)[displayHook]().data["text/html"]);
    assert.match(html, /attributeName="cx" values="13;39;39;39;65" dur="0\.5s"/);
    assert.match(html, /attributeName="cy" values="13;13;13;39;39" dur="0\.5s"/);
    assert.match(html, /Walk &lt;1>|Walk &lt;1&gt;/);
  });
  it("says in words where it went", () => {
    assert.match(gridWalk([0, 1, 4, 5], options).description, /4 cells and reaches the goal/);
    assert.match(gridWalk([0, 1, 0, 1], options).description, /It visits 2 cells\./);
  });
  it("refuses a state outside the grid and a walk without a step", () => {
    assert.throws(() => gridWalk([0, 6], options), /states\[1\] must be an integer in \[0, 5\]/);
    assert.throws(() => gridWalk([0], options), /at least 2 entries/);
  });
});
