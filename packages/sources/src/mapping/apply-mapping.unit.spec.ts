import type { SignalboxError } from '@signalbox/errors';
import { applyMapping } from './apply-mapping.js';
import { compileMapping } from './compile-mapping.js';
import type { MappingRule } from './rules.js';

const input = (payload: unknown) => ({ payload, headers: { 'x-kind': 'k' }, event: 'made', source: 'shop' });
const apply = (rules: readonly MappingRule[], payload: unknown) =>
  applyMapping(compileMapping(rules, 'mapping'), input(payload));
const failure = (rules: readonly MappingRule[], payload: unknown): Promise<SignalboxError> =>
  apply(rules, payload).then(
    () => Promise.reject(new Error('no error')),
    (error: SignalboxError) => error,
  );
const rule = (changes: Partial<MappingRule> = {}): MappingRule => ({
  event_type: 'user.signed_up',
  data: '{"id": id}',
  ...changes,
});

describe('rules', () => {
  it('make their events in order; those that do not fit make none', async () => {
    const made = await apply(
      [
        rule({ when: 'id > 5' }),
        rule({ when: 'missing' }),
        rule({ event_type: 'service_down', data: '{"n": id + 1}' }),
      ],
      { id: 7 },
    );
    expect(made.map(({ contract, data, label }) => [contract.type, data, label])).toEqual([
      ['user.signed_up', { id: 7 }, ''],
      ['service_down', { n: 8 }, '2'],
    ]);
    expect(await apply([rule({ when: '"yes"' })], {})).toEqual([]);
  });

  it('see payload, headers, the provider’s name of the event, and the entry’s number', async () => {
    const each = rule({
      each: 'list',
      id: 'n',
      data: '{"n": n, "of": $payload.name, "kind": $headers."x-kind", "event": $event, "source": $source, "at": $index}',
      timestamp: '$payload.time',
      correlation_id: '$payload.story',
    });
    const made = await apply([each], { name: 'a', time: 't', story: 's', list: [{ n: 1 }, { n: 2 }] });
    expect(made.map(({ label }) => label)).toEqual(['1', '2']);
    expect(made[1]).toMatchObject({
      data: { n: 2, of: 'a', kind: 'k', event: 'made', source: 'shop', at: 1 },
      timestamp: 't',
      correlationId: 's',
    });
    expect(await apply([rule({ each: 'list' })], { list: { id: 1 } })).toHaveLength(1);
    expect(await apply([rule({ each: 'list' })], {})).toEqual([]);
  });

  it.each([
    ['data that is no object', [rule({ data: '[1]' })], 'mapping.0.data: gives no object'],
    ['data that is nothing', [rule({ data: 'nothing' })], 'mapping.0.data: gives no object'],
    ['an id that is no text', [rule({ id: '{}' })], 'mapping.0.id: gives no text'],
    ['too many events', [rule({ each: '[1..201]', data: '{"n": $}' })], 'makes more than 200 events'],
    ['too much', [rule({ data: '{"a": long}' })], 'mapping.0.data: gives too much'],
    ['too much in bytes', [rule({ data: '{"a": wide}' })], 'mapping.0.data: gives too much'],
    [
      'a story that is no text',
      [rule({ correlation_id: 'true' })],
      'mapping.0.correlation_id: gives no text',
    ],
    ['a time that is a list', [rule({ timestamp: '[1,2]' })], 'mapping.0.timestamp: gives no text'],
  ])('fail for %s', async (_, rules, why) => {
    const error = await failure(rules, { long: 'x'.repeat(1_000_001), wide: 'é'.repeat(500_001) });
    expect(error.code).toBe('mapping_failed');
    expect(error.message).toContain(why);
  });

  it('name every field that is wrong when they are compiled', () => {
    const compile = (): unknown =>
      compileMapping(
        [rule({ event_type: 'webhook.received', when: '1 +' }), rule({ each: '$now()' })],
        'mapping',
      );
    expect(compile).toThrow(/mapping\.0\.event_type: webhook\.received is about Signalbox itself/);
    expect(compile).toThrow(/mapping\.0\.when: is not JSONata/);
    expect(compile).toThrow(/mapping\.1\.each: uses \$now/);
  });

  it('take what is as large as may be, and leave out what gives nothing', async () => {
    const frame = '{"a":""}'.length;
    expect(await apply([rule({ data: '{"a": a}' })], { a: 'x'.repeat(1_000_000 - frame) })).toHaveLength(1);
    const [made] = await apply([rule({ id: 'none', timestamp: 'none', correlation_id: 'null' })], { id: 1 });
    expect(made).toEqual({ contract: made?.contract, data: { id: 1 }, label: '' });
  });

  it('write numbers as text where a text is wanted', async () => {
    const [made] = await apply([rule({ id: 'id', timestamp: 'at', correlation_id: 'id + 1' })], {
      id: 7,
      at: 12,
    });
    expect(made).toMatchObject({ label: '7', timestamp: '12', correlationId: '8' });
  });

  it('number the events of a webhook over all its rules', async () => {
    const list = rule({ each: 'list', data: '{"n": $}' });
    const made = await apply([rule(), list, rule()], { id: 1, list: [5, 6] });
    expect(made.map(({ label }) => label)).toEqual(['', '2', '3', '4']);
  });

  it.each(['1', '"true"', '[true]', '{}', 'true and 0', 'missing'])(
    'do not fit when their condition is not plainly true: %s',
    async (when) => expect(await apply([rule({ when })], { id: 1 })).toEqual([]),
  );

  it('have one problem for each field that is wrong, by its pointer', () => {
    const pointers = (() => {
      try {
        compileMapping([rule({ event_type: 'nobody.knows', data: '(' }), rule({ id: '$random()' })], 'rules');
        return [];
      } catch (error) {
        return (error as SignalboxError).pointers.map(({ pointer }) => pointer);
      }
    })();
    expect(pointers).toEqual(['rules.0.event_type', 'rules.0.data', 'rules.1.id']);
  });
});
