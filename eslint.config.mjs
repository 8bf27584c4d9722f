import js from "@eslint/js";
import tseslint from "typescript-eslint";

const seededOnly = "Use the seeded generator (Rng): the same seed must give the same lesson.";

const nodeGlobals = [
  ...["process", "console", "Buffer", "URL", "fetch", "AbortSignal", "AbortController"],
  ...["performance", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate"],
];

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
    files: ["**/*.mjs", "**/*.cjs"],
    languageOptions: { globals: Object.fromEntries(nodeGlobals.map((name) => [name, "readonly"])) },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: {
      globals: { require: "readonly", module: "writable", __dirname: "readonly" },
    },
  },
);
