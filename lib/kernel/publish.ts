/**
 * A cell's variables stay local variables, and are *published* through getters and setters, so that
 * later cells share them. (CommonJS would copy every assignment to `exports`, through a Proxy in
 * tslab: 40 times slower in a hot loop.) The exports are taken out of the text, and it ends in
 *
 *   function __published() { return { bindings: {
 *     get total() { return total; }, set total(__value) { total = __value; } } }; }
 */
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { ts } from "./typescript";

/** The function that a compiled cell ends in. */
export const published = "__published";

/** tslab's name for the value of the last expression. */
const resultPattern = /^tsLastExpr\d*$/;

/** A stretch of the text, from its first to behind its last character. */
type Span = readonly [from: number, to: number];

/** @returns the text with nothing moved, and the names that the cell declares or imports */
export function publishBindings(text: string): { text: string; names: string[] } {
  const file = ts.createSourceFile("cell.js", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const lists = file.statements.filter(isExportList);
  const results = file.statements.filter(isResult);
  const names = lists.flatMap((list) => list.exportClause.elements.map(({ name }) => name.text));
  const spans = [
    ...lists.map((list): Span => [list.getStart(), list.end]),
    ...results.map((each): Span => [each.getStart(), each.getStart() + "export".length]),
  ];
  const result = results[0]?.declarationList.declarations[0]?.name.getText();
  const end = publisher(names, assignableNames(file), result);
  return { text: `${blank(text, spans)}\n${end}\nexport {};`, names };
}

function blank(text: string, spans: readonly Span[]): string {
  let blanked = text;
  for (const [from, to] of spans)
    blanked = blanked.slice(0, from) + text.slice(from, to).replace(/\S/g, " ") + blanked.slice(to);
  return blanked;
}

type ExportList = TypeScript.ExportDeclaration & { readonly exportClause: TypeScript.NamedExports };

function isExportList(statement: TypeScript.Statement): statement is ExportList {
  if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier) return false;
  return statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause);
}

function isResult(statement: TypeScript.Statement): statement is TypeScript.VariableStatement {
  if (!ts.isVariableStatement(statement)) return false;
  if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return false;
  const [declaration] = statement.declarationList.declarations;
  return declaration !== undefined && resultPattern.test(declaration.name.getText());
}

function publisher(
  names: readonly string[],
  assignable: ReadonlySet<string>,
  result: string | undefined,
): string {
  const accessors = names.map((name) => {
    const setter = assignable.has(name) ? `, set ${name}(__value) { ${name} = __value; }` : "";
    return `get ${name}() { return ${name}; }${setter}`;
  });
  const value = result ? `, result: () => ${result}` : "";
  return `function ${published}() { return { bindings: { ${accessors.join(", ")} }${value} }; }`;
}

/** Variables declared by `let` or `var`, functions and classes; not constants and imports. */
function assignableNames(file: TypeScript.SourceFile): Set<string> {
  const names = new Set<string>();
  const add = (name: TypeScript.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const each of name.elements) if (ts.isBindingElement(each)) add(each.name);
  };
  const visit = (node: TypeScript.Node): void => {
    if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) {
      if (node.name) add(node.name);
    } else if (!ts.isFunctionLike(node)) {
      const isList = ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.Const);
      if (isList) for (const each of node.declarations) add(each.name);
      ts.forEachChild(node, visit); // a `var` may stand in a block
    }
  };
  visit(file);
  return names;
}
