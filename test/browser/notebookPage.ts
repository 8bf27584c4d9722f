/** A notebook in the page: run it, read it, look at it. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ConsoleMessage, Page } from "playwright-core";

export type Application = "lab" | "notebook";

/** An output of a cell as Jupyter stores it. */
export interface Output {
  output_type: string;
  name?: string;
  text?: string | string[];
  ename?: string;
  evalue?: string;
  traceback?: string[];
  data?: Record<string, unknown>;
}
export interface Cell {
  cell_type: string;
  source: string | string[];
  metadata?: Record<string, unknown>;
  outputs?: Output[];
}

/** The part of JupyterLab's application object that the tests use. */
interface JupyterApp {
  commands: { execute(id: string, args?: object): Promise<unknown> };
  shell: { currentWidget: NotebookPanel | null };
}
interface NotebookPanel {
  context: { ready: Promise<void>; save(): Promise<void> };
  sessionContext: {
    ready: Promise<void>;
    session: { kernel: { status: string } | null } | null;
  };
  model: { toJSON(): { cells: Cell[] } };
}

const screenshots = join(__dirname, "../../build/screenshots");

export class NotebookPage {
  /** Errors that the page wrote to its console, or threw. */
  readonly errors: string[] = [];

  constructor(
    readonly page: Page,
    readonly application: Application,
  ) {
    page.setDefaultTimeout(60_000);
    page.on("console", (message) => this.listen(message));
    page.on("pageerror", (error) => this.errors.push(error.message));
  }

  private listen(message: ConsoleMessage): void {
    if (message.type() !== "error") return;
    this.errors.push(`${message.text()} (${message.location().url})`);
  }

  /** Goes to a notebook and waits until it is drawn; then, if asked to, until its kernel is idle. */
  async goto(address: string, kernel: boolean): Promise<void> {
    await this.page.goto(address);
    await this.page.waitForFunction((withKernel) => {
      const app = (window as unknown as { jupyterapp?: JupyterApp }).jupyterapp;
      const panel = app?.shell.currentWidget;
      const status = panel?.sessionContext?.session?.kernel?.status;
      return withKernel ? status === "idle" : panel?.context !== undefined;
    }, kernel);
    await this.page.evaluate(async (withKernel) => {
      const { jupyterapp } = window as unknown as { jupyterapp: JupyterApp };
      const panel = jupyterapp.shell.currentWidget!;
      await panel.context.ready;
      if (withKernel) await panel.sessionContext.ready;
    }, kernel);
  }

  /** Executes one of JupyterLab's commands. */
  async command(id: string, args: object = {}): Promise<unknown> {
    return this.page.evaluate(
      async ([command, options]) => {
        const { jupyterapp } = window as unknown as { jupyterapp: JupyterApp };
        const result = await jupyterapp.commands.execute(command, options);
        return typeof result === "boolean" ? result : undefined;
      },
      [id, args] as const,
    );
  }

  /** Runs every cell and waits until the last one is done. */
  async runAll(): Promise<void> {
    await this.command("notebook:run-all-cells");
    await this.page.waitForFunction(() => {
      const { jupyterapp } = window as unknown as { jupyterapp: JupyterApp };
      return jupyterapp.shell.currentWidget?.sessionContext.session?.kernel?.status === "idle";
    });
  }

  /** The notebook's cells as they would be saved. */
  async cells(): Promise<Cell[]> {
    return this.page.evaluate(() => {
      const { jupyterapp } = window as unknown as { jupyterapp: JupyterApp };
      return jupyterapp.shell.currentWidget!.model.toJSON().cells;
    });
  }

  /** What cells ended with an error, each in a line. */
  async cellErrors(): Promise<string[]> {
    return (await this.cells()).flatMap(({ outputs = [] }, i) =>
      outputs
        .filter(({ output_type }) => output_type === "error")
        .map(({ ename, evalue }) => `cell ${i}: ${ename}: ${evalue}`),
    );
  }

  async save(): Promise<void> {
    await this.page.evaluate(async () => {
      const { jupyterapp } = window as unknown as { jupyterapp: JupyterApp };
      await jupyterapp.shell.currentWidget!.context.save();
    });
  }

  async theme(name: "light" | "dark"): Promise<void> {
    const theme = name === "dark" ? "JupyterLab Dark" : "JupyterLab Light";
    await this.command("apputils:change-theme", { theme });
    await this.page.waitForFunction(
      (dark) => document.body.dataset["jpThemeLight"] === String(!dark),
      name === "dark",
    );
  }

  /** Makes the window as tall as the notebook, so that all of it is drawn and seen. */
  async unroll(): Promise<void> {
    const height = await this.page.evaluate(() => {
      const parts = document.querySelectorAll(
        ".jp-NotebookPanel-notebook, .jp-NotebookPanel-notebook *",
      );
      return Math.max(...[...parts].map((part) => part.scrollHeight));
    });
    await this.page.setViewportSize({ width: 1280, height: Math.min(16_000, height + 160) });
    await this.page.evaluate(() => {
      for (const part of document.querySelectorAll(
        ".jp-NotebookPanel-notebook, .jp-WindowedPanel-outer",
      )) {
        part.scrollTop = 0; // it may have followed the last cell that ran
      }
    });
  }

  /** Saves pictures of the whole notebook as build/screenshots/NAME-1.png, -2 and so on. */
  async pictures(name: string): Promise<void> {
    const step = 3600;
    await this.page.setViewportSize({ width: 1280, height: step + 160 });
    for (let i = 0; await this.scroll(i * step); i++) await this.screenshot(`${name}-${i + 1}`);
  }

  /** Scrolls to so many pixels from the top; false where the notebook is not that long. */
  private async scroll(top: number): Promise<boolean> {
    return this.page.evaluate(async (to) => {
      const parts = document.querySelectorAll(
        ".jp-NotebookPanel-notebook, .jp-NotebookPanel-notebook *",
      );
      const outer = [...parts].find(
        (part) =>
          part.scrollHeight > part.clientHeight + 1 && getComputedStyle(part).overflowY === "auto",
      );
      if (outer === undefined || to >= outer.scrollHeight) return to === 0;
      outer.scrollTop = to;
      await new Promise((resolve) => setTimeout(resolve, 300)); // for the picture
      return true;
    }, top);
  }

  /** Saves a picture of the page as build/screenshots/NAME.png. */
  async screenshot(name: string): Promise<string> {
    mkdirSync(screenshots, { recursive: true });
    const path = join(screenshots, `${name}.png`);
    await this.page.screenshot({ path });
    return path;
  }

  async close(): Promise<void> {
    await this.command("kernelmenu:shutdown").catch(() => undefined);
    await this.page.context().close();
  }
}
