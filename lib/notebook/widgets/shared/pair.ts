/** Two items side by side under their prompt. */
import { pictureInWords, type Picture } from "../../widgetPictures";
import { element, fillIn } from "./dom";
import { pictureElement } from "./pictures";

export interface ShownPair {
  readonly prompt: string;
  readonly items: readonly [Picture, Picture];
}

/** Fills the body with a pair; returns what is to be read aloud. */
export function showPair(body: HTMLElement, { prompt, items }: ShownPair): string {
  const pair = element("div", { class: "rlhf-pair" });
  items.forEach((picture, i) => {
    const name = i === 0 ? "First" : "Second";
    const item = element("section", { class: "rlhf-item", "aria-label": name });
    item.append(fillIn(element("h5"), name), pictureElement(picture));
    pair.append(item);
  });
  const above = prompt === "" ? [] : [fillIn(element("p", { class: "rlhf-prompt" }), prompt)];
  body.replaceChildren(...above, pair);
  const words = items.map(
    (picture, i) => `${i === 0 ? "First" : "Second"}: ${pictureInWords(picture)}.`,
  );
  return [prompt, ...words].join(" ");
}
