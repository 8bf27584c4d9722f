import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jupyter, needChromium, root, type Jupyter } from "./harness";
import type { Cell, NotebookPage } from "./notebookPage";

const folder = join(root, "notebooks");
const vegaMime = "application/vnd.vegalite.v5+json";
const plotlyMime = "application/vnd.plotly.v1+json";

/** How many outputs of a notebook come in this type. */
function countOutputs(cells: readonly Cell[], mime: string): number {
  return cells.flatMap(({ outputs = [] }) => outputs).filter(({ data }) => data && mime in data)
    .length;
}

/** Copies a lesson with a first cell that lets its stand-ins answer: no person sits here. */
function addLesson(server: Jupyter, name: string): string {
  const lesson = JSON.parse(readFileSync(join(folder, name), "utf8")) as { cells: object[] };
  const source = 'process.env.RLHF_LABELLER = "simulated";';
  const cell = { id: "stand-in", cell_type: "code", metadata: {}, outputs: [], source };
  lesson.cells.unshift({ ...cell, execution_count: null });
  writeFileSync(join(server.folder, name), JSON.stringify(lesson));
  return name;
}

describe("every lesson in JupyterLab", function () {
  this.timeout(300_000);
  let usual: string[];

  before(async function () {
    needChromium(this);
    usual = await (await jupyter()).usualErrors("lab");
  });

  for (const name of readdirSync(folder).filter((file) => file.endsWith(".ipynb"))) {
    describe(name, () => {
      let lesson: NotebookPage;
      before(async () => {
        const server = await jupyter();
        lesson = await server.open(addLesson(server, name));
        await lesson.runAll();
        await lesson.unroll();
      });
      after(() => lesson?.close());

      it("runs to its end without an error", async () => {
        assert.deepEqual(await lesson.cellErrors(), []);
      });

      it("draws every chart", async () => {
        const cells = await lesson.cells();
        const [vega, plotly] = [vegaMime, plotlyMime].map((mime) => countOutputs(cells, mime));
        if (vega > 0)
          await lesson.page
            .locator("svg.marks")
            .nth(vega - 1)
            .waitFor();
        const plots = lesson.page.locator(".jp-RenderedPlotly .plot-container");
        if (plotly > 0) await plots.nth(plotly - 1).waitFor();
        assert.equal(await plots.count(), plotly);
        const empty = await lesson.page
          .locator("svg.marks")
          .evaluateAll(
            (drawings) =>
              drawings.filter(
                (svg) => !svg.querySelector("[class*=mark-]:not(.mark-group, .mark-text) > *"),
              ).length,
          );
        assert.equal(empty, 0, `${empty} charts have no marks`);
      });

      it("follows the theme (the pictures in build/screenshots are for people to look at)", async () => {
        for (const theme of ["light", "dark"] as const) {
          await lesson.theme(theme);
          await lesson.page.waitForTimeout(1000);
          await lesson.screenshot(`${name.replace(".ipynb", "")}-${theme}`);
        }
        await lesson.theme("light");
      });

      it("leaves no error in the page's console", () => {
        const own = lesson.errors.filter((error) => !usual.includes(error));
        assert.deepEqual(own, []);
      });
    });
  }
});
