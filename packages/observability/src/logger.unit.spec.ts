import { createLogger, silentLogger, type Logger } from './logger.js';

type Line = Record<string, unknown>;

function recorded(level?: string): { logger: Logger; lines: Line[] } {
  const lines: Line[] = [];
  const logger = createLogger('gateway', level, {
    write: (text) => void lines.push(JSON.parse(text) as Line),
  });
  return { logger, lines };
}

describe('createLogger', () => {
  it('writes one JSON object a line with app, level, time and message', () => {
    const { logger, lines } = recorded();
    logger.info({ url: 'http://x' }, 'listens');
    expect(lines).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        app: 'gateway',
        url: 'http://x',
        msg: 'listens',
      },
    ]);
  });

  it('writes its level and those above', () => {
    const { logger, lines } = recorded('warn');
    logger.debug({}, 'a');
    logger.info({}, 'b');
    logger.warn({}, 'c');
    logger.error({}, 'd');
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      ['warn', 'c'],
      ['error', 'd'],
    ]);
  });

  it('says nothing when silent', () => {
    const { logger, lines } = recorded('silent');
    logger.error({}, 'a');
    expect(lines).toEqual([]);
  });

  it.each(['password', 'secret', 'token', 'authorization', 'cookie', 'x-webhook-signature'])(
    'replaces the value of %s at the top and one level below',
    (name) => {
      const { logger, lines } = recorded();
      logger.info({ [name]: 'hunter2', headers: { [name]: 'hunter2', kept: 1 } }, 'a');
      expect(lines[0]).toMatchObject({ [name]: '[redacted]', headers: { [name]: '[redacted]', kept: 1 } });
      expect(JSON.stringify(lines)).not.toContain('hunter2');
    },
  );

  it('writes an error with its type, message, code and stack', () => {
    const { logger, lines } = recorded();
    logger.error({ err: Object.assign(new TypeError('broken'), { code: 'E_X' }) }, 'failed');
    expect(lines[0]?.['err']).toMatchObject({ type: 'TypeError', message: 'broken', code: 'E_X' });
    expect((lines[0]?.['err'] as { stack: string }).stack).toContain('logger.unit.spec');
  });

  it('gives children its fields and its rules', () => {
    const { logger, lines } = recorded();
    logger.child({ source: 'ops-alert' }).warn({ token: 'hunter2' }, 'a');
    expect(lines[0]).toMatchObject({ app: 'gateway', source: 'ops-alert', token: '[redacted]' });
  });

  it('keeps line breaks in values from making a second line', () => {
    const texts: string[] = [];
    createLogger('x', 'info', { write: (text) => void texts.push(text) }).info(
      { a: 'x\n{"level":"fatal"}' },
      'y\nz',
    );
    expect(texts.join('').match(/\n/g)).toHaveLength(1);
  });
});

describe('silentLogger', () => {
  it('has every method and no output', () => {
    const child = silentLogger.child({ a: 1 });
    for (const level of ['debug', 'info', 'warn', 'error'] as const)
      expect(child[level]({}, 'x')).toBeUndefined();
  });
});
