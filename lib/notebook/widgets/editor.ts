/** A text of one's own: a critique, a revision, a principle. */
import { element, fillIn } from "./shared/dom";
import { button, initialize, Shell, type Context } from "./shared/shell";

function render(context: Context): () => void {
  const { model } = context;
  const shell = new Shell(context);
  const about = String(model.get("about"));
  const limit = Number(model.get("limit"));
  if (about !== "") shell.body.append(fillIn(element("p", { class: "rlhf-prompt" }), about));
  const label = String(model.get("question"));
  const area = element("textarea", { maxlength: String(limit), "aria-label": label });
  area.value = String(model.get("start"));
  const count = element("span", { class: "rlhf-hint" });
  const showCount = (): void => {
    count.textContent = `${area.value.length} of ${limit} characters`;
  };
  area.addEventListener("input", showCount);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) give();
  });
  const give = (): void => {
    if (area.value.trim() === "") return shell.say("Please write something first.");
    shell.answer(area.value);
  };
  const done = button("Done (Ctrl-Enter)", "", give);
  done.classList.add("rlhf-main");
  const row = element("div", { class: "rlhf-field" });
  row.append(done, count);
  shell.body.append(area, row);
  showCount();
  return shell.start(() => `${label} ${about}`);
}

export default { initialize, render };
