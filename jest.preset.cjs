// Shared by every workspace: `jest --config ../../jest.preset.cjs --rootDir .`
// Tests run from source: other workspaces resolve to their src through the export condition below, never to dist.
module.exports = {
  // Fails a file that leaves something open.
  testEnvironment: require.resolve('./jest.environment.cjs'),
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts', '<rootDir>/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  transform: { '^.+\\.ts$': ['@swc/jest', { swcrc: true, configFile: require.resolve('./.swcrc') }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: {
    customExportConditions: ['@signalbox/source', 'node', 'require', 'default'],
  },
  // Above what a test waits for one condition, so that the condition is named when it does not come true.
  testTimeout: 180_000,
  maxWorkers: 2,
};
