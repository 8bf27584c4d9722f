import assert from "node:assert/strict";
import { History } from "../../lib/kernel/history";

describe("History", () => {
  const history = new History();
  ["const a = 1", "a + 1", "a.b", "a + 1", "aXb"].forEach((code, index) =>
    history.add(index + 1, code),
  );
  history.setOutput(5, "7");
  const inputs = (request: object) =>
    history.answer({ raw: true, ...request }).map(([, , input]) => input);

  it("gives the last n cells", () => {
    assert.deepEqual(inputs({ hist_access_type: "tail", n: 2 }), ["a + 1", "aXb"]);
    assert.deepEqual(inputs({ hist_access_type: "tail", n: 0 }), []);
  });

  it("gives a range of lines, the end not included", () => {
    assert.deepEqual(inputs({ hist_access_type: "range", session: 1, start: 2, stop: 4 }), [
      "a + 1",
      "a.b",
    ]);
    assert.deepEqual(inputs({ hist_access_type: "range", session: 8, start: 2, stop: 4 }), []);
  });

  it("searches with the wildcards * and ?, and takes all else literally", () => {
    assert.deepEqual(inputs({ hist_access_type: "search", pattern: "a + *" }), ["a + 1", "a + 1"]);
    assert.deepEqual(inputs({ hist_access_type: "search", pattern: "a.b" }), ["a.b"]);
    assert.deepEqual(inputs({ hist_access_type: "search", pattern: "a?b" }), ["a.b", "aXb"]);
    assert.deepEqual(inputs({ hist_access_type: "search", pattern: "a + *", unique: true }), [
      "a + 1",
    ]);
  });

  it("gives outputs when asked", () => {
    const [row] = history.answer({ hist_access_type: "tail", n: 1, output: true });
    assert.deepEqual(row, [1, 5, ["aXb", "7"]]);
  });
});
