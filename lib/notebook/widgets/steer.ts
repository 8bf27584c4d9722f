/** Steering: a place by click, a direction by arrow key. */
import type { WorldName } from "../widgetPictures";
import { LiveView } from "./shared/live";
import { button, initialize, type Context } from "./shared/shell";
import { placeIn } from "./shared/worlds";

const directions = [
  { text: "←", key: "ArrowLeft", name: "left", value: [-1, 0] },
  { text: "↑", key: "ArrowUp", name: "up", value: [0, 1] },
  { text: "↓", key: "ArrowDown", name: "down", value: [0, -1] },
  { text: "→", key: "ArrowRight", name: "right", value: [1, 0] },
] as const;

function render(context: Context): () => void {
  const view = new LiveView(context);
  for (const { text, key, name, value } of directions) {
    const act = (): void => view.mark(value, name);
    const arrow = button(text, "", act);
    arrow.setAttribute("aria-label", name);
    arrow.setAttribute("aria-keyshortcuts", key);
    view.controls.append(arrow);
    view.key(key, act);
  }
  const world = context.model.get("world") as WorldName;
  const size = (context.model.get("size") as [number, number] | null) ?? [1, 1];
  view.canvas.addEventListener("pointerdown", (event) => {
    const [x, y] = placeIn(view.canvas, world, size, event.offsetX, event.offsetY);
    view.mark([x, y], `to ${x.toFixed(2)}, ${y.toFixed(2)}`);
  });
  return view.start();
}

export default { initialize, render };
