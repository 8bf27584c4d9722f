/** Two items side by side, judged on a scale of eight: 1 the first by far, 8 the second by far. */
import { element, fillIn } from "./shared/dom";
import { showPair, type ShownPair } from "./shared/pair";
import { button, initialize, Shell, type Context } from "./shared/shell";

const strengths = ["far better", "better", "slightly better", "barely better"];

function render(context: Context): () => void {
  const shell = new Shell(context);
  const pairs = context.model.get("pairs") as readonly ShownPair[];
  const scale = element("div", { class: "rlhf-scale", role: "group", "aria-label": "1 to 8" });
  for (let rating = 1; rating <= 8; rating++) {
    const which = rating <= 4 ? "first" : "second";
    const strength = strengths[rating <= 4 ? rating - 1 : 8 - rating];
    const cell = button(strength, String(rating), () => shell.answer(rating));
    cell.setAttribute("aria-label", `${rating}: the ${which} is ${strength}`);
    scale.append(cell);
    shell.key(String(rating), () => shell.answer(rating));
  }
  const ends = element("div", { class: "rlhf-ends", "aria-hidden": "true" });
  ends.append(
    fillIn(element("span"), "← the first is"),
    fillIn(element("span"), "the second is →"),
  );
  shell.controls.append(ends, scale);
  return shell.start((position) => showPair(shell.body, pairs[position]));
}

export default { initialize, render };
