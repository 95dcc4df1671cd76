import nextVitals from "eslint-config-next/core-web-vitals";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig([
  globalIgnores([
    "dist",
    ".next",
    "node_modules",
    "server/store/generated",
    "next-env.d.ts",
    "test-results",
    "playwright-report",
  ]),
  // Next's rules are about pages; elsewhere `use` is a word like any other.
  ...nextVitals.map((config) =>
    config.rules || config.plugins ? { ...config, files: ["{app,components}/**/*.{ts,tsx}"] } : config,
  ),
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: ["tsconfig.json", "tsconfig.page.json"] } },
    rules: {
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      "no-console": "off",
    },
  },
  {
    files: ["{app,components}/**/*.{ts,tsx}"],
    rules: {
      // What an agent or a repository says is text, never markup.
      "react/no-danger": "error",
    },
  },
  {
    files: ["**/*.test.ts", "**/*.test.tsx", "e2e/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
    },
  },
]);
