import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { galleryCells, otherCells, plotlyCells, vegaCells } from "./gallery";
import { jupyter, needChromium } from "./harness";
import type { NotebookPage } from "./notebookPage";

const vegaCount = Object.keys(vegaCells).length + 1; // the live chart ends as one
const plotlyCount = Object.keys(plotlyCells).length;

function outputOf(notebook: NotebookPage, cell: number): Locator {
  return notebook.page.locator(".jp-Notebook .jp-Cell").nth(cell).locator(".jp-Cell-outputArea");
}

/** How many marks a drawing has: paths, rectangles, lines with an extent on the page. */
async function marks(output: Locator): Promise<number> {
  return output
    .locator(
      "svg.marks .mark-line path, svg.marks .mark-symbol path, svg.marks .mark-rect path, svg.marks .mark-area path, svg.marks .mark-rule line",
    )
    .count();
}

for (const application of ["lab", "notebook"] as const) {
  describe(`every chart in ${application === "lab" ? "JupyterLab" : "Notebook 7"}`, function () {
    this.timeout(240_000); // a busy machine takes minutes where an idle one takes seconds
    let notebook: NotebookPage;
    let usual: string[];

    before(async function () {
      needChromium(this);
      const server = await jupyter();
      usual = await server.usualErrors(application);
      const name = server.write(`gallery-${application}.ipynb`, galleryCells);
      notebook = await server.open(name, application);
      await notebook.runAll();
      await notebook.unroll();
    });
    after(() => notebook?.close());

    it("runs every cell without an error", async () => {
      assert.deepEqual(await notebook.cellErrors(), []);
    });

    it("draws each Vega-Lite chart as SVG with marks", async () => {
      await notebook.page
        .locator("svg.marks")
        .nth(vegaCount - 1)
        .waitFor();
      for (const [i, name] of Object.keys(vegaCells).entries()) {
        assert.ok((await marks(outputOf(notebook, i + 1))) > 0, `${name} has no marks`);
      }
    });

    it("draws each Plotly figure, the surface with WebGL", async () => {
      const plots = notebook.page.locator(".jp-RenderedPlotly .main-svg");
      await plots.first().waitFor();
      assert.equal(
        await notebook.page.locator(".jp-RenderedPlotly .plot-container").count(),
        plotlyCount,
      );
      await notebook.page.locator(".jp-RenderedPlotly .gl-container canvas").first().waitFor();
    });

    it("shows the table, the finished progress and the text", async () => {
      const first = galleryCells.length - Object.keys(otherCells).length;
      assert.equal(await outputOf(notebook, first).locator("table tbody tr").count(), 7);
      const live = outputOf(notebook, first + 1);
      assert.match((await live.textContent()) ?? "", /✓ Training: 30 iterations in/);
      assert.equal(await live.locator("svg.marks").count(), 1);
      assert.match(
        (await outputOf(notebook, first + 2).innerHTML()) ?? "",
        /<strong>θ = 1.58<\/strong>/,
      );
    });

    if (application === "lab") {
      it("turns the surface when it is dragged", async () => {
        const scene = notebook.page.locator(".jp-RenderedPlotly .gl-container canvas").first();
        const before = await camera(notebook);
        await scene.scrollIntoViewIfNeeded();
        const box = (await scene.boundingBox())!;
        await notebook.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
        await notebook.page.mouse.down();
        await notebook.page.mouse.move(box.x + box.width / 2 + 120, box.y + box.height / 2 + 30, {
          steps: 6,
        });
        await notebook.page.mouse.up();
        assert.ok(Math.abs((await camera(notebook)) - before) > 0.1);
      });

      it("slides to another value", async () => {
        const slider = outputOf(notebook, Object.keys(vegaCells).length + 2);
        const label = slider.locator(".slider-label");
        assert.equal((await label.first().textContent())?.trim(), "β (points a nat) = 0.2");
        const line = slider.locator(".scatterlayer .trace path.js-line").first();
        const shape = await line.getAttribute("d");
        await slider
          .locator(".slider-rail-touch-rect")
          .click({ position: { x: 500, y: 10 }, force: true });
        await notebook.page.waitForFunction(
          (old) =>
            document
              .querySelectorAll(".jp-RenderedPlotly .scatterlayer .trace path.js-line")[0]
              .getAttribute("d") !== old,
          shape,
        );
        assert.notEqual((await label.first().textContent())?.trim(), "β (points a nat) = 0.2");
      });

      it("is legible in the light and in the dark theme", async () => {
        await notebook.theme("light");
        await notebook.screenshot("charts-light");
        assert.ok((await inkContrast(notebook)) > 7);
        await notebook.theme("dark");
        await notebook.page.waitForTimeout(1000); // the pictures below are for people to look at
        await notebook.screenshot("charts-dark");
        assert.ok((await inkContrast(notebook)) > 7);
        await notebook.theme("light");
      });
    }

    it("leaves no error in the page's console that an empty notebook does not leave", () => {
      assert.deepEqual(
        notebook.errors.filter((error) => !usual.includes(error)),
        [],
      );
    });
  });
}

interface Plot {
  _fullLayout: { scene: { _scene: { getCamera(): { eye: { x: number } } } } };
}

/** Where the surface is looked at from. */
function camera(notebook: NotebookPage): Promise<number> {
  return notebook.page.evaluate(() => {
    const plot = document.querySelector(".jp-RenderedPlotly") as unknown as Plot;
    return plot._fullLayout.scene._scene.getCamera().eye.x;
  });
}

/** The lowest contrast (WCAG 2.1) of a chart's title and axis text against the notebook's ground. */
async function inkContrast(notebook: NotebookPage): Promise<number> {
  const { ground, inks } = await notebook.page.evaluate(() => {
    const parts = [".role-axis-title", ".role-axis-label", ".role-title"];
    const texts = document.querySelectorAll(parts.map((part) => `svg.marks ${part} text`).join());
    return {
      ground: getComputedStyle(document.querySelector(".jp-Notebook")!).backgroundColor,
      inks: [...texts].map((text) => getComputedStyle(text).fill),
    };
  });
  assert.ok(inks.length > 20);
  return Math.min(...inks.map((ink) => contrast(luminance(ink), luminance(ground))));
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Relative luminance of "rgb(r, g, b)". */
function luminance(colour: string): number {
  const [r, g, b] = (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
