import assert from "node:assert/strict";
import { displayHook } from "../../lib/notebook/frontEnd";
import { movie } from "../../lib/notebook/movie";
import { clip } from "../../lib/notebook/widgetPictures";

const upright = [0, 0, 0, 0];
const leaning = [1, 0, 0.2, 0];

/** The drawing inside the image that the page gets. */
function drawingOf(chart: ReturnType<typeof movie>): string {
  const html = String(chart[displayHook]().data["text/html"]);
  const source = /src="data:image\/svg\+xml;base64,([^"]*)"/.exec(html)?.[1] ?? "";
  return Buffer.from(source, "base64").toString("utf8");
}

describe("movie", () => {
  const short = clip("CartPole", [upright, leaning], { framesPerSecond: 2 });
  const long = clip("CartPole", [upright, leaning, upright, leaning], { framesPerSecond: 2 });

  it("moves what moves, frame by frame, and leaves the rest alone", () => {
    const drawing = drawingOf(movie({ "<one>": short }, { title: "A pole" }));
    // 216 px for 6 units: the cart, 0.9 wide, begins at 108 − 16.2 and then 36 px further right
    assert.match(
      drawing,
      /<rect width="32.4"[^>]* x="127.8"[^>]*><animate attributeName="x" values="91.8;127.8"/,
    );
    assert.equal(drawing.match(/attributeName="y"/g), null);
    assert.match(drawing, /&#60;one&#62;/); // a label is text
    assert.doesNotMatch(drawing, /NaN|undefined/);
  });

  it("plays all on the clock of the longest: the short one waits at its end", () => {
    const drawing = drawingOf(movie({ short, long }, { title: "Two" }));
    // 4 frames at 2 a second and a second to look: 3 s
    assert.deepEqual(new Set(drawing.match(/dur="[^"]*"/g)), new Set(['dur="3.00s"']));
    assert.match(drawing, /keyTimes="0.0000;0.1667"/);
    assert.match(drawing, /keyTimes="0.0000;0.1667;0.3333;0.5000"/);
  });

  it("draws worlds whose trail grows from frame to frame", () => {
    const dot = clip("Dot", [[0, 0], [0.1, 0], [0.2, 0.1]]); // prettier-ignore
    assert.doesNotMatch(drawingOf(movie({ dot }, { title: "Dot" })), /NaN|undefined/);
  });

  it("says in words what it shows, and refuses to show nothing", () => {
    assert.match(movie({ long }, { title: "A pole" }).description, /long: 4 frames of CartPole/);
    assert.throws(() => movie({}, { title: "Nothing" }), /at least 1 entry/);
    assert.throws(() => movie({ long }, { title: " " }), /needs a title/);
  });
});
