/**
 * The last step of compilation: an ES module, as TypeScript emits it for a cell, becomes the body of
 * a function. Two things differ from an ordinary CommonJS module.
 *
 * A cell's variables stay local variables, and are *published* through getters and setters, so that
 * later cells share them. (CommonJS would copy every assignment to `exports`: 40 times slower in a
 * hot loop.) The body therefore ends in
 *
 *   function __published() { return { get total() { return total; }, set total(v) { total = v; } }; }
 *
 * Every loop and function looks at the stop flag, so that an interrupt ends it with an ordinary
 * error at the student's line:
 *
 *   while (true) { if (__stop[0] !== 0) __halt(); … }
 */
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { ts } from "./typescript";

/** What a compiled cell is given, in this order. */
export const parameters = ["exports", "require", "__stop", "__halt", "__publish"] as const;
/** What a compiled cell leaves behind for the kernel. */
export const published = "__published";

const resultPattern = /^tsLastExpr\d*$/;
const mapPattern =
  /\/\/# sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,(\S+)\s*$/i;

/** JavaScript with the two source maps that lead back to the student's text. */
export interface Transpiled {
  readonly text: string;
  /** Maps in the order in which a position is to be looked up: ours first, TypeScript's second. */
  readonly maps: readonly string[];
  /** Names the cell declares or imports. */
  readonly names: readonly string[];
}

/**
 * @param text   an ES module with an inline source map
 * @param isCell false for a module beside the notebook, which keeps its exports
 */
export function transpile(text: string, isCell: boolean): Transpiled {
  const map = mapPattern.exec(text);
  const source = map ? text.slice(0, map.index) : text;
  const cell = isCell ? publishBindings(source) : { text: source, names: [] };
  const result = ts.transpileModule(cell.text, {
    fileName: "custom.js",
    transformers: { before: [addChecks] },
    compilerOptions: {
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      target: ts.ScriptTarget.ES2022,
      newLine: ts.NewLineKind.LineFeed,
      noImplicitUseStrict: true,
      sourceMap: true,
    },
  });
  const first = map?.[1] ? Buffer.from(map[1], "base64").toString() : undefined;
  const maps = [result.sourceMapText, first].filter((each): each is string => each !== undefined);
  return {
    text: result.outputText.replace(/\/\/# sourceMappingURL=\S+\s*$/, ""),
    maps,
    names: cell.names,
  };
}

/** Takes the exports out, without moving anything else, and adds the function that publishes. */
function publishBindings(text: string): { text: string; names: string[] } {
  const file = ts.createSourceFile("cell.js", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const names: string[] = [];
  let result: string | undefined;
  let body = text;
  const blank = (from: number, to: number): void => {
    body = body.slice(0, from) + body.slice(from, to).replace(/[^\n]/g, " ") + body.slice(to);
  };
  for (const statement of file.statements) {
    if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier) {
      const clause = statement.exportClause;
      if (clause && ts.isNamedExports(clause))
        names.push(...clause.elements.map((e) => e.name.text));
      blank(statement.getStart(), statement.end);
    } else if (isResult(statement)) {
      const declaration = statement.declarationList.declarations[0];
      result = declaration?.name.getText();
      const start = statement.getStart();
      blank(start, start + "export".length);
    }
  }
  const settable = settableNames(file);
  return { text: body + publisher(names, settable, result) + "\nexport {};", names };
}

function isResult(statement: TypeScript.Statement): statement is TypeScript.VariableStatement {
  if (!ts.isVariableStatement(statement)) return false;
  if (!statement.modifiers?.some((each) => each.kind === ts.SyntaxKind.ExportKeyword)) return false;
  const [declaration] = statement.declarationList.declarations;
  return declaration !== undefined && resultPattern.test(declaration.name.getText());
}

function publisher(names: string[], settable: Set<string>, result: string | undefined): string {
  const accessors = names.map((name) => {
    const setter = settable.has(name) ? `, set ${name}(__value) { ${name} = __value; }` : "";
    return `get ${name}() { return ${name}; }${setter}`;
  });
  const value = result ? `, result: () => ${result}` : "";
  return `\nfunction ${published}() { return { bindings: { ${accessors.join(", ")} }${value} }; }`;
}

/** Names that may be assigned to: variables declared by `let` or `var`, functions and classes. */
function settableNames(file: TypeScript.SourceFile): Set<string> {
  const names = new Set<string>();
  const add = (name: TypeScript.BindingName): void => {
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const each of name.elements) if (ts.isBindingElement(each)) add(each.name);
  };
  const visit = (node: TypeScript.Node): void => {
    if (ts.isFunctionLike(node) && !ts.isFunctionDeclaration(node)) return;
    if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) {
      if (node.name) names.add(node.name.text);
      return;
    }
    if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.Const))
      for (const each of node.declarations) add(each.name);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

