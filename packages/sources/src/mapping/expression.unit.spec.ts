import { SignalboxError } from '@signalbox/errors';
import * as fc from 'fast-check';
import { compileExpression } from './expression.js';

const evaluate = (text: string, input: unknown, bindings = {}): Promise<unknown> =>
  compileExpression(text, 'mapping.0.data').evaluate(input, bindings);
const failure = (text: string, input: unknown): Promise<unknown> =>
  evaluate(text, input).then(
    (value) => value,
    (error: unknown) => error,
  );
const refusal = (text: string): SignalboxError => {
  try {
    compileExpression(text, 'mapping.0.data');
  } catch (error) {
    if (error instanceof SignalboxError) return error;
    throw error;
  }
  throw new Error(`taken: ${text}`);
};

describe('an expression', () => {
  it('gives plain JSON', async () => {
    const value = await evaluate('{"ids": items.id, "none": nothing, "first": items[0]}', {
      items: [{ id: 1 }, { id: 2 }],
    });
    expect(value).toEqual({ ids: [1, 2], first: { id: 1 } });
    expect(Object.getOwnPropertyNames((value as { ids: object }).ids)).toEqual(['0', '1', 'length']);
    expect(await evaluate('nothing', {})).toBeUndefined();
    expect(await evaluate('function($x) { $x }', {})).toBeUndefined();
  });

  it('knows regular expressions, whose time grows with the text only', async () => {
    expect(await evaluate('$replace(name, /a(b+)/i, "[$1]")', { name: 'xABBa' })).toBe('x[BB]a');
    expect(await evaluate('$match(text, /([0-9]+)-/m).groups', { text: '12-ab 7-' })).toEqual(['12', '7']);
    expect(await evaluate('$split(text, /, */)', { text: 'a,  b,c' })).toEqual(['a', 'b', 'c']);
    expect(await evaluate('$contains(text, /^(a+)+$/)', { text: `${'a'.repeat(50_000)}!` })).toBe(false);
  });

  it.each([
    '$now()',
    '$millis()',
    '$random()',
    '$shuffle([1,2])',
    '$eval("1")',
    '$pad("a", 9)',
    '$map(a, $eval)',
    '($e := $eval; $e("1"))',
  ])('may not use %s', (text) =>
    expect(refusal(text).message).toMatch(/^mapping\.0\.data: uses \$\w+, which a mapping may not/),
  );

  it.each([
    ['1 +', 'is not JSONata at character'],
    ['$contains(a, /(?=b)/)', 'uses looking around'],
    ['$contains(a, /(b)\\1/)', 'back reference'],
    ['"'.padEnd(10_002, 'x'), 'has more than 10000 characters'],
  ])('%s is refused when it is read', (text, why) => {
    expect(refusal(text)).toMatchObject({ code: 'config_invalid' });
    expect(refusal(text).message).toContain(why);
  });

  it.each([
    ['a loop without end', '($f := function($x) { $f($x + 1) }; $f(0))', 'fails for this payload'],
    ['calls within calls', '($f := function($x) { 1 + $f($x) }; $f(0))', 'fails for this payload'],
    [
      'too many steps',
      '$sum($map([1..300], function($i) { $sum($map([1..300], function($j) { $i * $j })) }))',
      'more than 10000 steps',
    ],
    ['a list that is too long', '[1..1000000]', 'fails for this payload'],
    ['a type that does not fit', '$uppercase(a)', 'fails for this payload'],
    ['an error of its own', '$error(a)', 'fails for this payload'],
  ])('%s ends as mapping_failed and tells nothing of the payload', async (_, text, why) => {
    const error = (await failure(text, { a: 7, secret: 'hunter2' })) as SignalboxError;
    expect(error).toBeInstanceOf(SignalboxError);
    expect(error.code).toBe('mapping_failed');
    expect(error.message).toContain(why);
    expect(error.message).not.toContain('hunter2');
  });

  it('changes neither its input nor the prototype of all objects', async () => {
    const input = JSON.parse('{"__proto__": {"polluted": true}, "a": {"b": 1}}') as object;
    const before = JSON.stringify(input);
    await failure('$ ~> |a|{"b": 2, "__proto__": {"polluted": true}}|', input);
    await failure('{"__proto__": {"polluted": true}, "constructor": 1}', input);
    expect(JSON.stringify(input)).toBe(before);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('gives the same for any payload twice, and fails with a code of ours only', async () => {
    const text = '{"a": alerts.(labels.name & $string(value)), "b": $count(alerts), "c": $keys($)}';
    const expression = compileExpression(text, 'x');
    const run = (input: unknown): Promise<unknown> =>
      expression.evaluate(input, {}).catch((error: unknown) => (error as SignalboxError).code);
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (alerts, other) => {
        const input = typeof other === 'object' && !Array.isArray(other) ? { ...other, alerts } : { alerts };
        const first = await run(input);
        expect(await run(input)).toEqual(first);
        if (typeof first === 'string') expect(first).toBe('mapping_failed');
      }),
      { numRuns: 200 },
    );
  });
});
