/**
 * tslab turns a variable of an earlier cell into a property, `a` into `exports.a`, but leaves it in
 * the shorthand `{ a }`, which then fails with "a is not defined". It also takes the key of a pattern,
 * `a` in `const { a: b } = earlier`, for such a variable. This transformer writes the shorthand out,
 * and the key as a string, before tslab's own run.
 */
import type * as TypeScript from "@tslab/typescript-for-tslab";
import { ts } from "./typescript";

/** The file in which tslab declares what earlier cells have defined. */
const earlierCells = "__prev__.d.ts";

export function writeOutShorthand(
  program: TypeScript.Program,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const checker = program.getTypeChecker();
  const isEarlier = (node: TypeScript.ShorthandPropertyAssignment): boolean =>
    checker
      .getShorthandAssignmentValueSymbol(node)
      ?.declarations?.some((each) => each.getSourceFile().fileName.endsWith(`/${earlierCells}`)) ??
    false;

  return (context) => {
    const { factory } = context;
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      if (ts.isBindingElement(node) && node.propertyName && ts.isIdentifier(node.propertyName)) {
        const { dotDotDotToken, propertyName, name, initializer } = node;
        const key = factory.createStringLiteral(propertyName.text);
        const same = factory.updateBindingElement(node, dotDotDotToken, key, name, initializer);
        return ts.visitEachChild(same, visit, context);
      }
      if (!ts.isShorthandPropertyAssignment(node) || !isEarlier(node))
        return ts.visitEachChild(node, visit, context);
      const value = factory.createPropertyAccessExpression(
        factory.createIdentifier("exports"),
        node.name.text,
      );
      const fallback = node.objectAssignmentInitializer;
      return factory.createPropertyAssignment(
        factory.createIdentifier(node.name.text),
        fallback
          ? factory.createAssignment(value, ts.visitNode(fallback, visit) as TypeScript.Expression)
          : value,
      );
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
}
