export { kafkaClassPath } from './kafka/jars.js';
export { findJava, type Java } from './kafka/java.js';
export { stopTestStack, testStack } from './test-stack/test-stack.js';
export type { TestStack } from './test-stack/test-stack-files.js';
