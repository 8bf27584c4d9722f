import js from "@eslint/js";
import tseslint from "typescript-eslint";

const seededOnly = "Use the seeded generator (Rng): the same seed must give the same lesson.";

export default tseslint.config(
  {
    ignores: ["**/dist/", "**/build/", "node_modules/", ".venv/", ".setup/", "book/"],
  },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: seededOnly },
        { object: "tf", property: "multinomial", message: seededOnly },
        { object: "tf", property: "randomNormal", message: seededOnly },
        { object: "tf", property: "randomUniform", message: seededOnly },
        { object: "tf", property: "truncatedNormal", message: seededOnly },
      ],
    },
  },
  {
    // mocha's describe and it return promises only in appearance; chained expectations are plain statements
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-unused-expressions": "off" },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: {
      globals: { process: "readonly", console: "readonly", URL: "readonly", Buffer: "readonly",
        setTimeout: "readonly", clearTimeout: "readonly", setInterval: "readonly", clearInterval: "readonly",
        fetch: "readonly", AbortSignal: "readonly", AbortController: "readonly" },
    },
  },
);
