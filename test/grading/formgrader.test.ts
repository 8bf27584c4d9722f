/** A teacher's afternoon in the browser: nbgrader's own pages, on submissions that run behind walls. */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
} from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium, type Browser, type Page } from "playwright-core";
import { chromiumPath, needChromium } from "../browser/harness";
import { Course, python } from "../exercises/course";
import { exercise, root, solutionOf, solved, whyNoWalls, written } from "../exercises/grading";

interface JupyterApp {
  commands: {
    hasCommand(id: string): boolean;
    execute(id: string, args?: object): Promise<unknown>;
  };
}

const screenshots = join(root, "build", "screenshots");

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** JupyterLab as `npm start` runs it for a teacher, with the course's folder as its root. */
async function startLab(
  course: Course,
): Promise<{ server: ChildProcess; url: string; token: string }> {
  const port = await freePort();
  const token = randomBytes(16).toString("hex");
  const args = [
    ...["-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"],
    ...[`--ServerApp.port=${port}`, "--ServerApp.port_retries=0", "--LabApp.news_url="],
    "--LabApp.expose_app_in_browser=True",
    ...[`--IdentityProvider.token=${token}`, `--ServerApp.root_dir=${course.folder}`],
  ];
  const env: NodeJS.ProcessEnv = {
    ...course.environment,
    HOME: course.folder,
    JUPYTER_CONFIG_PATH: join(root, "exercises"),
    JUPYTER_PATH: join(root, "exercises", "jupyter"),
  };
  delete env["JUPYTER_NO_CONFIG"];
  const server = spawn(python, args, { cwd: course.folder, env, stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 600; i++) {
    if (server.exitCode !== null) throw new Error(`Jupyter ended with code ${server.exitCode}.`);
    const answer = await fetch(`${url}/api/status?token=${token}`).catch(() => undefined);
    if (answer?.ok === true) return { server, url, token };
    await sleep(100);
  }
  throw new Error("Jupyter did not answer within 60 s.");
}

describe("formgrader in the browser", function () {
  this.timeout(240_000);
  const course = new Course();
  let server: ChildProcess | undefined;
  let browser: Browser | undefined;
  let page: Page;
  let go: (path: string) => Promise<void>;

  before(async function () {
    needChromium(this);
    const why = whyNoWalls();
    if (why !== undefined) {
      console.log(`    skipped: ${why}`);
      this.skip();
    }
    mkdirSync(screenshots, { recursive: true });
    const built = await course.script("exercises.mjs");
    assert.equal(built.code, 0, built.stderr);
    course.submit("ada", solved);
    course.submit("eve", written({ kappa: "while (true) {}", undefeated: "It has no maximum." }));
    course.submit("tom", written({ eloUpdate: solutionOf("eloUpdate").replace("/ 400", "") }));
    const lab = await startLab(course);
    server = lab.server;
    browser = await chromium.launch({
      executablePath: chromiumPath() ?? "",
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
    page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    page.setDefaultTimeout(90_000);
    await page.route(
      (url) => url.hostname !== "127.0.0.1",
      (route) => route.abort("internetdisconnected"),
    );
    go = async (path) => {
      const mark = path.includes("?") ? "&" : "?";
      await page.goto(`${lab.url}/${path}${mark}token=${lab.token}`);
    };
  });

  after(async () => {
    await browser?.close();
    server?.kill("SIGTERM");
    course.remove();
  });

  const shoot = (name: string) =>
    page.screenshot({ path: join(screenshots, `formgrader-${name}.png`) });

  it("lists the exercise and its submissions", async () => {
    await go("formgrader/manage_assignments");
    const row = page.locator("tr", { hasText: exercise });
    await row.waitFor();
    await shoot("assignments");
    assert.match(await row.innerText(), /3/);
  });

  it("grades a hostile submission with its autograde button, behind walls", async () => {
    await go(`formgrader/manage_submissions/${exercise}`);
    for (const student of ["eve", "tom"]) {
      const row = page.locator("tr", { hasText: student });
      await row.locator(".autograde a").click();
      await page.locator(".modal", { hasText: /Success|Error/ }).waitFor();
      const said = await page.locator(".modal-content").innerText();
      assert.match(said, /Success/, said);
      await page.locator(".modal-footer .btn, .modal-header .close").first().click();
      await page.locator(".modal-backdrop").waitFor({ state: "detached" });
    }
    await shoot("submissions");
    const scores = await course.gradebook<Record<string, number>>(`
print(json.dumps({s.student.id: s.score for s in gradebook.assignment_submissions("${exercise}")}))`);
    assert.deepEqual(scores, { eve: 16, tom: 18 });
  });

  it("shows verdicts on the grading page, and keeps a person's marks and comment", async () => {
    const ids = await course.gradebook<Record<string, string>>(`
print(json.dumps({s.student.id: s.notebooks[0].id for s in gradebook.assignment_submissions("${exercise}")}))`);
    await go(`formgrader/submissions/${ids["eve"]}`);
    await page.getByText("kappa: 0 of 4 points").first().waitFor();
    const formula = page.locator(".MathJax", { hasText: "𝜎" }).first();
    await formula.waitFor(); // set, though there is no network
    assert.equal(await page.getByText("\\sigma(\\theta_i - \\theta_j)").count(), 0);
    const score = page.locator("input.score").last();
    await score.fill("2.5");
    await page.locator("textarea.comment").last().fill("Say why it has none.");
    await page.locator("textarea.comment").last().blur();
    await score.focus();
    await score.blur();
    await sleep(1500);
    await shoot("grading");
    const kept = await course.gradebook<unknown[]>(`
g = gradebook.find_grade("undefeated", "${exercise}", "${exercise}", "eve")
c = gradebook.find_comment("undefeated", "${exercise}", "${exercise}", "eve")
print(json.dumps([g.manual_score, c.manual_comment]))`);
    assert.deepEqual(kept, [2.5, "Say why it has none."]);
  });

  it("makes the feedback that a student opens", async () => {
    await go(`formgrader/manage_submissions/${exercise}`);
    const row = page.locator("tr", { hasText: "eve" });
    await row.locator(".generate-feedback a").click();
    await page.locator(".modal", { hasText: /Success|Error/ }).waitFor();
    assert.match(await page.locator(".modal-content").innerText(), /Success/);
    const file = join(course.folder, "feedback", "eve", exercise, `${exercise}.html`);
    assert.ok(existsSync(file));
    const text = readFileSync(file, "utf8");
    assert.match(text, /Say why it has none\./);
    assert.match(text, /18\.5/);
  });

  it("hands out, fetches, validates, hands in and collects: a student's way, in the Lab", async () => {
    const released = await course.nbgrader("release_assignment", exercise);
    assert.equal(released.code, 0, released.stderr.slice(-2000));
    await go("lab?reset");
    await page.waitForFunction(() => "jupyterapp" in window);
    const command = async (id: string) => {
      await page.waitForFunction((name) => {
        const { jupyterapp } = window as unknown as { jupyterapp: JupyterApp };
        return jupyterapp.commands.hasCommand(name);
      }, id);
      await page.evaluate(async (name) => {
        const { jupyterapp } = window as unknown as { jupyterapp: JupyterApp };
        await jupyterapp.commands.execute(name);
      }, id);
    };
    await command("nbgrader:open-assignment-list");
    await page.getByRole("button", { name: "Fetch" }).first().click();
    await page.getByRole("button", { name: "Submit" }).first().waitFor();
    await shoot("assignment-list");
    const fetched = join(course.folder, exercise, `${exercise}.ipynb`);
    assert.ok(existsSync(fetched));
    copyFileSync(join(course.folder, "source", exercise, `${exercise}.ipynb`), fetched);
    symlinkSync(join(root, "node_modules"), join(course.folder, "node_modules"), "junction");
    await page.evaluate(async (path) => {
      const { jupyterapp } = window as unknown as { jupyterapp: JupyterApp };
      await jupyterapp.commands.execute("docmanager:open", { path });
    }, `${exercise}/${exercise}.ipynb`);
    await page.locator(".validate-button").first().click();
    await page.getByText("Success! Your notebook passes all the tests").waitFor();
    await shoot("validated");
    await page.keyboard.press("Escape");
    await command("nbgrader:open-assignment-list");
    await page.getByRole("button", { name: "Submit" }).first().click();
    await page
      .getByText(/Submitted assignments/i)
      .first()
      .waitFor();
    await sleep(3000);
    const collected = await course.nbgrader("collect", exercise);
    assert.equal(collected.code, 0, collected.stderr.slice(-2000));
    const students = readdirSync(join(course.folder, "submitted"));
    assert.equal(students.length, 4, students.join());
  });
});
