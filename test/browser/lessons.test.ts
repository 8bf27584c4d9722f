import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { jupyter, needChromium, root } from "./harness";
import type { Cell, NotebookPage } from "./notebookPage";

const folder = join(root, "notebooks");
const vegaMime = "application/vnd.vegalite.v5+json";
const plotlyMime = "application/vnd.plotly.v1+json";

/** How many outputs of a notebook come in this type. */
function countOutputs(cells: readonly Cell[], mime: string): number {
  return cells.flatMap(({ outputs = [] }) => outputs).filter(({ data }) => data && mime in data)
    .length;
}

// the last question of a page may be over between the look at it and the answer
const soon = { timeout: 2000 };

/** Answers whatever question the page asks, as somebody at the keyboard would. */
async function answer(widget: Locator, turn: number): Promise<void> {
  const field = widget.locator("input[type=text]");
  if ((await field.count()) > 0) {
    await field.fill("1", soon);
    await field.press("Enter", soon);
    return;
  }
  await widget.focus(soon);
  const steering = (await widget.locator("[aria-keyshortcuts=ArrowLeft]").count()) > 0;
  const keys = steering ? ["ArrowLeft", "ArrowRight"] : ["1", "2"];
  await widget.press(keys[turn % 2], soon);
}

/** Runs all cells, and answers their questions until the kernel has nothing left to do. */
async function play(lesson: NotebookPage): Promise<number> {
  let over = false;
  const done = lesson.runAll().finally(() => (over = true));
  const asking = lesson.page.locator(".rlhf:not(.rlhf-over):not([aria-busy])").first();
  let answers = 0;
  while (!over) {
    // a question that is gone before it is answered was answered just now
    if ((await asking.count()) > 0) await answer(asking, answers++).catch(() => undefined);
    await lesson.page.waitForTimeout(30);
  }
  await done;
  return answers;
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
      let answers: number;
      before(async () => {
        const server = await jupyter();
        lesson = await server.open(server.add(join(folder, name)));
        lesson.page.setDefaultTimeout(240_000);
        answers = await play(lesson);
      });
      after(() => lesson?.close());

      it("runs to its end without an error", async () => {
        assert.deepEqual(await lesson.cellErrors(), []);
      });

      it("asks the person at the page, and no stand-in", async () => {
        assert.ok(answers > 0);
        assert.ok(!JSON.stringify(await lesson.cells()).includes("Nobody was asked"));
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

      if (process.env["RLHF_PICTURES"] !== undefined) {
        it("is pictured in both themes in build/screenshots, for people to look at", async () => {
          for (const theme of ["light", "dark"] as const) {
            await lesson.theme(theme);
            await lesson.pictures(`${name.replace(".ipynb", "")}-${theme}`);
          }
        });
      }

      it("leaves no error in the page's console", () => {
        const own = lesson.errors.filter((error) => !usual.includes(error));
        assert.deepEqual(own, []);
      });
    });
  }
});
