// The rules of the linter beyond those of the compiler. Import rules between folders are in
// .dependency-cruiser.mjs.
import { defineConfig, globalIgnores } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import { foreignNames } from './scripts/lint/foreign-names.ts';

const tests = ['**/*.test.{ts,tsx}', 'platform/*/test/**', '**/e2e/**', '**/*.fixture.ts'];

export default defineConfig(
  globalIgnores([
    '**/node_modules/',
    '**/data/',
    '**/coverage/',
    '**/dist/',
    '**/*.d.ts',
    '**/.svelte-kit/',
    '**/.texts/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}', '**/*.svelte'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Style that the compiler does not know.
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/max-params': ['error', { max: 3 }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-shadow': 'error',
      // A number in a template cannot surprise; an object or undefined can.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `while (true)` with a way out inside says more than an invented condition.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      // `() => log.info(...)` as a callback is plain; what matters is that no promise is lost, which other
      // rules see to.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Names that begin with an underscore are there for their position.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // A `type` is as good as an `interface`; ports are interfaces by convention, unions cannot be.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // The compiler wants brackets for index signatures (noPropertyAccessFromIndexSignature).
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // A method that answers at once still has to fulfil an asynchronous port.
      '@typescript-eslint/require-await': 'off',

      // Mistakes.
      eqeqeq: ['error', 'always'],
      'no-constant-binary-expression': 'error',
      'no-promise-executor-return': ['error', { allowVoid: true }],
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-unmodified-loop-condition': 'error',
      'no-unreachable-loop': 'error',
      'no-useless-assignment': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',

      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Node runs these files by erasing types: use a union of literals.' },
        {
          selector: 'TSModuleDeclaration:not([declare=true], [declare=true] *)',
          message: 'Node runs these files by erasing types: a file is the namespace.',
        },
        {
          selector: 'TSParameterProperty',
          message: 'Node runs these files by erasing types: assign in the constructor.',
        },
        { selector: 'Decorator', message: 'No decorators: pass what is needed to the constructor.' },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    extends: [svelte.configs.recommended, svelte.configs.prettier],
    languageOptions: {
      parserOptions: { parser: tseslint.parser, projectService: true, extraFileExtensions: ['.svelte'] },
    },
    rules: {
      // Runes are assigned where they are declared and changed by the template.
      'prefer-const': 'off',
      'no-useless-assignment': 'off',
    },
  },
  {
    files: ['console/src/**/*.{ts,svelte}'],
    rules: {
      // Every address comes from addresses.ts, which resolves it.
      'svelte/no-navigation-without-resolve': 'off',
      // Maps are replaced, never changed.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    // Files of tests follow each other in one process, and have the texts in common.
    files: ['console/src/**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '#texts/runtime',
              importNames: ['overwriteGetLocale', 'setLocale'],
              message:
                'The next file would be in this language too: use inLanguage of texts/test/in-language.fixture.ts.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.tsx', 'platform/client/src/react/**/*.ts'],
    extends: [reactHooks.configs.flat.recommended],
  },
  {
    // Shipped code. `process.env` is read in one place, and the messages of a server go through its log.
    files: ['platform/*/src/**/*.ts', 'plugins/**/*.ts'],
    ignores: ['platform/server/src/config/**', ...tests],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only platform/server/src/config reads the environment; take the value as an argument.',
        },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:process', 'process'].map((name) => ({
            name,
            importNames: ['default', 'env'],
            message: 'Only platform/server/src/config reads the environment; `process` itself is a global.',
          })),
        },
      ],
    },
  },
  {
    files: ['platform/*/src/**/*.{ts,tsx,svelte}', 'plugins/**/*.ts', 'console/src/**/*.{ts,svelte}'],
    ignores: ['platform/server/src/cli/**', 'platform/bench/**', ...tests],
    rules: { 'no-console': 'error' },
  },
  {
    // Ids, names and keys that users, apps and issuers choose.
    files: [
      'platform/*/src/**/*.{ts,tsx,svelte}',
      'plugins/**/*.ts',
      'examples/**/*.ts',
      'console/src/**/*.{ts,svelte}',
    ],
    // There, the names are our own: variables of the configuration, columns of the data file.
    ignores: ['platform/server/src/config/**', 'platform/server/src/drivers/stores/sqlite/row.ts', ...tests],
    plugins: { belfry: { rules: { 'foreign-names': foreignNames } } },
    rules: { 'belfry/foreign-names': 'error' },
  },
  {
    // Longer than a screen, a function is a class that was written as a closure, or does two things.
    files: ['**/*.{ts,tsx}', '**/*.svelte'],
    ignores: tests,
    rules: { 'max-lines-per-function': ['error', { max: 80, skipComments: false, skipBlankLines: false }] },
  },
  {
    // Tests hold values of any shape against an expectation; there these rules only make noise.
    files: tests,
    rules: {
      '@typescript-eslint/max-params': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
