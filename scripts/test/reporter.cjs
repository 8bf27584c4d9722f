// What `npm test` shows of a group, and the file it counts from: one line a test, written as it ends, so that a
// group that is killed half-way still counts what it did.
const { appendFileSync } = require("node:fs");
const { Base } = require("mocha").reporters;

const slow = 1000; // ms from which a test gets a line of its own

module.exports = class Reporter extends Base {
  constructor(runner, options) {
    super(runner, options);
    const record = (entry) =>
      appendFileSync(process.env.RLHF_TEST_RESULTS, `${JSON.stringify(entry)}\n`);
    const suites = [];
    runner.on("suite", (suite) => {
      suites.push({ title: suite.title, tests: 0, failed: 0, began: Date.now() });
    });
    runner.on("suite end", () => {
      const suite = suites.pop();
      if (suites.length === 1) this.closeSuite(suite);
    });
    runner.on("test end", () => suites.forEach((suite) => suite.tests++));
    runner.on("pass", (test) => {
      record({ state: "passed" });
      if (test.duration >= slow) console.log(`      ${test.title} (${seconds(test.duration)})`);
    });
    runner.on("pending", (test) => {
      record({ state: "skipped" });
      console.log(`    - skipped: ${test.fullTitle()}`);
    });
    runner.on("fail", (test) => {
      suites.forEach((suite) => suite.failed++);
      record({ state: "failed" });
      console.log(`    ✗ ${test.fullTitle()}`);
    });
    runner.once("end", () => {
      if (this.failures.length > 0) Base.list(this.failures);
      record({ state: "ended", open: process.getActiveResourcesInfo() });
    });
  }

  closeSuite({ title, tests, failed, began }) {
    if (tests === 0) return;
    const result = failed === 0 ? "✓" : "✗";
    console.log(`    ${result} ${title}: ${tests} tests, ${seconds(Date.now() - began)}`);
  }
};

function seconds(ms) {
  return ms < slow ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}
