/** A number with its unit. */
import { element, fillIn } from "./shared/dom";
import { button, initialize, Shell, type Context } from "./shared/shell";

function render(context: Context): () => void {
  const { model } = context;
  const shell = new Shell(context);
  const min = (model.get("min") as number | null) ?? -Infinity;
  const max = (model.get("max") as number | null) ?? Infinity;
  const unit = String(model.get("unit"));
  const field = element("div", { class: "rlhf-field" });
  const label = `${String(model.get("question"))} In ${unit}.`;
  const input = element("input", { type: "text", inputmode: "decimal", "aria-label": label });
  const give = (): void => {
    const text = input.value.trim().replace("−", "-").replace(",", ".");
    const value = Number(text);
    if (text === "" || !Number.isFinite(value)) return shell.say("Please type a number.");
    if (value < min || value > max) return shell.say(`Please type a number from ${min} to ${max}.`);
    shell.answer(value);
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") give();
  });
  const commit = button("Commit", "", give);
  commit.classList.add("rlhf-main");
  field.append(input, fillIn(element("span"), unit), commit);
  shell.body.append(field);
  return shell.start(() => label);
}

export default { initialize, render };
