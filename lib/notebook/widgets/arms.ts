/** A row of arms: what each has paid so far, and a button to pull it. */
import { element, fillIn } from "./shared/dom";
import { button, initialize, Shell, type Context } from "./shared/shell";

function render(context: Context): () => void {
  const { model } = context;
  const shell = new Shell(context);
  const arms = model.get("arms") as readonly string[];
  const paid = arms.map((name, arm) => {
    const box = element("section", { class: "rlhf-item", "aria-label": name });
    const list = element("div", { class: "rlhf-paid" });
    const key = arm < 9 ? String(arm + 1) : "";
    const pull = button(`Pull ${name}`, key, () => shell.answer(arm));
    if (key !== "") shell.key(key, () => shell.answer(arm));
    box.append(fillIn(element("h5"), name), list, pull);
    return { box, list };
  });
  const row = element("div", { class: "rlhf-arms" });
  row.append(...paid.map(({ box }) => box));
  shell.body.append(row);
  return shell.start(() => {
    const pulls = (model.get("pulls") ?? []) as readonly (readonly [number, number])[];
    paid.forEach(({ list }, arm) => {
      const rewards = pulls.filter(([pulled]) => pulled === arm).map(([, reward]) => reward);
      list.textContent = rewards.map((reward) => reward.toFixed(1)).join("  ");
    });
    const total = pulls.reduce((sum, [, reward]) => sum + reward, 0);
    const last = pulls.at(-1);
    const says = `${total.toFixed(1)} so far`;
    if (last === undefined) return says;
    return `${arms[last[0]]} paid ${last[1].toFixed(1)}; ${says}.`;
  });
}

export default { initialize, render };
