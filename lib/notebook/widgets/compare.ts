/** Two items side by side: the first, the second, equal, can't tell. */
import { showPair, type ShownPair } from "./shared/pair";
import { button, initialize, Shell, type Context } from "./shared/shell";

const choices = [
  { key: "1", text: "First", value: "first" },
  { key: "2", text: "Second", value: "second" },
  { key: "3", text: "Equal", value: "tie" },
  { key: "4", text: "Can’t tell", value: "cannot tell" },
];

function render(context: Context): () => void {
  const shell = new Shell(context);
  for (const { key, text, value } of choices) {
    shell.controls.append(button(text, key, () => shell.answer(value)));
    shell.key(key, () => shell.answer(value));
  }
  return shell.start((position) => {
    const pair = (context.model.get("pairs") as readonly ShownPair[])[position];
    return pair === undefined ? shell.rest(nextIsComing) : showPair(shell.body, pair);
  });
}

const nextIsComing = "The next question is on its way.";

export default { initialize, render };
