/** A moving picture under a stream of answers: what `score` and `steer` share. */
import type { ClipPicture, WorldName } from "../../widgetPictures";
import { element, fillIn, ownKeys } from "./dom";
import { button, type Context } from "./shell";
import { style } from "./style";
import { drawWorld } from "./worlds";

/** The widget's frame, its picture, and `mark`, which sends a value with its moment. */
export class LiveView {
  readonly root = element("div", { class: "rlhf", tabindex: "0", role: "group" });
  readonly canvas = element("canvas", { role: "img", class: "rlhf-live" });
  readonly controls = element("div", { class: "rlhf-controls" });
  readonly #context: Context;
  readonly #count = element("span", { class: "rlhf-count" });
  readonly #voice = element("div", { class: "rlhf-voice", role: "status", "aria-live": "polite" });
  readonly #keys = new Map<string, () => void>();
  readonly #firstId = Math.floor(performance.timeOrigin + performance.now()) * 1000; // each tab's own
  #frame = -1;
  #drawnAt = 0;
  #sent = 0;

  constructor(context: Context) {
    this.#context = context;
    const { model, el } = context;
    const question = String(model.get("question"));
    this.root.setAttribute("aria-label", question);
    ownKeys(this.root);
    this.canvas.setAttribute("aria-label", `The ${String(model.get("world"))}, moving`);
    const head = element("div", { class: "rlhf-head" });
    head.append(fillIn(element("h4"), question), this.#count);
    const foot = element("div", { class: "rlhf-foot" });
    const stop = button("Stop here", "", () => model.send({ type: "stop" }));
    const who = `kept as ${String(model.get("annotator"))}`;
    foot.append(stop, fillIn(element("span", { class: "rlhf-who" }), who));
    this.root.append(head, this.canvas, this.controls, foot, this.#voice);
    const still = `.${CSS.escape(String(model.get("still")))} { display: none; }`;
    el.append(fillIn(element("style"), style + still), this.root);
    this.root.addEventListener("keydown", (event) => this.#press(event));
  }

  key(name: string, action: () => void): void {
    this.#keys.set(name, action);
  }

  /** Draws what the kernel sends until the widget goes away. */
  start(): () => void {
    const { model } = this.#context;
    const draw = (): void => this.#draw();
    model.on("change:now", draw);
    model.send({ type: "here" });
    requestAnimationFrame(draw);
    return () => model.off("change:now", draw);
  }

  /** Sends a value about the state that is on the screen now. */
  mark(value: unknown, words: string): void {
    if (this.#frame < 0) return;
    const ms = performance.now() - this.#drawnAt;
    const id = this.#firstId + this.#sent;
    this.#context.model.send({ type: "mark", value, frame: this.#frame, ms, id });
    this.#sent += 1;
    this.#count.textContent = `${this.#sent} given`;
    this.#voice.textContent = words;
    this.canvas.dataset["mark"] = words;
    setTimeout(() => delete this.canvas.dataset["mark"], 250);
  }

  #draw(): void {
    const { model } = this.#context;
    const now = model.get("now") as { frame: number; shown: readonly number[] } | null;
    if (now === null || now === undefined) return;
    const clip: ClipPicture = {
      kind: "clip",
      world: model.get("world") as WorldName,
      frames: [now.shown],
      framesPerSecond: 1,
      ...optional("size", model.get("size")),
      ...optional("goal", model.get("goal")),
    };
    drawWorld(this.canvas, clip, 0);
    this.#frame = now.frame;
    this.#drawnAt = performance.now();
  }

  #press(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = this.#keys.get(event.key);
    if (!action) return;
    event.preventDefault();
    action();
  }
}

function optional(name: string, value: unknown): Record<string, [number, number]> {
  return value === null || value === undefined ? {} : { [name]: value as [number, number] };
}
