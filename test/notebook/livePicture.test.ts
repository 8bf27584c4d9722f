import assert from "node:assert/strict";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { livePicture, table } from "../../lib/notebook";

const frontEndKey = Symbol.for("rlhf.frontEnd");
const globals = globalThis as unknown as Record<symbol, unknown>;

describe("livePicture", () => {
  const before = globals[frontEndKey];
  afterEach(() => {
    globals[frontEndKey] = before;
  });

  it("displays once and then updates the same place", () => {
    const sent: string[] = [];
    globals[frontEndKey] = {
      display: (_: unknown, __: unknown, id: string) => sent.push(`display ${id}`),
      updateDisplay: (id: string) => sent.push(`update ${id}`),
    };
    const picture = livePicture();
    for (const n of [1, 2, 3]) picture.draw(table([{ n }]));
    const id = picture.displayId;
    assert.deepEqual(sent, [`display ${id}`, `update ${id}`, `update ${id}`]);
  });

  it("gives each picture a place of its own", () => {
    assert.notEqual(livePicture().displayId, livePicture().displayId);
  });

  it("writes the last picture alone to a file outside a notebook", () => {
    globals[frontEndKey] = undefined;
    const folder = mkdtempSync(join(tmpdir(), "rlhf-picture-"));
    const charts = process.env["RLHF_CHARTS"];
    process.env["RLHF_CHARTS"] = folder;
    try {
      const picture = livePicture();
      for (const n of [1, 2, 3]) picture.draw(table([{ n }]));
      assert.equal(readdirSync(folder).length, 0);
      picture.finish();
      assert.equal(readdirSync(folder).length, 1);
    } finally {
      if (charts === undefined) delete process.env["RLHF_CHARTS"];
      else process.env["RLHF_CHARTS"] = charts;
    }
  });

  it("refuses what cannot be drawn", () => {
    const picture = livePicture();
    assert.throws(() => picture.draw({ n: 1 } as never), /takes a chart, a table or a text/);
  });
});
