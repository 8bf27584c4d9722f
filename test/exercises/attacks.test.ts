/** Each attack is a submission. The mark must be right, the other functions' marks untouched. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Walls } from "../../lib/course/grading/bubblewrap";
import type { Grade, Grader } from "../../lib/course/grading/grade";
import { all, grade, makeGrader, makeWalls, points, root, shortLimits, solutionOf, whyNoWalls, written } from "./grading";

const kappa = solutionOf("kappa");
const node = `process.mainModule.require`;

/** The first thing that went wrong with kappa, as the grader was told. */
function said({ functions }: Grade): string {
  const mark = functions.find(({ name }) => name === "kappa");
  const answer = mark?.tests.find((test) => test.counterexample)?.counterexample?.answer;
  if (answer === undefined) return "";
  return "threw" in answer ? answer.threw : "missing" in answer ? answer.missing : JSON.stringify(answer.value);
}

describe("the sandbox", function () {
  this.timeout(60_000);
  let walls: Walls;
  let grader: Grader;

  before(function () {
    const why = whyNoWalls();
    if (why !== undefined) {
      console.log(`    skipped: ${why}`);
      this.skip();
    }
    walls = makeWalls(shortLimits);
    grader = makeGrader(walls);
  });

  after(() => walls?.remove());

  const attack = (code: string) => grade(grader, written({ kappa: code }));

  it("gives full marks to the solved notebook, in well under a second on a free machine", async () => {
    const result = await grade(grader, written({}));
    assert.deepEqual(points(result), all());
    assert.deepEqual(result.remarks, []);
  });

  describe("shows nothing that matters", () => {
    it("neither the repository, nor hidden tests, nor solutions, nor the user's files", async () => {
      const climbed = `${"../".repeat(12)}${root.slice(1)}/exercises/hidden`;
      const places = [root, join(root, "exercises"), climbed, process.env["HOME"] ?? "/root", "/etc", "/home"];
      const result = await attack(
        `function kappa() { throw new Error(${JSON.stringify(places)}.filter((p) => ${node}("fs").existsSync(p)).join()) }`,
      );
      assert.equal(said(result), "");
      assert.deepEqual(points(result), all({ kappa: 0 }));
    });

    it("no file beyond Node, the compiler, the harness and the system's libraries", async () => {
      const result = await attack(`function kappa() { throw new Error(${node}("fs").readdirSync("/").join()) }`);
      assert.equal(said(result), "dev,esbuild,harness.js,lib,lib64,node,prlimit,proc,tmp,usr");
    });

    it("no environment, no other process, an empty working directory of its own", async () => {
      const result = await attack(
        `const fs = ${node}("fs"); function kappa() { throw new Error(JSON.stringify([Object.keys(process.env), fs.readdirSync("/proc").filter((x) => x > 0), process.cwd(), fs.readdirSync(".")])) }`,
      );
      assert.equal(said(result), '[["PWD"],["1","2"],"/tmp",["in","out"]]');
    });

    it("no expected values: the harness knows nothing of the course", () => {
      const harness = readFileSync(join(root, "lib/course/grading/harness.ts"), "utf8");
      assert.doesNotMatch(harness, /import .* from "\./);
    });
  });

  describe("lets nothing out", () => {
    it("no network, not even the machine's own", async () => {
      let visitors = 0;
      const server = createServer(() => (visitors += 1));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      try {
        const result = await attack(
          `function kappa() {
             const probe = "const { connect } = require('net'); for (const host of ['127.0.0.1', '192.0.2.1']) connect(${port}, host).on('connect', () => console.log('connected')).on('error', (e) => console.log(e.code))";
             const { stdout } = ${node}("child_process").spawnSync("/node", ["-e", probe], { encoding: "utf8", timeout: 800 });
             throw new Error(Object.keys(${node}("os").networkInterfaces()) + " " + stdout.split("\\n").sort());
           }`,
        );
        assert.match(said(result), /^lo .*ECONNREFUSED/);
        assert.doesNotMatch(said(result), /connected/);
        assert.equal(visitors, 0);
      } finally {
        server.close();
      }
    });

    it("no write outside the scratch folder, and that one is small", async () => {
      const result = await attack(
        `function kappa() { const fs = ${node}("fs"); const ends = [];
           for (const place of ["/", "/dev/", "/dev/shm/", "/usr/lib/", "/tmp/"]) {
             let n = 0; try { for (; n < 100; n++) fs.writeFileSync(place + "x" + n, Buffer.alloc(1e6)); } catch (e) { ends.push(e.code) } }
           throw new Error(ends.join()) }`,
      );
      assert.equal(said(result), "EROFS,EROFS,EROFS,EROFS,ENOSPC");
    });

    it("no gradebook: what it writes where one might be goes nowhere", async () => {
      const gradebook = join(root, "exercises", "gradebook.db");
      const before = existsSync(gradebook) ? readFileSync(gradebook) : undefined;
      const result = await attack(
        `try { ${node}("fs").writeFileSync(${JSON.stringify(gradebook)}, "400/12") } catch {}\n${kappa}`,
      );
      assert.deepEqual(points(result), all());
      assert.deepEqual(existsSync(gradebook) ? readFileSync(gradebook) : undefined, before);
    });

    it("no import by a path that climbs out of its folder", async () => {
      const hidden = `${"../".repeat(12)}${root.slice(1)}/exercises/hidden/03-bradley-terry/tests.ts`;
      const result = await attack(
        `let why = ""; try { ${node}(${JSON.stringify(hidden)}) } catch (e) { why = e.code }
         try { await import(${JSON.stringify(`${root}/exercises/hidden/03-bradley-terry/tests.ts`)}) } catch (e) { why += " " + e.code }
         function kappa() { throw new Error(why) }`,
      );
      assert.match(said(result), /^MODULE_NOT_FOUND ERR_[A-Z_]+$/);
      assert.deepEqual(points(result), all({ kappa: 0 }));
    });

    it("no tracing of the parent: its memory cannot be opened, which takes what ptrace takes", async () => {
      const result = await attack(
        `function kappa() { const fs = ${node}("fs"); const ends = [];
           for (const pid of [${process.pid}, ${process.ppid}]) for (const part of ["mem", "environ", "root"])
             try { fs.openSync("/proc/" + pid + "/" + part, part === "mem" ? "r+" : "r"); ends.push("opened " + part) } catch (e) { ends.push(e.code) }
           throw new Error(ends.join()) }`,
      );
      assert.equal(said(result), Array(6).fill("ENOENT").join());
    });

    it("no signal to the parent or anybody else", async () => {
      const result = await attack(
        `function kappa() { const ends = []; for (const pid of [${process.pid}, ${process.ppid}, 1]) { try { process.kill(pid, 9); ends.push("sent") } catch (e) { ends.push(e.code) } }
           throw new Error(ends.join()) }`,
      );
      // process 1 in its own namespace is bubblewrap's, which it may not kill; the others do not exist
      assert.match(said(result), /^ESRCH,ESRCH,(sent|EPERM)$|^the process ended/);
      process.kill(process.pid, 0);
    });
  });

  describe("bounds everything that grows", () => {
    const bombs: [string, string, RegExp][] = [
      ["an endless loop in a function", "function kappa() { while (true) {} }", /longer than 1 s/],
      ["a sleep past the limit", "function kappa() { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60000); return 1 }", /longer than 1 s/],
      ["an endless loop in a cell", "while (true) {}", /kappa is not defined/],
      ["an await that never ends", "await new Promise(() => {}); function kappa() {}", /kappa is not defined/],
      ["memory on the heap", "function kappa() { const a = []; for (;;) a.push(new Array(1e5).fill(1.5)) }", /ended before|out of memory|longer than|more than/],
      ["memory in buffers", "function kappa() { const a = []; for (;;) a.push(Buffer.alloc(3e7, 1)) }", /allocation failed|longer than|more than/],
      ["shared memory", "function kappa() { const a = []; for (;;) { const s = new Uint8Array(new SharedArrayBuffer(3e7)); s.fill(1); a.push(s) } }", /allocation failed|longer than|more than/],
      ["a fork bomb", `const { spawn } = ${node}("child_process"); ${node}("fs").writeFileSync("/tmp/b.js", "const a = Buffer.alloc(4e7, 1); const { spawn } = require('child_process'); for (;;) try { spawn('/node', ['/tmp/b.js']).on('error', () => {}) } catch {}"); function kappa() { for (;;) try { spawn("/node", ["/tmp/b.js"]).on("error", () => {}) } catch {} }`, /longer than|ended before|more than/],
      ["an output bomb on the answers", `function kappa() { for (;;) ${node}("fs").writeSync(3, "x".repeat(1e5) + "\\n") }`, /too much output|longer than/],
      ["an output bomb on the console", `function kappa() { for (;;) console.log("x".repeat(1e5)) }`, /longer than/],
      ["an endless answer", "function kappa() { const a = []; a.push(a, a); return a }", /call stack/],
      ["a huge answer", "function kappa() { return new Float64Array(3e6) }", /\[/],
      ["a deep answer", "function kappa() { let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a }", /call stack|\[|ended before/i],
      ["an expression that recurses for ever", "function kappa() { return kappa() }", /call stack/],
    ];
    for (const [what, code, message] of bombs) {
      it(what, async () => {
        const result = await attack(code);
        assert.deepEqual(points(result), all({ kappa: 0 }));
        assert.match(said(result), message);
      });
    }

    it("leaves no process behind", () => {
      const { stdout } = spawnSync("ps", ["-eo", "args"], { encoding: "utf8" });
      assert.doesNotMatch(stdout, /^\/node .*\/harness\.js|^\/node \/tmp\/b\.js/m);
    });
  });

  describe("believes values only", () => {
    const forged: [string, string][] = [
      ["a result printed to the console", `console.log('{"call":50,"value":1}'); function kappa() { return 0 }`],
      ["results written to the parent's descriptor", `for (let i = 0; i < 80; i++) ${node}("fs").writeSync(3, JSON.stringify({ call: i, value: 1, after: [] }) + "\\n"); function kappa() { return 0 }`],
      ["marks written to the parent's descriptor", `${node}("fs").writeSync(3, '{"earned":400,"points":12}\\n{"ready":true}\\n'); function kappa() { return 0 }`],
      ["an object with toJSON and valueOf", "function kappa() { return { valueOf: () => 1, toJSON: () => 1 } }"],
      ["an object with getters", "function kappa() { return { get number() { return '0.13' }, get kind() { throw 1 } } }"],
      ["an object that looks like the harness's own", `function kappa() { return { number: "0.4" } }`],
      ["a proxy that throws at everything", "function kappa() { const trap = new Proxy({}, { get() { throw trap }, getPrototypeOf() { throw trap } }); return trap }"],
      ["a thrown proxy", "function kappa() { throw new Proxy(function () {}, { get() { throw 1 }, getPrototypeOf() { throw 2 } }) }"],
      ["a thrown object whose message is a trap", "function kappa() { throw { get message() { process.exit(0) }, toString() { process.exit(0) } } }"],
      ["a thenable", "function kappa() { return { then: (resolve) => resolve(0.4) } }"],
      ["a promise", "async function kappa() { return 0.4 }"],
      ["an early end", "function kappa() { process.exit(0) }"],
      ["a cyclic value", "function kappa() { const a = []; a[0] = a; return a }"],
      ["infinities", "function kappa() { return Infinity }"],
      ["a string", `function kappa() { return "0.4" }`],
    ];
    for (const [what, code] of forged) {
      it(what, async () => {
        const result = await attack(code);
        const { kappa: mark, ...others } = points(result);
        assert.equal(mark, 0);
        // a submission that talks over the harness may spoil its own other answers, nobody else's
        if (!what.includes("descriptor")) assert.deepEqual({ ...others, kappa: 4 }, all());
      });
    }

    const replaced = [
      "JSON.stringify = () => '1'; JSON.parse = () => [];",
      "Array.prototype.push = Array.prototype.join = () => { throw 1 }; Array.isArray = () => false;",
      "Object.prototype.value = 0.4; Object.prototype.toJSON = () => 0.4; Object.prototype.earned = 400;",
      "Number.isFinite = () => true; Number.prototype.toString = () => '0.4';",
      "process.stdout.write = () => true; console.log = () => {};",
      `${node}("fs").writeSync = () => {}; ${node}("fs").readFileSync = () => "";`,
      "globalThis.Promise = class {}; globalThis.Error = class {};",
      "process.on = process.emit = () => {}; process.exit = () => {};",
    ];
    for (const code of replaced) {
      it(`a replaced ${code.split(" ", 1)[0]} harms not even a right solution, nor helps a wrong one`, async () => {
        assert.deepEqual(points(await attack(`${code}\n${kappa}`)), all());
        assert.deepEqual(points(await attack(`${code}\nfunction kappa() { return 0.4 }`)), all({ kappa: 0 }));
      });
    }

    it("a replaced Math is the submission's own loss", async () => {
      const result = await attack(`Math.exp = () => 1; Math.log = () => 0;\n${kappa}`);
      assert.equal(points(result)["kappa"], 4);
      assert.ok(points(result)["mmUpdate"] < 4);
    });
  });

  it("draws fresh inputs: an answer learnt from one run is wrong in the next", async () => {
    const inputs = await grade(grader, written({ kappa: "function kappa(a, b) { throw new Error(a.join().length + a.join()) }" }), "one");
    const again = await grade(grader, written({ kappa: "function kappa(a, b) { throw new Error(a.join().length + a.join()) }" }), "two");
    assert.notEqual(said(inputs), said(again));
  });

  it("a function that fails costs only the tests that fail: slow on one input", async () => {
    const slow = kappa.replace("{", "{ if (new Set(first).size > 2) while (true) {}");
    assert.deepEqual(points(await attack(slow)), all({ kappa: 3 }));
  });

  it("says in one sentence when bubblewrap cannot be had", () => {
    const folder = mkdtempSync(join(tmpdir(), "no-bwrap-"));
    const false_ = join(folder, "bwrap");
    writeFileSync(false_, "#!/bin/sh\necho 'setting up uid map: Permission denied' >&2\nexit 1\n", { mode: 0o755 });
    const before = process.env["RLHF_BWRAP"];
    try {
      for (const path of [false_, join(folder, "nothing")]) {
        process.env["RLHF_BWRAP"] = path;
        assert.throws(() => makeWalls(shortLimits), /^Error: Grading needs bubblewrap.*--unsafe\.$/s);
      }
    } finally {
      if (before === undefined) delete process.env["RLHF_BWRAP"];
      else process.env["RLHF_BWRAP"] = before;
      rmSync(folder, { recursive: true });
    }
  });
});
