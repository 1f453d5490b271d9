import { logLevel, type LogEntry } from 'kafkajs';
import { createLogBridge, RateLimit, type KafkaLogger } from './log-bridge.js';

type Line = [level: string, fields: Readonly<Record<string, unknown>>, message: string];

function collecting(): { lines: Line[]; logger: KafkaLogger } {
  const lines: Line[] = [];
  const at = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push([level, fields, message]);
  return { lines, logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } };
}

const entry = (level: logLevel, message: string, extra: Record<string, unknown> = {}): LogEntry => ({
  namespace: 'Connection',
  level,
  label: 'x',
  log: { timestamp: '2026-01-01T00:00:00Z', message, ...extra },
});

describe('createLogBridge', () => {
  it('turns kafkajs errors into warnings with the fields that help', () => {
    const { lines, logger } = collecting();
    const log = createLogBridge(logger)(logLevel.WARN);
    log(entry(logLevel.ERROR, 'Connection error', { broker: 'b:1', stack: 'long', clientId: 'c' }));
    log(entry(logLevel.INFO, 'joined', { groupId: 'g' }));
    expect(lines).toEqual([
      ['warn', { kafkajs: 'Connection', broker: 'b:1' }, 'Connection error'],
      ['debug', { kafkajs: 'Connection', groupId: 'g' }, 'joined'],
    ]);
  });

  it('holds back repeats that differ only in numbers', () => {
    const { lines, logger } = collecting();
    const log = createLogBridge(logger)(logLevel.WARN);
    for (let n = 0; n < 50; n += 1) log(entry(logLevel.ERROR, `try ${n} failed`));
    expect(lines).toHaveLength(1);
  });

  it('shows every entry to an observer, also without a logger', () => {
    const seen: string[] = [];
    const log = createLogBridge(undefined, ({ log: { message } }) => void seen.push(message))(logLevel.WARN);
    log(entry(logLevel.ERROR, 'same'));
    log(entry(logLevel.ERROR, 'same'));
    expect(seen).toEqual(['same', 'same']);
  });
});

describe('RateLimit', () => {
  it('lets one through in 10 s and tells how many it held back', () => {
    let nowMs = 0;
    const limit = new RateLimit(() => nowMs);
    expect([limit.admit('a'), limit.admit('a'), limit.admit('a'), limit.admit('b')]).toEqual([
      0,
      undefined,
      undefined,
      0,
    ]);
    nowMs = 10_000;
    expect(limit.admit('a')).toBe(2);
    expect(limit.admit('a')).toBeUndefined();
  });

  it('forgets when too many kinds come by', () => {
    const limit = new RateLimit(() => 0);
    for (let n = 0; n < 500; n += 1) limit.admit(`kind ${n}`);
    expect(limit.admit('kind 0')).toBe(0);
  });
});
