import RequestQueue from 'kafkajs/src/network/requestQueue';
import { restWhenIdle } from './rest-when-idle.js';

const noLog = { debug: () => undefined, warn: () => undefined };

describe('restWhenIdle', () => {
  let queue: RequestQueue;
  let sent: number[];
  let answered: number[];
  beforeAll(restWhenIdle);
  beforeEach(() => {
    jest.useFakeTimers();
    [sent, answered] = [[], []];
    queue = new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1_000, logger: noLog });
  });
  afterEach(() => {
    queue.destroy();
    jest.useRealTimers();
  });
  const ask = (correlationId: number) =>
    queue.push({
      entry: { correlationId, resolve: () => answered.push(correlationId) },
      expectResponse: true,
      sendRequest: () => sent.push(correlationId),
    });
  const answer = (correlationId: number) => queue.fulfillRequest({ correlationId, size: 0, payload: null });

  it('sets no timer once nothing waits', () => {
    ask(1);
    answer(1);
    expect([sent, answered]).toEqual([[1], [1]]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends a request that has taken too long, and looks no more once the connection is closed', () => {
    let isConnected = true;
    const refused: string[] = [];
    const limits = { requestTimeout: 1_000, enforceRequestTimeout: true, isConnected: () => isConnected };
    const strict = new RequestQueue({ maxInFlightRequests: 1, logger: noLog, ...limits });
    strict.scheduleRequestTimeoutCheck();
    const entry = { correlationId: 1, apiName: 'Fetch', reject: (error: Error) => refused.push(error.name) };
    strict.push({ entry, expectResponse: true, sendRequest: () => undefined });
    jest.advanceTimersByTime(1_000);
    expect(refused).toEqual([]);
    jest.advanceTimersByTime(100);
    expect([refused, strict.inflight.size, jest.getTimerCount()]).toEqual([
      ['KafkaJSRequestTimeoutError'],
      0,
      1,
    ]);
    isConnected = false;
    jest.advanceTimersByTime(100);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sends what a full connection let wait', () => {
    ask(1);
    ask(2);
    expect([sent, jest.getTimerCount()]).toEqual([[1], 1]);
    answer(1);
    expect(sent).toEqual([1, 2]);
    answer(2);
    jest.advanceTimersByTime(10);
    expect([answered, jest.getTimerCount()]).toEqual([[1, 2], 0]);
  });

  it('sends what a broker throttled when the time is over, also when the connection was idle before', () => {
    ask(1);
    queue.maybeThrottle(500);
    answer(1);
    expect(jest.getTimerCount()).toBe(0);
    ask(2);
    jest.advanceTimersByTime(499);
    expect(sent).toEqual([1]);
    jest.advanceTimersByTime(20);
    expect(sent).toEqual([1, 2]);
    answer(2);
    jest.advanceTimersByTime(20);
    expect([answered, jest.getTimerCount()]).toEqual([[1, 2], 0]);
  });
});
