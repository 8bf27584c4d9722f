import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type ts from "typescript";

const dist = join(__dirname, "..", "..", "lib", "dist");

describe("the library's declarations", () => {
  // The kernel checks cells with the TypeScript that tslab brings. What that one cannot read becomes `any` without a
  // word, and a student gets neither help nor errors.
  it("are read by the kernel's own TypeScript without an error", async () => {
    const index = join(dist, "index.d.ts");
    assert.ok(existsSync(index), "the library is compiled");
    const kernels = (await import("@tslab/typescript-for-tslab")).default as unknown as typeof ts;
    assert.match(kernels.version, /^5\.0\./);
    const program = kernels.createProgram([index], {
      target: kernels.ScriptTarget.ES2022,
      module: kernels.ModuleKind.CommonJS,
      moduleResolution: kernels.ModuleResolutionKind.NodeJs,
      strict: true,
      noEmit: true,
      types: ["node"],
      typeRoots: [join(dist, "..", "..", "node_modules", "@types")],
    });
    const ours = program
      .getSourceFiles()
      .filter((file) => !relative(dist, file.fileName).startsWith(".."));
    assert.ok(ours.length > 10, "the declarations were followed");
    const errors = ours
      .flatMap((file) => [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ])
      .map(
        ({ file, messageText }) =>
          `${relative(dist, file?.fileName ?? "")}: ${kernels.flattenDiagnosticMessageText(messageText, " ")}`,
      );
    assert.deepEqual(errors, []);
  }).timeout(60_000);
});
