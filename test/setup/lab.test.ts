import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

interface Answers {
  readonly milliseconds: number;
  readonly page: number;
  readonly config: string;
  readonly stranger: number;
  readonly kernelspecs: {
    default: string;
    kernelspecs: Record<string, { spec: { display_name: string } }>;
  };
  readonly settings: { schema: { properties: Record<string, { default: unknown }> } };
}

const bubblewrap = process.env.RLHF_BWRAP ?? "bwrap";
const isolated = ["--dev-bind", "/", "/", "--unshare-net", "--die-with-parent"];

describe("JupyterLab, started without a network in the folder that is set up", function () {
  this.timeout(90_000);
  let answers: Answers;

  before(function () {
    const { status } = spawnSync(bubblewrap, [...isolated, "true"]);
    if (status !== 0) this.skip(); // no bubblewrap, or this system lets nobody make a namespace
    const script = join(__dirname, "offlineStart.cjs");
    const result = spawnSync(bubblewrap, [...isolated, process.execPath, script], {
      encoding: "utf8",
      timeout: 80_000,
    });
    assert.equal(result.status, 0, result.stderr);
    answers = JSON.parse(result.stdout) as Answers;
  });

  it("serves the lab page behind its token, and nothing without it", () => {
    assert.deepEqual([answers.page, answers.stranger], [200, 403]);
  });

  it("offers the TypeScript kernel and no other", () => {
    const { default: first, kernelspecs } = answers.kernelspecs;
    assert.deepEqual([first, Object.keys(kernelspecs)], ["typescript", ["typescript"]]);
    assert.equal(kernelspecs.typescript?.spec.display_name, "TypeScript");
  });

  it("asks the network for no news, no updates and no extensions", () => {
    const { fetchNews, checkForUpdates } = answers.settings.schema.properties;
    assert.deepEqual([fetchNews?.default, checkForUpdates?.default], ["false", false]);
    const config = JSON.parse(answers.config) as { news?: { disabled?: boolean } };
    assert.equal(config.news?.disabled, true);
  });
});
