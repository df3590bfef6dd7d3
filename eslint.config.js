import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const onlyConfigReadsTheEnvironment =
  'Only src/config, src/cli and src/setup/places.ts read the environment; take a Config instead';

export default defineConfig(
  {
    ignores: [
      ...['**/dist/', '.build-*/', 'coverage/', 'data/', 'bin/', 'test/fixtures/'],
      'packages/client/src/schema.ts',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx,cts}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      eqeqeq: 'error',

      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],

      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: onlyConfigReadsTheEnvironment },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ImportDeclaration[source.value="node:process"] > ImportSpecifier[imported.name="env"]',
          message: onlyConfigReadsTheEnvironment,
        },
        { selector: 'TSEnumDeclaration', message: 'Use a union of strings.' },
      ],

      // Noise here: a number in a template, a one-line callback that returns void, a Nest module without
      // members, an interface kept async by those who implement it, a plain object as a fake of a class,
      // Number() around what one of the two databases answers as a string.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    // CommonJS, where `import x = require('…')` is the only import that the compiler takes.
    files: ['**/*.cts'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: [
      'src/config/**',
      'src/cli/**',
      'src/setup/places.ts',
      'test/**',
      'bench/**',
      'examples/**',
      '**/*.test.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['test/**', 'bench/**', '**/*.test.ts'],
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'CallExpression[callee.name=/^(spawn|execFile|fork)/] Property[key.name="env"] > ObjectExpression',
          message: "Take it from ownEnvironment(): the program would read an operator's .env.",
        },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        URL: 'readonly',
        URLSearchParams: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
      },
    },
  },
  {
    // It runs in browsers.
    files: ['src/http/console/assets/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          ...[
            'document',
            'location',
            'history',
            'navigator',
            'addEventListener',
            'matchMedia',
            'CSS',
            'Blob',
          ],
          ...['DOMParser', 'EventSource', 'FormData', 'PublicKeyCredential', 'clearInterval', 'setInterval'],
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs', globals: { module: 'writable' } } },
);
