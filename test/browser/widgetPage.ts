/** What the browser tests of widgets share: a notebook with a widget, and the store beside it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { LabelStore } from "../../lib/feedback/store/labelStore";
import { openStoreDatabase } from "../../lib/feedback/store/open";
import type { Jupyter } from "./harness";
import type { Application, NotebookPage } from "./notebookPage";

/** A notebook whose first cell points the store to a folder of the test's own. */
export class WidgetPage {
  readonly store: LabelStore;
  readonly #file: string;

  private constructor(
    readonly server: Jupyter,
    readonly name: string,
    file: string,
    readonly notebook: NotebookPage,
  ) {
    this.#file = file;
    this.store = new LabelStore(() => openStoreDatabase(this.#file));
  }

  /**
   * @param cells the notebook after its first cell, which imports the whole library as `rlhf` and
   *              makes `standIn` and `greetings`
   */
  static async open(
    server: Jupyter,
    name: string,
    cells: readonly string[],
    application: Application = "lab",
  ): Promise<WidgetPage> {
    const file = join(mkdtempSync(join(tmpdir(), "widgets-")), "store.sqlite");
    const first = `import * as rlhf from "rlhf";
process.env.RLHF_STORE = ${JSON.stringify(file)};
process.env.RLHF_PSEUDONYM = "Ada";
const standIn = new rlhf.SimulatedHuman<any>(() => 0, { rng: new rlhf.Rng(1) });
const greetings = (n: number) => Array.from({ length: n }, (_, i) =>
  ({ prompt: "Say hello to a stranger.", first: "hello, nice to meet you " + i, second: "<b>oi</b> & <img src=x onerror=alert(1)> " + i }));`;
    const path = server.write(`${name}-${application}.ipynb`, [first, ...cells]);
    const notebook = await server.open(path, application);
    notebook.page.setDefaultTimeout(100_000); // a busy machine checks types for long
    return new WidgetPage(server, path, file, notebook);
  }

  /** Runs all cells without waiting for their end, which waits for a person. */
  async run(): Promise<void> {
    void this.notebook.command("notebook:run-all-cells").catch(() => undefined); // a closed page
    await this.widget.waitFor();
  }

  get widget(): Locator {
    return this.notebook.page.locator(".rlhf").last();
  }

  /** "3 of 5", as the page shows it. */
  get count(): Locator {
    return this.widget.locator(".rlhf-count");
  }

  /** Waits until the page shows this question. */
  async at(question: number, total: number): Promise<void> {
    await this.widget.getByText(`${question} of ${total}`, { exact: true }).waitFor();
  }

  async click(button: string): Promise<void> {
    await this.widget.getByRole("button", { name: button }).click();
  }

  async press(key: string): Promise<void> {
    await this.widget.focus();
    await this.notebook.page.keyboard.press(key);
  }

  /** Waits until a cell has printed or shown this. */
  async shows(text: string): Promise<void> {
    await this.notebook.page.getByText(text).last().waitFor();
  }

  /** The same notebook in a browser of its own; its kernel may be busy. */
  async secondTab(): Promise<Page> {
    const context = await this.notebook.page.context().browser()!.newContext();
    const tab = await context.newPage();
    tab.setDefaultTimeout(100_000);
    await tab.goto(this.server.address(this.name, this.notebook.application));
    return tab;
  }

  async answers(task: string): Promise<unknown[]> {
    return (await this.store.all({ task })).map((label) => label.answer);
  }

  async close(): Promise<void> {
    await this.notebook.close();
    rmSync(dirname(this.#file), { recursive: true, force: true });
  }
}
