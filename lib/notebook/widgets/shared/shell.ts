/** What every widget has: a frame, a place in the list of questions, keys, and a voice. */
import { element, fillIn, ownKeys } from "./dom";
import { style } from "./style";

/** The part of anywidget's model that is used. */
export interface Model {
  get(key: string): unknown;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
  send(message: unknown): void;
}

export interface Context {
  readonly model: Model;
  readonly el: HTMLElement;
}

/** As lib/notebook/widgetSession.ts sends it. */
export interface Progress {
  readonly serial: number;
  readonly position: number;
  readonly total: number;
  readonly status: string;
  readonly canUndo: boolean;
  readonly note: string;
  readonly deadline?: number;
}

/** A kernel that says nothing for so many ms is asked again, and after so many times taken for gone. */
const patience = 1500;
const attempts = 3;

/** Tells the kernel that a page draws its widgets. */
export function initialize({ model }: { model: Model }): void {
  model.send({ type: "here" });
}

/**
 * The frame of a widget. A module fills `body` and `controls`, redraws in `onQuestion` and calls
 * `answer`; the frame sends, waits, counts and speaks.
 */
export class Shell {
  readonly root = element("div", { class: "rlhf", tabindex: "0", role: "group" });
  readonly body = element("div", { class: "rlhf-body" });
  readonly controls = element("div", { class: "rlhf-controls" });
  readonly #model: Model;
  readonly #count = element("span", { class: "rlhf-count" });
  readonly #time = element("span", { class: "rlhf-time" });
  readonly #fill = element("div", { class: "rlhf-fill" });
  readonly #note = element("p", { class: "rlhf-note" });
  readonly #voice = element("div", { class: "rlhf-voice", role: "status", "aria-live": "polite" });
  readonly #undo = button("Undo", "Backspace", () => this.#send("undo"));
  readonly #stop = button("Stop here", "", () => this.#model.send({ type: "stop" }));
  readonly #keys = new Map<string, () => void>();
  #onQuestion: (position: number) => string = () => "";
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #shownAt = performance.now();
  #started = { at: performance.now(), position: 0 };

