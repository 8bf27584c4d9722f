/** Puts k items in order, the best on top: by dragging, by buttons, or by the arrow keys. */
import { pictureInWords, type Picture } from "../widgetPictures";
import { element, fillIn } from "./shared/dom";
import { pictureElement } from "./shared/pictures";
import { button, initialize, Shell, type Context } from "./shared/shell";

function render(context: Context): () => void {
  const { model } = context;
  const shell = new Shell(context);
  const items = model.get("items") as readonly Picture[];
  const prompt = String(model.get("prompt"));
  const list = element("ol", { class: "rlhf-ranks" });
  const rows = items.map((picture, i) => row(shell, list, picture, i));
  const order = (): HTMLElement[] => [...list.children] as HTMLElement[];
  list.append(...rows);
  renumber(list);
  if (prompt !== "") shell.body.append(fillIn(element("p", { class: "rlhf-prompt" }), prompt));
  const hint = "Best on top. Drag, or focus an item and press ↑ or ↓.";
  shell.body.append(fillIn(element("p", { class: "rlhf-hint" }), hint), list);
  const give = (): void => shell.answer(order().map((item) => rows.indexOf(item as HTMLLIElement)));
  const commit = button("This is my order", "Enter", give);
  commit.classList.add("rlhf-main");
  shell.controls.append(commit);
  shell.key("Enter", give);
  return shell.start(() => `${hint} ${items.map(pictureInWords).join("; ")}`);
}

function row(shell: Shell, list: HTMLElement, picture: Picture, i: number): HTMLLIElement {
  const item = element("li", { tabindex: "0", draggable: "true", "data-item": String(i) });
  const move = (step: -1 | 1): void => {
    const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) return;
    if (step < 0) list.insertBefore(item, other);
    else list.insertBefore(other, item);
    renumber(list);
    item.focus();
    shell.say(`Now in place ${[...list.children].indexOf(item) + 1}.`);
  };
  const moves = element("div", { class: "moves" });
  const up = button("↑", "", () => move(-1));
  const down = button("↓", "", () => move(1));
  up.setAttribute("aria-label", `Move up: ${pictureInWords(picture)}`);
  down.setAttribute("aria-label", `Move down: ${pictureInWords(picture)}`);
  moves.append(up, down);
  item.append(
    element("span", { class: "place", "aria-hidden": "true" }),
    pictureElement(picture),
    moves,
  );
  item.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    move(event.key === "ArrowUp" ? -1 : 1);
  });
  dragging(item, list);
  return item;
}

function dragging(item: HTMLElement, list: HTMLElement): void {
  item.addEventListener("dragstart", (event) => {
    item.classList.add("held");
    event.dataTransfer?.setData("text/plain", item.dataset["item"] ?? "");
  });
  item.addEventListener("dragend", () => {
    item.classList.remove("held");
    renumber(list);
  });
  item.addEventListener("dragover", (event) => {
    event.preventDefault();
    event.stopPropagation(); // the notebook would take it for a cell
    const held = list.querySelector(".held");
    if (!held || held === item) return;
    const { top, height } = item.getBoundingClientRect();
    list.insertBefore(held, event.clientY < top + height / 2 ? item : item.nextSibling);
  });
  item.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
  });
}

function renumber(list: HTMLElement): void {
  [...list.children].forEach((item, place) => {
    item.querySelector(".place")!.textContent = String(place + 1);
    item.setAttribute("aria-label", `Place ${place + 1}`);
  });
}

export default { initialize, render };
