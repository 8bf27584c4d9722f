import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LabelStore, type NewLabel } from "../../../lib/feedback/store/labelStore";
import { closeStores, openStoreDatabase } from "../../../lib/feedback/store/open";
import { onBothDatabases, ownFolder } from "./bothDatabases";

const greeting: NewLabel = {
  task: "greetings",
  kind: "comparison",
  prompt: "Say hello.",
  items: ["hello!", 'hi, "you",\nthere; ünïcode 👋 <b>not HTML</b>'],
  answer: 1,
  annotator: "Ada",
  labeller: "person",
  time: "2026-01-02T03:04:05.678Z",
};

function writer(location: string, name: string, count: number): ChildProcess {
  const script = join(__dirname, "writer.ts");
  return spawn(process.execPath, ["--require", "tsx/cjs", script, location, name, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

const exitCode = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once("exit", (code) => resolve(code)));

onBothDatabases("LabelStore", (location) => {
  let store: LabelStore;

  beforeEach(() => {
    store = new LabelStore(() => openStoreDatabase(location()));
  });

  it("gives back what was added, to the letter", async () => {
    const added = await store.add(greeting);
    assert.deepEqual(await store.all(), [{ ...greeting, id: added.id }]);
  });

  it("writes a label with a known id once", async () => {
    await store.add({ ...greeting, id: "click-1" });
    await store.add({ ...greeting, id: "click-1", answer: 0 });
    assert.deepEqual(
      (await store.all()).map((l) => l.answer),
      [1],
    );
  });

  it("takes a label back", async () => {
    const { id } = await store.add(greeting);
    assert.equal(await store.remove(id), true);
    assert.equal(await store.remove(id), false);
    assert.deepEqual(await store.all(), []);
  });

  it("finds by task, kind and annotator, in order of time", async () => {
    await store.add({ ...greeting, annotator: "Bob", time: "2026-01-03T00:00:00.000Z" });
    await store.add({ ...greeting, annotator: "Bob", time: "2026-01-01T00:00:00.000Z" });
    await store.add({ ...greeting, task: "other" });
    const found = await store.all({ task: "greetings", annotator: "Bob" });
    assert.deepEqual(
      found.map((l) => l.time.slice(8, 10)),
      ["01", "03"],
    );
  });

  it("hands comparisons to a fit without their bookkeeping", async () => {
    await store.add({ ...greeting, answer: "cannot tell" });
    assert.deepEqual(await store.comparisons(), [
      {
        prompt: greeting.prompt,
        first: greeting.items[0],
        second: greeting.items[1],
        preference: "cannot tell",
        annotator: "Ada",
        time: greeting.time,
      },
    ]);
  });

  it("refuses an answer that does not fit its kind, and keeps nothing of it", async () => {
    await assert.rejects(store.add({ ...greeting, answer: 1.5 }), /answer/);
    await assert.rejects(
      store.add({ ...greeting, kind: "likert", answer: 9 }),
      /less than or equal to 8/,
    );
    await assert.rejects(
      store.add({ ...greeting, kind: "ranking", answer: [0, 0] }),
      /each position/,
    );
    await assert.rejects(store.add({ ...greeting, annotator: "=cmd|x" }), /letters, digits/);
    assert.deepEqual(await store.all(), []);
  });

  for (const format of ["csv", "jsonl"] as const) {
    it(`exports ${format} that imports to the same labels, and doubles none`, async () => {
      await store.add(greeting);
      await store.add({
        ...greeting,
        kind: "ranking",
        items: [1, { a: [2] }, null],
        answer: [2, 0, 1],
      });
      const text = await store.export({ format });
      const before = await store.all();
      assert.deepEqual(await store.import(text), { added: 0, known: 2 });
      await store.forget("Ada");
      assert.deepEqual(await store.import("\uFEFF" + text), { added: 2, known: 0 });
      assert.deepEqual(await store.all(), before);
    });
  }

  it("exports to a file and imports from it", async () => {
    await store.add(greeting);
    const file = join(ownFolder(), "labels.csv");
    await store.export({ to: file });
    assert.match(readFileSync(file, "utf8"), /^id,task,kind,prompt,items,answer,/);
    assert.deepEqual(await store.import(file), { added: 0, known: 1 });
  });

  it("makes the folder of an export, and refuses what is no file or no format", async () => {
    await store.add(greeting);
    const at = ownFolder();
    await store.export({ to: join(at, "new", "labels.jsonl") });
    assert.equal((await store.import(join(at, "new", "labels.jsonl"))).known, 1);
    mkdirSync(join(at, "labels.csv"));
    await assert.rejects(
      store.export({ to: join(at, "labels.csv") }),
      /labels\.csv is a folder\. Add/,
    );
    await assert.rejects(store.export({ format: "xml" as never }), /"csv" or "jsonl", got "xml"/);
    await assert.rejects(store.import(at), /Expected a file, but .* is a folder/);
    await assert.rejects(store.import("no-such-file.csv"), /no-such-file\.csv is not there/);
    assert.deepEqual(readdirSync(at).sort(), ["labels.csv", "new"]); // and no half of a file
  });

  it("takes in nothing of a file with a faulty line, and names the line", async () => {
    const good = JSON.stringify({ ...greeting, id: "good" });
    const bad = JSON.stringify({ ...greeting, id: "bad", labeller: "robot" });
    await assert.rejects(store.import(`${good}\n${bad}\n`), /line 2: labeller/);
    await assert.rejects(store.import("id,task\n1,2\n"), /missing: kind, prompt/);
    await assert.rejects(store.import(`${good}\n{oops\n`), /line 2: expected JSON/);
    assert.deepEqual(await store.all(), []);
  });

  it("forgets one pseudonym and nobody else", async () => {
    await store.add(greeting);
    await store.add({ ...greeting, annotator: "Bob" });
    assert.equal(await store.forget("Ada"), 1);
    assert.deepEqual(
      (await store.all()).map((l) => l.annotator),
      ["Bob"],
    );
  });

  it("loses no row when four processes write at once", async () => {
    const children = ["ann", "ben", "cid", "dot"].map((who) => writer(location(), who, 40));
    assert.deepEqual(await Promise.all(children.map(exitCode)), [0, 0, 0, 0]);
    const ids = new Set((await store.all()).map((l) => l.id));
    assert.equal(ids.size, 4 * 40);
  });

  it("has every label that was acknowledged before a kill −9, and at most one more", async () => {
    const child = writer(location(), "victim", 100000);
    const acknowledged: string[] = [];
    const gone = exitCode(child);
    child.stdout!.on("data", (text: Buffer) => {
      acknowledged.push(...text.toString().split("\n").filter(Boolean));
      if (acknowledged.length > 50) child.kill("SIGKILL");
    });
    assert.equal(await gone, null);
    await new Promise((resolve) => setTimeout(resolve, 100)); // PostgreSQL may still be at it
    const kept = (await store.all()).map((l) => l.id);
    assert.deepEqual(
      acknowledged.filter((id) => !kept.includes(id)),
      [],
    );
    const unread = kept.length - acknowledged.length; // written, or in the pipe, at the kill
    assert.ok(unread >= 0 && unread <= pipeAhead, `${unread} more than acknowledged`);
    await store.add({ ...greeting, id: "life goes on" });
  });
});

/** Lines that a killed process had written to its pipe but the test had not read yet, at most. */
const pipeAhead = 60;

describe("LabelStore.forget", () => {
  it("leaves no trace of the text in the SQLite file", async () => {
    const path = join(ownFolder(), "store.sqlite");
    const store = new LabelStore(() => openStoreDatabase(path));
    await store.add({ ...greeting, prompt: "a secret that must go" });
    await store.forget("Ada");
    await closeStores(); // writes the journal back
    assert.ok(!readFileSync(path).includes("a secret that must go"));
  });
});