  constructor({ model, el }: Context) {
    this.#model = model;
    const question = String(model.get("question"));
    this.root.setAttribute("aria-label", question);
    ownKeys(this.root);
    const still = `.${CSS.escape(String(model.get("still")))} { display: none; }`;
    const head = element("div", { class: "rlhf-head" });
    const bar = element("div", { class: "rlhf-bar", "aria-hidden": "true" });
    bar.append(this.#fill);
    head.append(fillIn(element("h4"), question), this.#count, this.#time);
    const foot = element("div", { class: "rlhf-foot" });
    const who = fillIn(
      element("span", { class: "rlhf-who" }),
      `kept as ${String(model.get("annotator"))}`,
    );
    if (this.progress.total > 1) foot.append(this.#undo, this.#stop);
    if (model.get("annotator") !== undefined) foot.append(who);
    if (this.progress.total === 1) bar.classList.add("rlhf-single");
    this.root.append(head, bar, this.body, this.controls, this.#note, foot, this.#voice);
    el.append(fillIn(element("style"), style + still), this.root);
    this.root.addEventListener("keydown", (event) => this.#press(event));
    this.key("Backspace", () => this.#send("undo"));
  }

  get progress(): Progress {
    return this.#model.get("progress") as Progress;
  }

  /** Draws the present question now and whenever it changes; what it returns is read aloud. */
  start(onQuestion: (position: number) => string): () => void {
    this.#onQuestion = onQuestion;
    this.#started.position = this.progress.position;
    const refresh = (): void => this.#refresh();
    this.#model.on("change:progress", refresh);
    const clock = setInterval(() => this.#showTime(), 1000);
    this.#refresh();
    this.#model.send({ type: "here" });
    return () => {
      this.#model.off("change:progress", refresh);
      clearInterval(clock);
    };
  }

  /** A key that works wherever the focus is inside the widget, text fields apart. */
  key(name: string, action: () => void): void {
    this.#keys.set(name, action);
  }

  /** Sends the answer to the present question, once. */
  answer(value: unknown): void {
    this.#send("answer", { value, ms: Math.round(performance.now() - this.#shownAt) });
  }

  /** Shows a sentence in the place of a question, until there is one; returns it, to be read aloud. */
  rest(text: string): string {
    this.root.setAttribute("aria-busy", "true");
    this.body.replaceChildren(fillIn(element("p", { class: "rlhf-prompt" }), text));
    return text;
  }

  /** Says something to the eye and to the ear. */
  say(text: string): void {
    this.#note.textContent = text;
    this.#voice.textContent = text;
  }

  #send(type: string, more: Record<string, unknown> = {}): void {
    const { serial, status, canUndo } = this.progress;
    if (this.#waiting !== undefined || status !== "asking") return;
    if (type === "undo" && !canUndo) return;
    const message = { type, serial, ...more };
    this.#model.send(message);
    this.root.setAttribute("aria-busy", "true");
    this.#wait(message, 1);
  }

  /** Sends again what was not answered: the serial lets the kernel take it once only. */
  #wait(message: Record<string, unknown>, tries: number): void {
    this.#waiting = setTimeout(() => {
      if (tries < attempts) {
        this.#model.send(message);
        return this.#wait(message, tries + 1);
      }
      this.#waiting = undefined;
      this.root.removeAttribute("aria-busy");
      this.say(
        "The kernel does not answer. What was answered before is kept; if it was restarted, run the cell again.",
      );
    }, patience);
  }

  #refresh(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.root.removeAttribute("aria-busy");
    const { position, total, status, canUndo, note } = this.progress;
    this.#undo.disabled = !canUndo;
    this.#fill.style.width = `${(100 * position) / total}%`;
    this.#note.textContent = note;
    if (status !== "asking") return this.#end(status);
    this.#shownAt = performance.now();
    this.#count.textContent = total > 1 ? `${position + 1} of ${total}` : "";
    this.#showTime();
    const spoken = this.#onQuestion(position);
    this.#voice.textContent =
      total > 1 ? `Question ${position + 1} of ${total}. ${spoken}` : spoken;
  }

  #end(status: string): void {
    this.root.classList.add("rlhf-over");
    for (const control of this.root.querySelectorAll("button, input, textarea")) {
      control.setAttribute("disabled", "");
    }
    this.#count.textContent = status;
    this.#time.textContent = "";
    this.#voice.textContent = `${status}. ${this.progress.note}`;
  }

  /** With a limit what is left of it, else what the pace so far suggests. */
  #showTime(): void {
    const { deadline, position, total, status } = this.progress;
    if (status !== "asking") return;
    if (deadline !== undefined) {
      const left = Math.max(0, Math.round((deadline - Date.now()) / 1000));
      this.#time.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left`;
      return;
    }
    const answered = position - this.#started.position;
    if (answered < 2) return;
    const seconds = ((performance.now() - this.#started.at) / 1000 / answered) * (total - position);
    this.#time.textContent =
      seconds < 55 ? "less than a minute left" : `about ${Math.ceil(seconds / 60)} min left`;
  }

  #press(event: KeyboardEvent): void {
    event.stopPropagation(); // nothing typed here is for the notebook
    const { target } = event;
    const typing = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
    if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    const action = this.#keys.get(event.key);
    if (!action) return;
    event.preventDefault();
    if (!event.repeat) action();
  }
}

/** A button that shows its key. */
export function button(text: string, key: string, action: () => void): HTMLButtonElement {
  const made = element("button", { type: "button" });
  if (key !== "") {
    made.append(fillIn(element("kbd", { "aria-hidden": "true" }), key === "Backspace" ? "⌫" : key));
    made.setAttribute("aria-keyshortcuts", key);
  }
  made.append(fillIn(element("span"), text));
  made.addEventListener("click", action);
  return made;
}