function addChecks(
  context: TypeScript.TransformationContext,
): TypeScript.Transformer<TypeScript.SourceFile> {
  const { factory } = context;
  const raised = (): TypeScript.Expression =>
    factory.createStrictInequality(
      factory.createElementAccessExpression(factory.createIdentifier("__stop"), 0),
      factory.createNumericLiteral(0),
    );
  const halt = (): TypeScript.Expression =>
    factory.createCallExpression(factory.createIdentifier("__halt"), undefined, []);
  const check = (): TypeScript.Statement =>
    factory.createIfStatement(raised(), factory.createExpressionStatement(halt()));
  const withCheck = (body: TypeScript.Statement): TypeScript.Block =>
    ts.isBlock(body)
      ? factory.updateBlock(body, [check(), ...body.statements])
      : factory.createBlock([check(), body], true);

  const visit = (node: TypeScript.Node): TypeScript.Node => {
    if (ts.isFunctionDeclaration(node) && node.name?.text === published) return node;
    return addTo(ts.visitEachChild(node, visit, context));
  };

  function addTo(node: TypeScript.Node): TypeScript.Node {
    const f = factory;
    if (ts.isWhileStatement(node))
      return f.updateWhileStatement(node, node.expression, withCheck(node.statement));
    if (ts.isDoStatement(node))
      return f.updateDoStatement(node, withCheck(node.statement), node.expression);
    if (ts.isForStatement(node))
      return f.updateForStatement(
        node,
        node.initializer,
        node.condition,
        node.incrementor,
        withCheck(node.statement),
      );
    if (ts.isForInStatement(node))
      return f.updateForInStatement(
        node,
        node.initializer,
        node.expression,
        withCheck(node.statement),
      );
    if (ts.isForOfStatement(node))
      return f.updateForOfStatement(
        node,
        node.awaitModifier,
        node.initializer,
        node.expression,
        withCheck(node.statement),
      );
    if (ts.isFunctionDeclaration(node) && node.body)
      return f.updateFunctionDeclaration(
        node,
        node.modifiers,
        node.asteriskToken,
        node.name,
        undefined,
        node.parameters,
        undefined,
        withCheck(node.body),
      );
    if (ts.isFunctionExpression(node))
      return f.updateFunctionExpression(
        node,
        node.modifiers,
        node.asteriskToken,
        node.name,
        undefined,
        node.parameters,
        undefined,
        withCheck(node.body),
      );
    if (ts.isMethodDeclaration(node) && node.body)
      return f.updateMethodDeclaration(
        node,
        node.modifiers,
        node.asteriskToken,
        node.name,
        undefined,
        undefined,
        node.parameters,
        undefined,
        withCheck(node.body),
      );
    if (ts.isArrowFunction(node)) return addToArrow(node);
    return node;
  }

  function addToArrow(node: TypeScript.ArrowFunction): TypeScript.Node {
    const body = ts.isBlock(node.body)
      ? withCheck(node.body)
      : factory.createParenthesizedExpression(
          factory.createComma(factory.createLogicalAnd(raised(), halt()), node.body),
        );
    return factory.updateArrowFunction(
      node,
      node.modifiers,
      undefined,
      node.parameters,
      undefined,
      node.equalsGreaterThanToken,
      body,
    );
  }

  return (file) => ts.visitEachChild(file, visit, context);
}
