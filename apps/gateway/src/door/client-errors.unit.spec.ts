import { clientProblem } from './client-errors.js';

describe('clientProblem', () => {
  it.each([
    ['ERR_HTTP_REQUEST_TIMEOUT', 408, 'request_malformed'],
    ['HPE_HEADER_OVERFLOW', 431, 'request_malformed'],
    ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413, 'body_too_large'],
    ['HPE_INVALID_METHOD', 400, 'request_malformed'],
    [undefined, 400, 'request_malformed'],
  ])('%s is %d', (code, status, expected) => {
    expect(clientProblem(code)).toMatchObject({ status, code: expected });
  });
});
