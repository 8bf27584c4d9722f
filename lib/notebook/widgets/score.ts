/** TAMER's feedback: + and − while something moves. */
import { LiveView } from "./shared/live";
import { button, initialize, type Context } from "./shared/shell";

function render(context: Context): () => void {
  const view = new LiveView(context);
  const bad = (): void => view.mark(-1, "minus");
  const good = (): void => view.mark(1, "plus");
  view.controls.append(button("−  not good", "1", bad), button("+  good", "2", good));
  for (const key of ["1", "-", "ArrowDown"]) view.key(key, bad);
  for (const key of ["2", "+", "ArrowUp"]) view.key(key, good);
  return view.start();
}

export default { initialize, render };
