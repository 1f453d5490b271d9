/** An expectation of a test that was not met. The message holds a readable difference; no test runner is needed. */
export class ExpectationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ExpectationError';
  }
}
