import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { displayHook, type FrontEnd } from "../../lib/notebook/frontEnd";
import { duration } from "../../lib/notebook/progress";
import { lineChart, liveChart, progress, show, showMarkdown, table } from "../../lib/notebook";

const key = Symbol.for("rlhf.frontEnd");
const xy = { title: "A title", x: "time (s)", y: "loss (nats)" };

interface Shown {
  kind: "display" | "update";
  id: string | undefined;
  data: Record<string, unknown>;
}

/** A front end that keeps what it is given. */
function recorder(): { shown: Shown[]; frontEnd: FrontEnd } {
  const shown: Shown[] = [];
  const frontEnd: FrontEnd = {
    display: (data, _, id) => void shown.push({ kind: "display", id, data }),
    updateDisplay: (id, data) => void shown.push({ kind: "update", id, data }),
    openComm: () => assert.fail("no chart opens a channel"),
    sessionId: "test",
  };
  return { shown, frontEnd };
}

describe("in a notebook", () => {
  let shown: Shown[];
  beforeEach(() => {
    const page = recorder();
    shown = page.shown;
    (globalThis as Record<symbol, unknown>)[key] = page.frontEnd;
  });
  afterEach(() => delete (globalThis as Record<symbol, unknown>)[key]);

  describe("show", () => {
    it("sends the whole bundle", () => {
      const chart = lineChart({ a: [1, 2] }, xy);
      show(chart);
      assert.deepEqual(
        shown.map(({ data }) => data),
        [chart[displayHook]().data],
      );
    });

    it("says what it takes", () => {
      assert.throws(
        () => show(42 as never),
        /takes a chart, a table or a text of this library, got 42.*console\.log/,
      );
    });
  });

  it("showMarkdown sends Markdown", () => {
    showMarkdown("**bold** $x^2$");
    assert.equal(shown[0].data["text/markdown"], "**bold** $x^2$");
    assert.throws(() => showMarkdown(3 as never), /takes a text, got 3/);
  });

  describe("liveChart", () => {
    it("is one display, drawn a few times a second, and a full chart in the end", async () => {
      const live = liveChart({ ...xy, everyMs: 100 });
      const until = performance.now() + 550;
      let points = 0;
      while (performance.now() < until) {
        live.add(points, { train: 1 / (1 + points), test: 2 });
        points += 1;
        await sleep(1);
      }
      live.finish();
      assert.ok(shown.length >= 4 && shown.length <= 8, `${shown.length} drawings`);
      assert.deepEqual(
        shown.map(({ kind }) => kind),
        ["display", ...shown.slice(1).map(() => "update")],
      );
      assert.equal(new Set(shown.map(({ id }) => id)).size, 1);
      const last = shown.at(-1)!.data;
      assert.ok("application/vnd.vegalite.v5+json" in last);
      assert.match(last["text/plain"] as string, new RegExp(`train: ${points} points`));
      assert.match(shown[1].data["text/html"] as string, /<svg[^>]*>[\s\S]*currentColor/);
    });

    it("draws the last points even where the loop ends without finish", async () => {
      const live = liveChart({ ...xy, everyMs: 60 });
      for (let i = 0; i < 5; i++) live.add(i, { loss: i });
      await sleep(120);
      assert.match(shown.at(-1)!.data["text/plain"] as string, /loss: 5 points/);
    });

    it("keeps what it has when the run diverges, and says where", () => {
      const live = liveChart(xy);
      live.add(0, { loss: 1 });
      assert.throws(() => live.add(1, { loss: NaN }), /"loss" is NaN at x = 1/);
      assert.match(shown.at(-1)!.data["text/plain"] as string, /loss: 1 points/);
      assert.throws(() => live.add(NaN, { loss: 1 }), /x must be a finite number/);
      assert.throws(() => liveChart({ ...xy, everyMs: 1 }), /everyMs must be in/);
    });
  });

  describe("progress", () => {
    it("is one display that changes at most ten times a second and ends in one line", async () => {
      const bar = progress(1000, { label: "Bootstrap <1>", unit: "rounds" });
      for (let i = 0; i < 1000; i++) {
        bar.step();
        if (i % 10 === 0) await sleep(3);
      }
      bar.finish("done");
      bar.finish();
      assert.ok(shown.length >= 3 && shown.length <= 9, `${shown.length} drawings`);
      assert.equal(new Set(shown.map(({ id }) => id)).size, 1);
      assert.match(shown[1].data["text/html"] as string, /<progress max="100" value="\d+\.\d"/);
      assert.match(shown[1].data["text/plain"] as string, /of 1000 rounds, 0\.\d s left/);
      const { data } = shown.at(-1)!;
      assert.match(data["text/plain"] as string, /^Bootstrap <1>: 1000 rounds in \d\.\d s — done$/);
      assert.match(data["text/html"] as string, /✓ Bootstrap &lt;1&gt;/);
    });

    it("says so when the work was cut short", () => {
      const bar = progress(10, { label: "Training" });
      bar.step(4);
      bar.finish();
      assert.match(bar.text(), /^Training: stopped after 4 of 10 steps in 0\.\d s$/);
    });

    it("refuses work without an end", () => {
      assert.throws(
        () => progress(0, { label: "x" }),
        /total must be an integer of at least 1, got 0/,
      );
      assert.throws(() => progress(3, {} as never), /needs a label/);
      assert.throws(() => progress(3, { label: "x" }).step(-1), /steps must be an integer/);
    });
  });
});

