/** A lottery against a sure amount: take one or the other, or say which amount is as good. */
import { pictureInWords, type Picture } from "../widgetPictures";
import { element, fillIn } from "./shared/dom";
import { pictureElement } from "./shared/pictures";
import { button, initialize, Shell, type Context } from "./shared/shell";

function render(context: Context): () => void {
  const { model } = context;
  const shell = new Shell(context);
  const unit = String(model.get("unit"));
  const picture = model.get("picture") as Picture;
  const amount = element("div", { class: "rlhf-amount" });
  const slider = element("input", { type: "range", "aria-label": `The sure amount, in ${unit}` });
  const ends = element("div", { class: "rlhf-ends" });
  const sure = (): number => Number(slider.value);
  const show = (): void => {
    amount.textContent = `${short(sure())} ${unit} for sure`;
    slider.setAttribute("aria-valuetext", amount.textContent);
  };
  slider.addEventListener("input", show);
  const choose = (choice: string) => (): void => shell.answer({ choice, sure: sure() });
  const equal = (): void => shell.answer({ equal: sure() });
  shell.body.append(pair(pictureElement(picture), [amount, slider, ends]));
  for (const [text, key, action] of [
    ["The lottery", "1", choose("lottery")],
    ["The sure amount", "2", choose("sure")],
    ["Both are as good", "3", equal],
  ] as const) {
    shell.controls.append(button(text, key, action));
    shell.key(key, action);
  }
  return shell.start(() => {
    const [low, high] = model.get("interval") as [number, number];
    Object.assign(slider, {
      min: String(low),
      max: String(high),
      step: String((high - low) / 200),
    });
    slider.value = String((low + high) / 2);
    ends.replaceChildren(
      fillIn(element("span"), `${short(low)} ${unit}`),
      fillIn(element("span"), `${short(high)} ${unit}`),
    );
    show();
    return `The lottery: ${pictureInWords(picture)}. Or ${amount.textContent ?? ""}.`;
  });
}

function pair(left: HTMLElement, right: readonly HTMLElement[]): HTMLElement {
  const box = element("div", { class: "rlhf-pair" });
  for (const [name, parts] of [
    ["The lottery", [left]],
    ["The sure amount", right],
  ] as const) {
    const item = element("section", { class: "rlhf-item", "aria-label": name });
    item.append(fillIn(element("h5"), name), ...parts);
    box.append(item);
  }
  return box;
}

function short(x: number): string {
  return String(Number(x.toPrecision(3)));
}

export default { initialize, render };
