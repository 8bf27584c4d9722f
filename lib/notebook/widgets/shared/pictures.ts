/** Draws an item that a person judges. Whatever text it holds is shown as text. */
import {
  outcomeColours,
  pictureInWords,
  type ClipPicture,
  type Picture,
} from "../../widgetPictures";
import { element, fillIn } from "./dom";
import { drawWorld } from "./worlds";

/** An element that shows the picture. */
export function pictureElement(picture: Picture): HTMLElement {
  switch (picture.kind) {
    case "text":
      return fillIn(element("div", { class: "rlhf-text" }), picture.text);
    case "bars":
      return barsElement(picture.bars);
    case "lottery":
      return lotteryElement(picture.outcomes);
    case "transcript":
      return transcriptElement(picture.turns);
    case "clip":
      return clipElement(picture);
  }
}

function barsElement(bars: readonly { label: string; value: number }[]): HTMLElement {
  const grid = element("div", { class: "rlhf-bars" });
  const largest = Math.max(...bars.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  for (const { label, value } of bars) {
    const bar = element("i", value < 0 ? { class: "below" } : {});
    bar.style.width = `${(100 * Math.abs(value)) / largest}%`;
    const track = element("div");
    track.append(bar);
    grid.append(fillIn(element("span"), label), track, fillIn(element("span"), String(value)));
  }
  return grid;
}

function lotteryElement(outcomes: readonly { probability: number; prize: string }[]): HTMLElement {
  const box = element("div");
  const bar = element("div", { class: "rlhf-lottery", "aria-hidden": "true" });
  const list = element("ul", { class: "rlhf-odds" });
  outcomes.forEach(({ probability, prize }, i) => {
    const colour = outcomeColours[i % outcomeColours.length];
    const part = element("span");
    part.style.flex = `${probability} 0 0`;
    part.style.background = colour;
    bar.append(part);
    const sample = element("i", { "aria-hidden": "true" });
    sample.style.background = colour;
    const line = element("li");
    const percent = `${Number((100 * probability).toFixed(1))} %`;
    line.append(sample, fillIn(element("b"), percent), fillIn(element("span"), prize));
    list.append(line);
  });
  box.append(bar, list);
  return box;
}

function transcriptElement(turns: readonly { role: string; text: string }[]): HTMLElement {
  const box = element("div");
  for (const { role, text } of turns) {
    const turn = element("div", {
      class: `rlhf-turn ${role === "assistant" ? "replies" : "asks"}`,
    });
    turn.append(fillIn(element("b"), role), fillIn(element("span"), text));
    box.append(turn);
  }
  return box;
}

/** A clip that plays in a loop, with half a second of rest at its end. */
function clipElement(clip: ClipPicture): HTMLElement {
  const canvas = element("canvas", { role: "img", "aria-label": pictureInWords(clip) });
  const rest = Math.ceil(clip.framesPerSecond / 2);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const begun = performance.now();
  let drawn = -1;
  const draw = (now: number): void => {
    if (drawn >= 0 && !canvas.isConnected) return; // the next question took its place
    const t = Math.floor((Math.max(0, now - begun) / 1000) * clip.framesPerSecond);
    const last = clip.frames.length - 1;
    const frame = still ? last : Math.min(last, t % (clip.frames.length + rest));
    if (canvas.isConnected && frame !== drawn) {
      drawWorld(canvas, clip, frame);
      drawn = frame;
    }
    requestAnimationFrame(draw);
  };
  requestAnimationFrame(draw);
  return canvas;
}
