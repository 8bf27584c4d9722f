/** Elements made from names and text; never from HTML. */

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Puts text into an element, as text. */
export function fillIn<E extends HTMLElement>(target: E, text: string): E {
  target.textContent = text;
  return target;
}

export function svg(name: string, attributes: Record<string, string | number> = {}): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/**
 * Keeps a widget's keys from the notebook around it. Jupyter looks at the focused element itself
 * before it looks at those around it, so each element says so once it has the focus.
 */
export function ownKeys(root: HTMLElement): void {
  const mark = (owner: Element): void => owner.setAttribute("data-lm-suppress-shortcuts", "true");
  mark(root);
  root.addEventListener("focusin", ({ target }) => mark(target as Element));
}
