import assert from "node:assert/strict";
import { pictureUrl } from "../../lib/notebook/pictureStill";
import { bars, clip, lottery, transcript, type Picture } from "../../lib/notebook/widgetPictures";
import { stillOf } from "../../lib/notebook/widgetStill";

function svgOf(picture: Picture): string {
  const url = pictureUrl(picture) ?? "";
  assert.match(url, /^data:image\/svg\+xml;base64,/);
  return Buffer.from(url.slice(url.indexOf(",") + 1), "base64").toString("utf8");
}

describe("pictureUrl", () => {
  it("draws a clip as it stands at its end: the pole upright over a cart in the middle", () => {
    const fallen = [1, 0, 1.2, 0];
    const svg = svgOf(clip("CartPole", [fallen, fallen, [0, 0, 0, 0]]));
    // 300 px for 6 units: the cart, 0.9 wide, is 45 px and begins at 150 − 22.5
    assert.match(svg, /<rect x="127.5" y="[\d.]+" width="45" height="21"/);
    assert.match(svg, /<polyline points="150,118 150,18"/);
    assert.notEqual(svg, svgOf(clip("CartPole", [[0, 0, 0, 0], fallen])));
  });

  it("draws every world, with numbers only", () => {
    for (const world of [
      "CartPole",
      "MountainCar",
      "Acrobot",
      "Pendulum",
      "Dot",
      "Target",
    ] as const) {
      const svg = svgOf(clip(world, [[0.3, -0.2, 0.1, 0.4], [0.2, 0.1, 0, 0]])); // prettier-ignore
      assert.ok(svg.split("<").length > 4, svg);
      assert.doesNotMatch(svg, /NaN|undefined/);
    }
    const grid = svgOf(clip("Grid", [[0, 1]], { size: [2, 3], goal: [1, 2] }));
    assert.equal(grid.match(/<polyline/g)?.length, 7); // 3 rows' lines and 4 columns'
  });

  it("makes bars as long as their values, those below zero in another colour", () => {
    const svg = svgOf(bars({ Ada: 8, Bob: -2, "<b>": 0 }));
    const widths = [...svg.matchAll(/<rect x="90" y="\d+" width="([\d.]+)" height="14" fill="(#\w+)"/g)]; // prettier-ignore
    assert.deepEqual(widths.map(([, width]) => Number(width)), [130, 32.5, 1]); // prettier-ignore
    assert.notEqual(widths[0][2], widths[1][2]);
    assert.match(svg, />&#60;b&#62;<\/text>/);
  });

  it("divides a lottery's bar by its probabilities", () => {
    const svg = svgOf(lottery([{ probability: 0.25, prize: "100 €" }, { probability: 0.75, prize: "nothing" }])); // prettier-ignore
    assert.match(svg, /<rect x="12" y="12" width="69" height="30"/);
    assert.match(svg, /<rect x="81" y="12" width="207" height="30"/);
    assert.match(svg, />25 % {2}100 €</);
  });

  it("leaves words to words", () => {
    assert.equal(pictureUrl({ kind: "text", text: "hello" }), undefined);
    assert.equal(pictureUrl(transcript([{ role: "user", text: "hi" }])), undefined);
  });
});

describe("stillOf", () => {
  it("says in words what its pictures show", () => {
    const columns = [{ heading: "First", picture: bars({ 'A" onload="x': 1 }) }];
    const still = stillOf({ title: "?", lines: [], columns }, { note: "", name: "n" });
    assert.match(String(still["text/html"]), /<img src="data:[^"]+" alt="A&#34; onload=&#34;x 1">/);
    assert.match(String(still["text/plain"]), /First: A" onload="x 1/);
  });
});
