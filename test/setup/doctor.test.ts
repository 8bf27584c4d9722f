import assert from "node:assert/strict";
import { makeProject, type Project } from "./project";

interface Row {
  readonly part: string;
  readonly found: string;
  readonly used: string;
  readonly costs: string;
  readonly more: string;
}

describe("npm run doctor", function () {
  this.timeout(60_000); // many processes start here; a busy machine takes its time
  let project: Project;
  beforeEach(() => void (project = makeProject()));
  afterEach(() => project.remove());

  async function rows(environment: Record<string, string> = {}): Promise<Map<string, Row>> {
    const one = project.launch("doctor", ["--json"], environment);
    assert.equal(await one.ends(), 0, one.output());
    return new Map((JSON.parse(one.output()) as Row[]).map((row) => [row.part, row]));
  }

  it("says before the set-up what was found and what is to be done", async () => {
    const found = await rows();
    assert.match(found.get("Set-up")!.found, /^to be done: npm packages, Python environment/);
    assert.match(found.get("Python")!.found, /^3\.12\.1 \(.*no environment made yet\)/);
    assert.match(found.get("Node")!.found, new RegExp(process.versions.node));
    assert.match(found.get("C++ compiler")!.more, /apt install g\+\+/);
    assert.match(found.get("Chromium")!.more, /apt install chromium/);
    assert.match(found.get("Disk")!.found, /GB free$/);
  });

  it("says after the set-up that it is complete, and why there is no training engine", async () => {
    const start = project.launch("start", ["--no-open"]);
    await start.shows(/✗ TensorFlow's runtime/);
    start.child.kill("SIGINT");
    await start.ends();
    const found = await rows();
    assert.equal(found.get("Set-up")!.found, "complete");
    assert.equal(found.get("TypeScript kernel")!.found, "ready");
    assert.match(found.get("Training engine")!.more, /npm run doctor -- --retry/);
  });

  it("shows a missing Python as a row of the table, not as an error", async () => {
    const found = await rows({ STUB_PYTHON_VERSION: "3 9 1" });
    assert.match(found.get("Python")!.more, /needs Python 3\.11 or newer .* only 3\.9\.1/);
  });

  it("shows a crash of the training part as a row too", async () => {
    project.write("lib/dist/tensor/doctor.js", "process.abort();");
    assert.match((await rows()).get("Training")!.found, /^failed/);
  });

  it("prints a table as wide as the terminal, and loses no word of it", async () => {
    const one = project.launch("doctor", []);
    assert.equal(await one.ends(), 0);
    const lines = one.output().trimEnd().split("\n");
    assert.match(lines[0], /^Part +Found +Used for +Costs +For more$/);
    assert.ok(Math.max(...lines.map((line) => line.length)) <= 120);
    assert.match(lines.join(" ").replace(/\s+/g, " "), /PostgreSQL/);
  });
});
