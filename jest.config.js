/** SWC options for one file family; decorators carry the types that Nest injects by. */
const swc = (moduleType, parser = {}) => [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: moduleType },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true, ...parser },
      transform: {
        ...{ legacyDecorator: true, decoratorMetadata: true },
        react: { runtime: 'automatic', importSource: 'preact' },
      },
    },
  },
];

export default {
  testEnvironment: '<rootDir>/test/support/test-environment.mjs',
  testMatch: ['<rootDir>/{src,test,packages}/**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  testSequencer: '<rootDir>/test/support/sequencer.mjs',
  // A test that hangs ends at last; a slow machine is no reason to fail one.
  testTimeout: 600_000,
  // Most files wait for processes and databases half of their time.
  maxWorkers: 5,
  // Starting a program costs the more, the larger the process is that starts it, and workers grow with each file.
  workerIdleMemoryLimit: '1GB',

  // NestJS 12 is published as ES modules, so the tests run as such (see scripts/test.mjs for the Node.js flag).
  // The thin client (.cts) is CommonJS, as it is when built.
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'tsx', 'cts', 'json', 'node'],
  transform: {
    '\\.ts$': swc('es6'),
    '\\.tsx$': swc('es6', { tsx: true }),
    '\\.cts$': swc('commonjs'),
  },
  // Sources name each other as they will be called when built. Packages keep what they name.
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts', '$1.tsx'],
    '^(\\.{1,2}/.*)\\.cjs$': ['$1.cjs', '$1.cts'],
  },
  modulePathIgnorePatterns: ['<rootDir>/(.*/)?dist/', '<rootDir>/data/'],

  coverageProvider: 'v8',
  collectCoverageFrom: ['{src,packages/*/src}/**/*.{ts,tsx,cts}', '!**/*.test.ts'],
  coverageReporters: ['text-summary', 'json-summary'],
  coverageThreshold: { global: { lines: 90 } },
};
