import { type Tensor, tf } from "../tensorflow";

/** What a step returns: a tensor, or lists and records of such, to any depth; or nothing. */
export type TensorTree =
  Tensor | undefined | void | readonly TensorTree[] | { readonly [name: string]: TensorTree };

/** Tensors of a tree in a fixed order, and what puts others into the same places. */
export interface Flattened<R> {
  tensors: Tensor[];
  rebuild: (tensors: Tensor[]) => R;
}

/**
 * Takes a tree apart.
 *
 * @throws TypeError when something in it is no tensor; `where` begins its message
 */
export function flatten<R>(where: string, tree: R): Flattened<R> {
  const tensors: Tensor[] = [];
  const walk = (node: unknown): ((replacements: Tensor[]) => unknown) => {
    if (node instanceof tf.Tensor) {
      const at = tensors.push(node as Tensor) - 1;
      return (replacements) => replacements[at];
    }
    if (node === undefined) return () => undefined;
    if (Array.isArray(node)) {
      const parts = node.map(walk);
      return (replacements) => parts.map((part) => part(replacements));
    }
    if (typeof node === "object" && node !== null && !(node instanceof Promise)) {
      const parts = Object.entries(node).map(([key, value]) => [key, walk(value)] as const);
      return (replacements) =>
        Object.fromEntries(parts.map(([key, part]) => [key, part(replacements)]));
    }
    throw new TypeError(`${where} must be made of tensors, got ${describe(node)}.`);
  };
  const rebuild = walk(tree) as (replacements: Tensor[]) => R;
  return { tensors, rebuild };
}

function describe(node: unknown): string {
  if (!(node instanceof Promise)) return `${typeof node} ${String(node)}`;
  node.catch(() => undefined); // the error that is thrown here is the one to be seen
  return "a promise (a step must not be async)";
}
