import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Rng } from "../../lib/core/rng";
import { SimulatedHuman } from "../../lib/feedback/simulatedHuman";
import { LabelStore } from "../../lib/feedback/store/labelStore";
import { closeStores, openStoreDatabase } from "../../lib/feedback/store/open";
import { person } from "../../lib/notebook/livePerson";
import { bars, clip, type Picture } from "../../lib/notebook/widgetPictures";
import { FakePage, setPage, settle } from "../notebook/fakePage";
import { jupyter, needChromium, root } from "./harness";

/** A notebook as it is saved when one of three pairs was answered and the widget still asks. */
async function savedInTheMiddle(): Promise<string> {
  const page = new FakePage();
  setPage(page);
  const file = join(mkdtempSync(join(tmpdir(), "still-")), "s.sqlite");
  const store = new LabelStore(() => openStoreDatabase(file));
  const standIn = new SimulatedHuman<string>(() => 0, { rng: new Rng(1) });
  const watcher = new SimulatedHuman<Picture>(() => 0, { rng: new Rng(2) });
  const human = person<string>({ task: "t", question: "Which is kinder?", standIn, store, annotator: "Ada" }); // prettier-ignore
  const pairs = [0, 1, 2].map((i) => ({
    first: `hello ${i}`,
    second: `<b onclick="x">oi</b> ${i}`,
  }));
  const labelling = human.compare(pairs);
  await settle();
  page.widget.answer("first");
  await settle();
  const seen = person<Picture>({ task: "p", question: "Which is better?", standIn: watcher, store, annotator: "Ada" }); // prettier-ignore
  const pictures = seen.compare([
    { first: clip("Pendulum", [[0], [2]]), second: bars({ Ada: 3 }) },
  ]);
  await settle();
  const outputs = [...page.displays.values()].map((data) => ({
    output_type: "display_data",
    data,
    metadata: {},
  }));
  labelling.stop();
  pictures.stop();
  setPage(undefined);
  const metadata = { kernelspec: { name: "typescript", display_name: "TypeScript" } };
  const code = {
    cell_type: "code",
    id: "a",
    source: "1",
    execution_count: 1,
    metadata: {},
    outputs,
  };
  return JSON.stringify({ cells: [code], metadata, nbformat: 4, nbformat_minor: 5 });
}

describe("a widget without its kernel", function () {
  this.timeout(90_000);
  let saved: string;

  before(async () => {
    saved = await savedInTheMiddle();
  });
  after(closeStores);

  it("is a still with its last state in a notebook that is not trusted", async function () {
    needChromium(this);
    const server = await jupyter();
    writeFileSync(join(server.folder, "still.ipynb"), saved);
    const notebook = await server.open("still.ipynb");
    const text = async (): Promise<string> =>
      (await notebook.page.locator(".jp-OutputArea").allTextContents()).join(" ");
    await notebook.page.getByText("1 of 3 answered by Ada").waitFor();
    assert.match(await text(), /Which is kinder\?.*hello 1.*<b onclick="x">oi<\/b> 1/s);
    const images = notebook.page.locator(".jp-OutputArea img");
    const widths = await images.evaluateAll((all) => (all as HTMLImageElement[]).map((i) => i.naturalWidth)); // prettier-ignore
    assert.deepEqual(widths, [300, 300], "the clip's last frame and the bars");
    assert.equal(await images.first().getAttribute("alt"), "a clip of Pendulum, 2 steps");
    await notebook.screenshot("widget-untrusted");
    await notebook.close();
  });

  it("is the same still as HTML", () => {
    const folder = mkdtempSync(join(tmpdir(), "still-html-"));
    writeFileSync(join(folder, "still.ipynb"), saved);
    const python = join(root, ".venv/bin/python");
    execFileSync(python, ["-m", "nbconvert", "--to", "html", join(folder, "still.ipynb")], { stdio: "ignore" }); // prettier-ignore
    const html = readFileSync(join(folder, "still.html"), "utf8");
    assert.match(html, /1 of 3 answered by Ada/);
    assert.match(html, /hello 1/);
    assert.equal(html.match(/<img [^>]*src="data:image\/svg\+xml;base64,/g)?.length, 2);
    assert.ok(!html.includes('<b onclick="x">'));
  });
});
