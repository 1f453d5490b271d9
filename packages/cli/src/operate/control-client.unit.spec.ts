import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignalboxError } from '@signalbox/errors';
import { HttpReceiver, type HttpAnswer } from '@signalbox/test-kit';
import { ask, controlClient } from './control-client.js';
import { editOf, type EditOptions } from './edited-data.js';
import type { WholeLetter } from './model.js';
import { filterOf } from './options.js';

const failure = async (asked: Promise<unknown>): Promise<SignalboxError> => {
  try {
    await asked;
  } catch (error) {
    return error as SignalboxError;
  }
  throw new Error('it was answered');
};

describe('a question to an agent', () => {
  let agent: HttpReceiver;
  let answer: HttpAnswer;
  beforeAll(async () => {
    agent = await HttpReceiver.start(() => answer);
  });
  afterAll(() => agent.close());
  const get = (withinMs?: number) =>
    ask(new URL('/control/keys', agent.origin), {}, 'a-token', 'agent ops', withinMs);
  const json = (status: number, body: object): HttpAnswer => ({ status, body: JSON.stringify(body) });

  it('carries the token, and gives what is answered', async () => {
    answer = json(200, { keys: [1] });
    expect(await get()).toEqual({ keys: [1] });
    expect(agent.requests.all.at(-1)?.headers['authorization']).toBe('Bearer a-token');
  });

  it('posts JSON to the agent at a given address', async () => {
    answer = json(200, { ok: true });
    const client = controlClient({ agent: 'elsewhere', url: agent.origin });
    expect(await client.post('/pause', { by: 'ann' })).toEqual({ ok: true });
    const request = agent.requests.all.at(-1);
    expect(request).toMatchObject({ method: 'POST', path: '/control/pause' });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(String(request?.body))).toEqual({ by: 'ann' });
    expect(client.agent).toBe('elsewhere');
  });

  it('fails with the agent’s own error: code, words, fields and what to do', async () => {
    const pointers = [{ pointer: '/rate', message: 'is too high' }];
    answer = json(409, {
      code: 'letter_not_open',
      detail: 'It was redriven.',
      action: 'Leave it.',
      pointers,
    });
    expect(await failure(get())).toMatchObject({
      code: 'letter_not_open',
      message: 'It was redriven.',
      action: 'Leave it.',
      pointers,
    });
  });

  it.each<[string, HttpAnswer]>([
    ['a code nobody knows', { status: 500, body: '{"code":"made_up","detail":"x"}' }],
    ['a name every object has', { status: 500, body: '{"code":"constructor","detail":"x"}' }],
    ['no JSON', { status: 404, body: '<html>' }],
    ['nothing', { status: 502, body: '' }],
  ])('fails with the status when the answer holds %s', async (_what, given) => {
    answer = given;
    const error = await failure(get());
    expect(error).toMatchObject({
      code: 'outbound_failed',
      message: `Agent ops answered with status ${given.status}.`,
    });
  });

  it('fails with the address when nobody answers there', async () => {
    const gone = await HttpReceiver.start(() => ({ status: 200 }));
    const { origin } = gone;
    await gone.close();
    const error = await failure(ask(new URL('/control', origin), {}, 't', 'the gateway'));
    expect(error).toMatchObject({
      code: 'outbound_failed',
      message: `The gateway does not answer at ${origin}.`,
      action: expect.stringContaining('npm start') as string,
    });
  });

  it('names the agents there are when it knows none of that name', () => {
    expect(() => controlClient({ agent: 'opps' })).toThrow(
      expect.objectContaining({
        code: 'not_found',
        action: expect.stringMatching(/Known are: .*ops/) as string,
      }) as Error,
    );
  });
});

describe('what an edit asks for', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'edit-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const file = (text: string): string => {
    const path = join(dir, 'edit.json');
    writeFileSync(path, text);
    return path;
  };
  const letter = (text: string | null, edited: string | null = null): WholeLetter =>
    ({
      record: { value: text === null ? null : { text } },
      edited_value: edited === null ? null : { text: edited },
    }) as WholeLetter;
  const event = JSON.stringify({ event_id: 'evt-1', data: { plan: 'x', deep: { n: 1 } } });
  const refusal = (options: EditOptions, one = letter(event)): string => {
    try {
      editOf(one, options);
    } catch (error) {
      expect((error as SignalboxError).code).toBe('request_malformed');
      return (error as Error).message;
    }
    throw new Error('it was taken');
  };

  it('are fields of the data as it is now: of the edit before, if there is one', () => {
    expect(editOf(letter(event), { set: ['plan=pro', 'deep.n=2'] })).toEqual({
      data: { plan: 'pro', deep: { n: 2 } },
    });
    const edited = JSON.stringify({ data: { plan: 'y' } });
    expect(editOf(letter(event, edited), { set: ['more=1'] })).toEqual({ data: { plan: 'y', more: 1 } });
  });

  it('are the data, or the whole event, of a file', () => {
    expect(editOf(letter(null), { data: file('{"a":1}') })).toEqual({ data: { a: 1 } });
    expect(editOf(letter(null), { event: file('{"event_id":"e"}') })).toEqual({
      envelope: { event_id: 'e' },
    });
  });

  it.each<[string, EditOptions]>([
    ['nothing', {}],
    ['two at once', { set: ['a=1'], data: 'x.json' }],
    ['all of them', { set: ['a=1'], data: 'x.json', event: 'y.json' }],
  ])('is one of the three, not %s', (_what, options) => {
    expect(refusal(options)).toBe('Give one of --set, --data and --event.');
  });

  it.each<[string, WholeLetter]>([
    ['no JSON', letter('{')],
    ['no event', letter('{"a":1}')],
    ['an event without an object as data', letter('{"data":"text"}')],
    ['an event whose data is null', letter('{"data":null}')],
    ['no value', letter(null)],
    ['bytes', { record: { value: { base64: '/w==' } }, edited_value: null } as WholeLetter],
  ])('sets no fields of %s', (_what, one) => {
    expect(refusal({ set: ['a=1'] }, one)).toContain('give the whole event with --event');
  });

  it('names a file that cannot be read, or is no JSON', () => {
    const missing = join(dir, 'missing.json');
    expect(refusal({ data: missing })).toBe(`${missing} is no readable JSON file.`);
    const bad = file('{');
    expect(refusal({ event: bad })).toBe(`${bad} is no readable JSON file.`);
  });
});

describe('a filter', () => {
  const nowMs = Date.parse('2026-04-05T12:00:00Z');
  it('names what was chosen as the agent does, spans as times', () => {
    const all = {
      status: 'open',
      fingerprint: 'f',
      handler: 'h',
      type: 't',
      since: 3_600_000,
      until: 60_000,
    };
    expect(filterOf(all, nowMs)).toEqual({
      status: 'open',
      fingerprint: 'f',
      handler: 'h',
      event_type: 't',
      from: '2026-04-05T11:00:00.000Z',
      to: '2026-04-05T11:59:00.000Z',
    });
    expect(filterOf({}, nowMs)).toEqual({});
  });
});
