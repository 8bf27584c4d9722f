import assert from "node:assert/strict";
import { playArms, type Pull } from "../../lib/notebook/playArms";

const round = { question: "Which arm?", pulls: 5 };

describe("playArms", () => {
  it("lets the stand-in pull where there is no page, and says so", async () => {
    const seen: number[] = [];
    const standIn = (pulls: readonly Pull[]) => {
      seen.push(pulls.length);
      return pulls.length % 2;
    };
    const { pulls, answeredBy } = await playArms(["a", "b"], (arm) => 10 * arm, {
      ...round,
      standIn,
    });
    assert.equal(answeredBy, "simulated");
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
    assert.deepEqual(
      pulls.map(({ reward }) => reward),
      [0, 10, 0, 10, 0],
    );
  });

  it("fails with what went wrong when an arm cannot be pulled", async () => {
    const broken = () => {
      throw new RangeError("this arm is stuck");
    };
    await assert.rejects(
      async () => playArms(["a", "b"], broken, { ...round, standIn: () => 0 }),
      /stuck/,
    );
  });

  it("refuses an arm that there is not from the stand-in, before it is pulled", async () => {
    const pulled: number[] = [];
    const pull = (arm: number) => pulled.push(arm);
    await assert.rejects(
      async () => playArms(["a", "b"], pull, { ...round, standIn: () => 7 }),
      /the arm that was chosen must be an integer in \[0, 1\], got 7/,
    );
    assert.deepEqual(pulled, []);
  });

  it("wants two arms and a pull", () => {
    const options = { ...round, standIn: () => 0 };
    assert.throws(() => playArms(["a"], () => 0, options), /arms/);
    assert.throws(() => playArms(["a", "b"], () => 0, { ...options, pulls: 0 }), /pulls/);
  });
});
