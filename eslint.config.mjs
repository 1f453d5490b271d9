// One configuration for every workspace; `eslint .` in a workspace finds it here. Rules are here because a break of
// them has a cost at run time or makes a test lie; layout is prettier's business, direction of imports is
// dependency-cruiser's.
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const sources = ['**/*.ts', '**/*.tsx'];
const tests = ['**/*.spec.ts', '**/test/**/*.ts', 'tests/**/*.ts', 'packages/test-kit/**/*.ts'];
const scripts = ['**/*.mjs', '**/*.cjs', '**/*.js'];
/** Code that decides: the same input must give the same output, today and in a shadow run next year. */
const deciding = ['**/*.decide.ts', 'packages/agent-kit/src/chunk/**/*.ts'];

const typedThrow = {
  selector: 'ThrowStatement > NewExpression[callee.name=/^(Error|TypeError|RangeError)$/]',
  message: 'Throw a SignalboxError with a code of packages/errors/src/codes.ts: callers branch on the code.',
};
const now = 'is not for code that decides: the time is an argument (`now`).';
const clockFree = [
  { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: `The clock ${now}` },
  { selector: 'CallExpression[callee.name="Date"]', message: `The clock ${now}` },
];
const focusedTest = [
  {
    selector:
      'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo|failing)$/]',
    message: 'A test that is switched off, or switches the others off, must not be committed.',
  },
  {
    selector: 'CallExpression[callee.name=/^(fit|fdescribe|xit|xtest|xdescribe)$/]',
    message: 'A test that is switched off, or switches the others off, must not be committed.',
  },
];
const sleep = {
  selector:
    'NewExpression[callee.name="Promise"] > ArrowFunctionExpression[params.length=1] CallExpression[callee.name="setTimeout"]',
  message: 'Tests do not sleep: wait on a condition, or move the virtual clock.',
};

export default defineConfig(
  globalIgnores([
    '**/dist/',
    '**/generated/',
    '**/node_modules/',
    '.signalbox/',
    '**/.turbo/',
    '**/coverage/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: sources,
    extends: [js.configs.recommended, tseslint.configs.base, tseslint.configs.eslintRecommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // -- promises: a lost rejection is a lost event
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      // -- types that mean something
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/no-for-in-array': 'error',
      '@typescript-eslint/no-redundant-type-constituents': 'error',
      '@typescript-eslint/restrict-plus-operands': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', caughtErrors: 'all', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-deprecated': 'error',
      'no-unused-vars': 'off',
      // -- one way in, one way out
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only packages/config reads the environment: use loadSettings(schema).',
        },
        {
          object: 'AbortSignal',
          property: 'any',
          message:
            'On Node 20 nothing holds a time-out handed to it, and it leaks on long-lived signals: use withTimeLimit of @signalbox/outbound-http, or a listener.',
        },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'node:process',
              importNames: ['env'],
              message: 'Use loadSettings(schema) of @signalbox/config.',
            },
          ],
        },
      ],
      'no-restricted-syntax': ['error', typedThrow],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'prefer-const': 'error',
      // -- size: beyond this a file or function holds two thoughts
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },

  {
    // Nest reads the constructor's parameter types at run time: `import type` would leave it with nothing.
    files: ['apps/**/*.ts', 'packages/agent-kit-nest/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },

  {
    files: deciding,
    rules: {
      'no-restricted-syntax': ['error', typedThrow, ...clockFree],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only packages/config reads the environment.' },
        { object: 'Date', property: 'now', message: `The clock ${now}` },
        { object: 'performance', property: 'now', message: `The clock ${now}` },
        { object: 'process', property: 'hrtime', message: `The clock ${now}` },
        {
          object: 'Math',
          property: 'random',
          message: 'Code that decides has no randomness: ids are derived.',
        },
        { property: 'randomUUID', message: 'Code that decides has no randomness: ids are derived.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'node:crypto',
              importNames: ['randomUUID', 'randomBytes', 'randomInt'],
              message: 'No randomness.',
            },
            { name: 'uuidv7', message: 'No randomness: ids are derived.' },
          ],
          patterns: [
            {
              regex: '^(node:)?(fs|net|http|https|dns|tls|child_process|timers|worker_threads)(/.*)?$',
              message: 'Code that decides does no I/O: what it needs is an argument.',
            },
          ],
        },
      ],
      'no-restricted-globals': [
        'error',
        'fetch',
        'setTimeout',
        'setInterval',
        'setImmediate',
        'queueMicrotask',
      ],
    },
  },

  {
    files: tests,
    rules: {
      'no-restricted-syntax': ['error', ...focusedTest],
      // `describe` is a function whose body is the list of its tests.
      'max-lines-per-function': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },

  {
    // Helpers of tests may look again every few milliseconds until a condition holds; tests use the helpers.
    files: ['**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...focusedTest, sleep],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'node:timers/promises', message: 'Tests do not sleep: wait on a condition.' },
            {
              name: 'node:process',
              importNames: ['env'],
              message: 'Use loadSettings(schema) of @signalbox/config.',
            },
          ],
        },
      ],
    },
  },

  {
    // The one reader of the environment.
    files: ['packages/config/src/**/*.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },

  {
    // Plain scripts run before anything is built or typed: they read the environment and write to the terminal themselves.
    files: scripts,
    extends: [js.configs.recommended],
    languageOptions: {
      globals: Object.fromEntries(
        [
          ...[
            'process',
            'console',
            'Buffer',
            'URL',
            'fetch',
            'AbortController',
            'AbortSignal',
            'performance',
          ],
          ...[
            'setTimeout',
            'clearTimeout',
            'setInterval',
            'clearInterval',
            'setImmediate',
            'structuredClone',
          ],
          ...['TextDecoder', 'TextEncoder', 'WebAssembly'],
        ].map((name) => [name, 'readonly']),
      ),
    },
    rules: { 'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['**/*.cjs', 'packages/*/bin/*.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { module: 'writable', require: 'readonly', __dirname: 'readonly' },
    },
  },
);
