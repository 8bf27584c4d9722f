/** One of several answers, by button or by its number. */
import { button, initialize, Shell, type Context } from "./shared/shell";

function render(context: Context): () => void {
  const shell = new Shell(context);
  const choices = context.model.get("choices") as readonly string[];
  choices.forEach((text, i) => {
    const key = i < 9 ? String(i + 1) : "";
    shell.controls.append(button(text, key, () => shell.answer(i)));
    if (key !== "") shell.key(key, () => shell.answer(i));
  });
  return shell.start(() => choices.map((text, i) => `${i + 1}: ${text}.`).join(" "));
}

export default { initialize, render };
