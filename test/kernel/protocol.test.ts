import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { error, KernelClient, ofType, printed, value } from "./kernelClient";

describe("Jupyter's protocol", function () {
  this.timeout(180_000);
  let kernel: KernelClient;
  before(async () => (kernel = await KernelClient.start()));
  after(() => kernel.stop());

  describe("cells that wait", () => {
    it("are answered 'aborted' after an error, and none is dropped", async () => {
      const ids = [];
      for (const code of [
        'await new Promise((r) => setTimeout(r, 300)); throw new Error("stop")',
        "1",
        "2",
      ])
        ids.push(await kernel.submit(code));
      const statuses = [];
      for (const id of ids) statuses.push((await kernel.result(id)).reply.status);
      assert.deepEqual(statuses, ["error", "aborted", "aborted"]);
      assert.equal(value(await kernel.execute("3")), "3");
    });

    it("are aborted after an error without any await", async () => {
      const ids = [];
      for (const code of [
        'for (const end = Date.now() + 400; Date.now() < end; ); throw new Error("stop")',
        "1",
      ])
        ids.push(await kernel.submit(code));
      assert.equal((await kernel.result(ids[0] ?? "")).reply.status, "error");
      assert.equal((await kernel.result(ids[1] ?? "")).reply.status, "aborted");
    });

    it("run on when stop_on_error is off", async () => {
      const first = await kernel.submit('throw new Error("go on")', { stop_on_error: false });
      const second = await kernel.submit("4");
      assert.equal((await kernel.result(first)).reply.status, "error");
      assert.equal(value(await kernel.result(second)), "4");
    });

    it("run when they come right after the reply to a failed one", async () => {
      for (let i = 0; i < 5; i++) {
        await kernel.execute('throw new Error("x")');
        assert.equal(value(await kernel.execute(`${i}`)), `${i}`);
      }
    });

    it("run in the order in which they came", async () => {
      await kernel.execute("const order: number[] = [];");
      const ids = [];
      for (let i = 0; i < 10; i++) ids.push(await kernel.submit(`await null; order.push(${i});`));
      for (const id of ids) await kernel.result(id);
      assert.equal(value(await kernel.execute("order.join()")), "'0,1,2,3,4,5,6,7,8,9'");
    });
  });

  describe("requests", () => {
    it("kernel_info names the language, its MIME type and editor mode", async () => {
      const { reply } = await kernel.request("kernel_info_request");
      const info = reply.language_info as Record<string, unknown>;
      assert.equal(reply.status, "ok");
      assert.equal(info.name, "typescript");
      assert.equal(info.file_extension, ".ts");
      assert.equal(info.mimetype, "text/typescript");
      assert.equal(info.codemirror_mode, "typescript");
    });

    it("complete offers members and variables of earlier cells, at the right characters", async () => {
      await kernel.execute('const smile = { width: 1, wonder: 2 }; const emoji = "🤖";');
      const code = '"🤖🤖"; smile.w';
      const { reply } = await kernel.request("complete_request", {
        code,
        cursor_pos: [...code].length,
      });
      assert.deepEqual(reply.matches, ["width", "wonder"]);
      assert.equal(reply.cursor_start, [...code].length - 1);
      assert.equal(reply.cursor_end, [...code].length);
    });

    it("inspect shows the library's doc comments, also inside the parentheses of a call", async () => {
      await kernel.execute('import { tick, Rng } from "rlhf"; const rng = new Rng(1);');
      for (const code of ["tick", "await tick(", "rng.integer(3"]) {
        const { reply } = await kernel.request("inspect_request", {
          code,
          cursor_pos: code.length,
          detail_level: 0,
        });
        assert.equal(reply.found, true, code);
        const text = (reply.data as Record<string, string>)["text/plain"] ?? "";
        assert.match(
          text,
          code.includes("tick") ? /One turn of the event loop[^]*InterruptedError/ : /integer/,
        );
      }
      const { reply } = await kernel.request("inspect_request", { code: "  ", cursor_pos: 1 });
      assert.equal(reply.found, false);
    });

    it("is_complete knows finished, unfinished and wrong code", async () => {
      const ask = async (code: string) =>
        (await kernel.request("is_complete_request", { code })).reply;
      assert.deepEqual(await ask("1 + 1"), { status: "complete" });
      assert.deepEqual(await ask("if (true) {"), { status: "incomplete", indent: "  " });
      assert.deepEqual(await ask("} else"), { status: "invalid" });
    });

    it("history gives back what was run", async () => {
      await kernel.execute("'remember me'");
      const search = {
        output: true,
        raw: true,
        hist_access_type: "search",
        pattern: "*remember*",
        n: 1,
      };
      const { reply } = await kernel.request("history_request", search);
      const [row] = reply.history as [number, number, [string, string]][];
      assert.deepEqual(row?.[2], ["'remember me'", "'remember me'"]);
    });

    it("silent cells leave no trace", async () => {
      const { execution_count: before } = (await kernel.execute("1")).reply;
      const silent = await kernel.execute("const hidden = 5; hidden", {
        silent: true,
        store_history: false,
      });
      assert.deepEqual(
        [ofType(silent, "execute_input"), ofType(silent, "execute_result")],
        [[], []],
      );
      assert.equal((await kernel.execute("hidden")).reply.execution_count, Number(before) + 1);
    });

    it("user_expressions are answered each with an error", async () => {
      const { reply } = await kernel.execute("1", { user_expressions: { a: "1 + 1" } });
      assert.equal(
        (reply.user_expressions as Record<string, { status: string }>).a?.status,
        "error",
      );
    });

    it("that are unknown are answered with an error", async () => {
      const { reply } = await kernel.request("debug_request", {});
      assert.equal(reply.status, "error");
      assert.match(String(reply.evalue), /does not answer debug_request/);
    });
  });

  describe("comms", () => {
    const buffer = Buffer.from([1, 2, 255]).toString("base64");

    it("opened by a cell carry messages both ways while the cell awaits, with buffers", async () => {
      const cell = await kernel.submit(
        `const comm = (globalThis as any)[Symbol.for("rlhf.frontEnd")].openComm("jupyter.widget", { state: 1 }, { version: "2.1.0" });
         const click: any = await new Promise((done) => comm.onMessage((data: any, buffers: Uint8Array[]) => done([data, buffers])));
         comm.send({ got: click[0].n, bytes: [...click[1][0]] }, {}, [new Uint8Array([7, 8])]);
         console.log("clicked"); comm.id`,
      );
      const opened = await untilComm(cell, "comm_open");
      assert.equal(opened.content.target_name, "jupyter.widget");
      assert.deepEqual(opened.content.data, { state: 1 });
      assert.deepEqual(opened.metadata, { version: "2.1.0" });
      const comm_id = opened.content.comm_id as string;
      const listed = await kernel.request("comm_info_request", { target_name: "jupyter.widget" });
      assert.deepEqual(listed.reply.comms, { [comm_id]: { target_name: "jupyter.widget" } });
      assert.equal(listed.type, "comm_info_reply");
      await kernel.send("comm_msg", { comm_id, data: { n: 5 } }, { buffers: [buffer] });
      const result = await kernel.result(cell);
      assert.equal(printed(result), "clicked\n");
      const [answer] = result.messages.filter(({ type }) => type === "comm_msg");
      assert.deepEqual(answer?.content.data, { got: 5, bytes: [1, 2, 255] });
      assert.deepEqual(answer?.buffers, [Buffer.from([7, 8]).toString("base64")]);
    });

    /** The next message of a type under a cell that is still running. */
    async function untilComm(cell: string, type: string) {
      for (let tries = 0; tries < 100; tries++) {
        const found = (await kernel.collect(0.1)).find(
          (each) => each.type === type && each.parent === cell,
        );
        if (found) return found;
      }
      throw new Error(`no ${type} within 10 s`);
    }

    it("print and fail under the cell in which their callback was set", async () => {
      const cell = await kernel.submit(
        `const late = (globalThis as any)[Symbol.for("rlhf.frontEnd")].openComm("t", {});
         late.onMessage((data: any) => { console.log("heard", data); if (data.fail) throw new RangeError("bad click"); });
         late.onClose((data: any) => console.log("closed", data)); late.id`,
      );
      const comm_id = (value(await kernel.result(cell)) ?? "").replaceAll("'", "");
      await kernel.collect(0.1);
      await kernel.send("comm_msg", { comm_id, data: { fail: false } });
      await kernel.send("comm_msg", { comm_id, data: { fail: true } });
      await kernel.send("comm_close", { comm_id, data: { bye: 1 } });
      const own = (await kernel.collect(0.7)).filter(({ parent }) => parent === cell);
      assert.equal(
        printed({ messages: own }),
        "heard { fail: false }\nheard { fail: true }\nclosed { bye: 1 }\n",
      );
      assert.equal(error({ messages: own }).ename, "RangeError");
      const listed = await kernel.request("comm_info_request", {});
      assert.ok(!Object.hasOwn(listed.reply.comms as object, comm_id));
    });

    it("opened by the page reach their target, or are closed", async () => {
      await kernel.execute(
        `(globalThis as any)[Symbol.for("rlhf.frontEnd")].registerTarget("echo", (comm: any, data: any) => {
           comm.send({ opened: data }); comm.onMessage((data: any) => comm.send({ echo: data })); });`,
      );
      await kernel.collect(0.1);
      await kernel.send("comm_open", { comm_id: "mine", target_name: "echo", data: { a: 1 } });
      await kernel.send("comm_msg", { comm_id: "mine", data: { b: 2 } });
      await kernel.send("comm_open", { comm_id: "other", target_name: "nobody", data: {} });
      const messages = await kernel.collect(0.7);
      const sent = messages
        .filter(({ type }) => type === "comm_msg")
        .map(({ content }) => content.data);
      assert.deepEqual(sent, [{ opened: { a: 1 } }, { echo: { b: 2 } }]);
      const closed = messages
        .filter(({ type }) => type === "comm_close")
        .map(({ content }) => content.comm_id);
      assert.deepEqual(closed, ["other"]);
    });
  });

  describe("robustness", () => {
    const header = (type: string) =>
      JSON.stringify({
        msg_id: "x1",
        session: "s",
        username: "u",
        date: "",
        msg_type: type,
        version: "5.3",
      });
    const code = JSON.stringify({ code: "globalThis.broken = true", silent: true });
    const raw = (...frames: string[]) =>
      kernel.ask("send_raw", {
        frames: frames.map((frame) => Buffer.from(frame).toString("base64")),
      });

    it("ignores what is not signed, half a message, and no message at all", async () => {
      await raw("<IDS|MSG>", "f".repeat(64), header("execute_request"), "{}", "{}", code);
      const foreign = createHmac("sha256", "another key").update("x").digest("hex");
      await raw("<IDS|MSG>", foreign, header("execute_request"), "{}", "{}", code);
      await raw("<IDS|MSG>", "00");
      await raw("no delimiter");
      await raw("");
      assert.equal(value(await kernel.execute('"broken" in globalThis')), "false");
    });

    it("survives content that makes no sense", async () => {
      const nonsense = [
        ["execute_request", { code: 5 }],
        ["complete_request", { code: null, cursor_pos: "here" }],
        ["complete_request", { code: "a", cursor_pos: 1e9 }],
        ["inspect_request", { cursor_pos: -4 }],
        ["is_complete_request", {}],
        ["history_request", { hist_access_type: "search", pattern: "((" }],
        ["history_request", { hist_access_type: "range", start: "a" }],
        ["comm_info_request", { target_name: 7 }],
      ] as const;
      for (const [type, content] of nonsense) await kernel.request(type, content);
      await kernel.send("comm_msg", { comm_id: 9 });
      await kernel.send("comm_open", {});
      await kernel.send("comm_close", {});
      assert.equal(value(await kernel.execute("6 * 7")), "42");
    });

    it("survives a value that fails to be shown", async () => {
      const result = await kernel.execute(
        '({ [Symbol.for("nodejs.util.inspect.custom")]() { throw new Error("shy"); } })',
      );
      assert.equal(error(result).evalue, "shy");
      const circular = await kernel.execute("const ring: any = {}; ring.self = ring; ring");
      assert.match(value(circular) ?? "", /Circular/);
      const unsendable = await kernel.execute(
        '(globalThis as any)[Symbol.for("rlhf.frontEnd")].display({ "application/json": ring })',
      );
      assert.equal(error(unsendable).ename, "TypeError");
    });
  });

  describe("leaving", () => {
    it("is immediate, whatever timers are pending", async () => {
      const other = await KernelClient.start();
      await other.execute("setInterval(() => undefined, 10); setTimeout(() => undefined, 60_000);");
      const { seconds, code } = await other.ask("shutdown");
      await other.stop();
      assert.equal(code, 0);
      assert.ok(Number(seconds) < 4, `${String(seconds)} s`); // jupyter_client kills after 5 s
    });

    it("works from inside an endless loop", async () => {
      const other = await KernelClient.start();
      await other.submit("for (;;);");
      await sleep(700);
      const { seconds } = await other.ask("shutdown");
      await other.stop();
      assert.ok(Number(seconds) < 4, `${String(seconds)} s`);
    });

    it("is followed by a fresh start on restart", async () => {
      await kernel.execute("const gone = 1;");
      await kernel.ask("restart");
      assert.match(error(await kernel.execute("gone")).evalue, /Cannot find name 'gone'/);
      assert.equal((await kernel.execute("1")).reply.execution_count, 2);
    });
  });
});
