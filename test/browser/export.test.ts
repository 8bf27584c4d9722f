import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { galleryCells, plotlyCells, vegaCells } from "./gallery";
import { jupyter, needChromium, notebook, root, runPython } from "./harness";
import type { Cell } from "./notebookPage";

const formulas =
  "# Every chart\n\nWith $\\hat\\theta$ and $$P(i \\succ j) = \\sigma(\\theta_i - \\theta_j)$$";
const vegaCount = Object.keys(vegaCells).length + 1; // the live chart ends as one
const plotlyCount = Object.keys(plotlyCells).length;

describe("an executed notebook, away from its kernel", function () {
  this.timeout(240_000); // a busy machine takes minutes where an idle one takes seconds
  let folder: string;
  let executed: string;

  before(function () {
    needChromium(this);
    mkdirSync(join(root, "build"), { recursive: true });
    folder = mkdtempSync(join(root, "build/export-")); // below the clone, where "rlhf" is found
    const source = join(folder, "gallery.ipynb");
    executed = join(folder, "executed.ipynb");
    writeFileSync(source, JSON.stringify(notebook([formulas, ...galleryCells])));
    const to = ["--to", "notebook", "--execute", "--output", "executed.ipynb"];
    runPython(["-m", "nbconvert", ...to, source], { home: folder });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Opens a file with no network at all, and gives what it asked of one. */
  async function openOffline(
    path: string,
  ): Promise<{ page: Page; asked: string[]; errors: string[] }> {
    const page = await (await jupyter()).page();
    const asked: string[] = [];
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.route(/^https?:/, async (route) => {
      asked.push(route.request().url());
      await route.abort();
    });
    await page.goto(pathToFileURL(path).href);
    return { page, asked, errors };
  }

  it("is small: a chart costs less than 130 kB", () => {
    const { cells } = JSON.parse(readFileSync(executed, "utf8")) as { cells: Cell[] };
    for (const { outputs = [] } of cells) {
      for (const { data } of outputs) assert.ok(JSON.stringify(data ?? {}).length < 130_000);
    }
  });

  it("shows every chart as a still where only SVG is known: nbconvert's plain HTML", async () => {
    runPython(["-m", "nbconvert", "--to", "html", executed], { home: folder });
    const { page } = await openOffline(join(folder, "executed.html"));
    const widths = await page
      .locator("img[src^='data:image/svg+xml']")
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
    assert.equal(widths.length, vegaCount + plotlyCount);
    assert.ok(Math.min(...widths) > 200, `widths ${widths.join(", ")}`);
    await page.screenshot({ path: join(root, "build/screenshots/nbconvert.png"), fullPage: true });
    await page.context().close();
  });

  describe("in the book", () => {
    for (const theme of ["light", "dark"]) {
      it(`turns and sets formulas without a network, in the ${theme} theme`, async () => {
        const book = join(folder, `book-${theme}`);
        const args = ["scripts/book.mjs", "--as-is", "--theme", theme, "--output", book, executed];
        execFileSync(process.execPath, args, { cwd: root, stdio: "pipe" });
        const { page, asked, errors } = await openOffline(join(book, "executed.html"));
        await page.locator(".plotly-figure .gl-container canvas").first().waitFor();
        assert.equal(await page.locator(".plotly-figure .plot-container").count(), plotlyCount);
        assert.equal(await page.locator("img[src^='data:image/svg+xml']").count(), vegaCount);
        const alts = await page
          .locator("img")
          .evaluateAll((all) => all.map((image) => image.getAttribute("alt")));
        assert.ok(
          alts.every((alt) => (alt ?? "").length > 20),
          "a picture without words",
        );
        assert.ok((await page.locator(".katex").count()) >= 3);
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(ground, theme === "dark" ? "rgb(17, 17, 17)" : "rgb(255, 255, 255)");
        await page.screenshot({
          path: join(root, `build/screenshots/book-${theme}.png`),
          fullPage: true,
        });
        assert.deepEqual({ asked, errors }, { asked: [], errors: [] });
        await page.context().close();
      });
    }

    it("has a table of contents that leads to the page", async () => {
      const { page } = await openOffline(join(folder, "book-light/index.html"));
      await page.getByRole("link", { name: "Every chart" }).click();
      await page.locator(".katex").first().waitFor();
      await page.context().close();
    });

    it("says what it takes, and what it was given wrongly", () => {
      const book = (...args: string[]) => {
        const all = ["scripts/book.mjs", ...args];
        return execFileSync(process.execPath, all, { cwd: root, encoding: "utf8", stdio: "pipe" });
      };
      assert.match(book("--help"), /npm run book .*[\s\S]*--theme NAME +light or dark/);
      assert.throws(() => book("--theme", "pink"), /--theme takes light, dark, got "pink"/);
      assert.throws(
        () => book("no-such-lesson"),
        /There is no lesson "no-such-lesson"\. There are: /,
      );
      assert.throws(() => book("--no-such-option"), /no-such-option/);
    });
  });

  it("shows its charts in JupyterLab too when it is not trusted", async () => {
    const server = await jupyter();
    const opened = await server.open(server.add(executed), "lab", { kernel: false });
    const trusted = await opened.cells();
    assert.ok(trusted.every(({ metadata }) => metadata?.["trusted"] !== true));
    await opened.unroll();
    await opened.page
      .locator("svg.marks")
      .nth(vegaCount - 1)
      .waitFor();
    await opened.page
      .locator(".jp-RenderedPlotly .plot-container")
      .nth(plotlyCount - 1)
      .waitFor();
    assert.ok((await opened.page.locator("table tbody tr").count()) >= 7);
    await opened.close();
  });
});
