/**
 * Every loop and function of a cell looks at the stop flag, so that an interrupt ends it with an
 * ordinary error at the student's line, whenever it runs (about 1 ns a pass):
 *
 *   while (true) { if (__stop[0] !== 0) __halt(); … }
 */
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { published } from "./publish";
import { ts } from "./typescript";

type Loop = TypeScript.IterationStatement;
type Factory = TypeScript.NodeFactory;

export function addChecks(
  context: TypeScript.TransformationContext,
): TypeScript.Transformer<TypeScript.SourceFile> {
  const { factory } = context;
  const visit = (node: TypeScript.Node): TypeScript.Node => {
    if (ts.isFunctionDeclaration(node) && node.name?.text === published) return node;
    const inside = ts.visitEachChild(node, visit, context);
    if (ts.isIterationStatement(inside, false)) return checkLoop(factory, inside);
    return checkFunction(factory, inside);
  };
  return (file) => ts.visitEachChild(file, visit, context);
}

function checkLoop(factory: Factory, loop: Loop): TypeScript.Node {
  const body = withCheck(factory, loop.statement);
  if (ts.isWhileStatement(loop)) return factory.updateWhileStatement(loop, loop.expression, body);
  if (ts.isDoStatement(loop)) return factory.updateDoStatement(loop, body, loop.expression);
  if (ts.isForStatement(loop)) {
    const { initializer, condition, incrementor } = loop;
    return factory.updateForStatement(loop, initializer, condition, incrementor, body);
  }
  if (ts.isForInStatement(loop))
    return factory.updateForInStatement(loop, loop.initializer, loop.expression, body);
  if (!ts.isForOfStatement(loop)) return loop;
  const { awaitModifier, initializer, expression } = loop;
  return factory.updateForOfStatement(loop, awaitModifier, initializer, expression, body);
}

/** Plain JavaScript: there are no type parameters, types and decorators left to keep. */
function checkFunction(factory: Factory, node: TypeScript.Node): TypeScript.Node {
  const f = factory;
  if (ts.isArrowFunction(node)) {
    const { modifiers, parameters, equalsGreaterThanToken: arrow } = node;
    const body = checkArrowBody(f, node.body);
    return f.updateArrowFunction(node, modifiers, undefined, parameters, undefined, arrow, body);
  }
  if (ts.isFunctionDeclaration(node) && node.body) {
    const { modifiers, asteriskToken: star, name, parameters } = node;
    const body = withCheck(f, node.body);
    return f.updateFunctionDeclaration(node, modifiers, star, name, undefined, parameters, undefined, body); // prettier-ignore
  }
  if (ts.isFunctionExpression(node)) {
    const { modifiers, asteriskToken: star, name, parameters } = node;
    const body = withCheck(f, node.body);
    return f.updateFunctionExpression(node, modifiers, star, name, undefined, parameters, undefined, body); // prettier-ignore
  }
  if (ts.isMethodDeclaration(node) && node.body) {
    const { modifiers, asteriskToken: star, name, parameters } = node;
    const body = withCheck(f, node.body);
    return f.updateMethodDeclaration(node, modifiers, star, name, undefined, undefined, parameters, undefined, body); // prettier-ignore
  }
  return node;
}

function checkArrowBody(factory: Factory, body: TypeScript.ConciseBody): TypeScript.ConciseBody {
  if (ts.isBlock(body)) return withCheck(factory, body);
  const check = factory.createLogicalAnd(isRaised(factory), halt(factory));
  return factory.createParenthesizedExpression(factory.createComma(check, body));
}

function withCheck(factory: Factory, body: TypeScript.Statement): TypeScript.Block {
  const check = factory.createIfStatement(
    isRaised(factory),
    factory.createExpressionStatement(halt(factory)),
  );
  if (ts.isBlock(body)) return factory.updateBlock(body, [check, ...body.statements]);
  return factory.createBlock([check, body], true);
}

function isRaised(factory: Factory): TypeScript.Expression {
  const flag = factory.createElementAccessExpression(factory.createIdentifier("__stop"), 0);
  return factory.createStrictInequality(flag, factory.createNumericLiteral(0));
}

function halt(factory: Factory): TypeScript.Expression {
  return factory.createCallExpression(factory.createIdentifier("__halt"), undefined, []);
}