describe("duration", () => {
  it("is written as a reader wants it", () => {
    const written = [0.42, 12.3, 59.7, 200, 3600, 7500].map(duration);
    assert.deepEqual(written, ["0.4 s", "12 s", "1 min", "3 min 20 s", "1 h", "2 h 5 min"]);
  });
});

describe("table", () => {
  const rows = [
    { team: "Milwaukee", theta: 1.5812, wins: 12345, p: 0.512, playoff: true },
    { team: "<Detroit>", theta: -1.4, wins: 7, p: null, playoff: false },
  ];

  it("sets numbers to the right, words to the left, and escapes what people wrote", () => {
    const html = table(rows, { caption: "A & B" }).html();
    assert.match(html, /<td style="text-align:right;[^"]*">12345<\/td>/);
    assert.match(html, /<td style="text-align:left;[^"]*">&lt;Detroit&gt;<\/td>/);
    assert.match(html, /<figcaption[^>]*>A &amp; B<\/figcaption>/);
    assert.doesNotMatch(html, /<Detroit>/);
  });

  it("writes digits and formats a column at a time", () => {
    const columns = {
      team: "team",
      theta: { title: "θ (log-odds)", digits: 2 },
      p: { title: "P", format: ".0%" },
      playoff: "playoff",
    };
    const lines = table(rows, { columns }).text().split("\n");
    assert.deepEqual(lines, [
      "team       θ (log-odds)    P  playoff",
      "─────────  ────────────  ───  ───────",
      "Milwaukee          1.58  51%  yes",
      "<Detroit>         −1.40       no",
    ]);
  });

  it("refuses no rows, unknown columns, bad formats and things that are no values", () => {
    assert.throws(() => table([]), /rows needs at least 1 entry/);
    assert.throws(
      () => table(rows, { columns: { tema: "team" } }),
      /no row has the column "tema".*team, theta/,
    );
    assert.throws(
      () => table(rows, { columns: { p: { title: "P", format: "%%%" } } }),
      /"%%%" is no number format/,
    );
    assert.throws(() => table([{ a: [1] as never }]), /row 0, column "a" must be a text, a number/);
  });
});

describe("in plain Node", () => {
  const root = join(__dirname, "../..");
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "rlhf-charts-"))));
  after(() => rmSync(folder, { recursive: true }));

  /** Runs TypeScript in a process of its own and gives what it printed. */
  function node(code: string): string {
    const script = `const rlhf = require("./lib/notebook");${code}`;
    return execFileSync(process.execPath, ["--require", "tsx/cjs", "-e", script], {
      cwd: root,
      env: { ...process.env, RLHF_CHARTS: folder },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  it("writes a chart to a file with a name that says what it is", () => {
    node(
      `const c = rlhf.lineChart({ a: [1, 2] }, { title: "Two points", x: "x", y: "y" }); rlhf.show(c); rlhf.show(rlhf.table([{ a: 1 }]))`,
    );
    const files = readdirSync(folder).sort();
    assert.deepEqual(files, ["01-line-chart-two-points.svg", "02-a.html"]);
    assert.match(readFileSync(join(folder, files[0]), "utf8"), /^<svg[\s\S]*Two points/);
  });

  it("writes a surface as a page that turns without a network", () => {
    node(
      `rlhf.show(rlhf.surface((x, y) => x * y, { title: "A </script> saddle", x: "x", y: "y", z: "z", xs: [0, 1], ys: [0, 1] }))`,
    );
    const page = readFileSync(join(folder, "01-surface-to-turn-a-script-saddle.html"), "utf8");
    const [, script] = /<script src="(file:[^"]+plotly-gl3d\.min\.js)"/.exec(page) ?? [];
    assert.ok(existsSync(new URL(script ?? "")));
    assert.equal(page.match(/<\/script>/g)?.length, 2);
  });

  it("prints no progress into a pipe", () => {
    const out = node(
      `const bar = rlhf.progress(3, { label: "x" }); bar.step(); bar.finish(); console.log("ok")`,
    );
    assert.equal(out, "ok\n");
  });

  it("loads Vega only when the first chart is drawn", () => {
    const out = node(
      `const has = () => Object.keys(require.cache).some((file) => /vega/.test(file) && /node_modules/.test(file));
       const before = has(); const c = rlhf.lineChart({ a: [1] }, { title: "t", x: "x", y: "y" }); rlhf.table([{ a: 1 }], { digits: 1 });
       const made = has(); c.svg(); console.log(before, made, has())`,
    );
    assert.equal(out, "false false true\n");
  });
});
