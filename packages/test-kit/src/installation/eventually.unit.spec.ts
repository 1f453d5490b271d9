import { eventually } from './eventually.js';

describe('waiting for what must come', () => {
  /** Answers one after another, the last one for ever. */
  const answers = <T>(...all: readonly T[]) => {
    let asked = 0;
    return () => Promise.resolve(all[Math.min(asked++, all.length - 1)] as T);
  };
  const messageOf = (answer: unknown): Promise<string> =>
    eventually(answers(answer), () => false, 'the mail', 0).then(
      () => 'it came true',
      (error: unknown) => (error as Error).message,
    );

  it('asks until the answer is as wanted, and gives that', async () => {
    expect(await eventually(answers(1, 2, 3), (n) => n === 3, 'three')).toBe(3);
  });

  it('asks once more when the time is over: what has come true meanwhile counts', async () => {
    expect(await eventually(answers('soon', 'here'), (what) => what === 'here', 'it', 1)).toBe('here');
  });

  it('says what was waited for, how long, and what was seen last', async () => {
    expect(await messageOf([{ id: 'evt-1' }])).toBe(
      "the mail did not come true within 0 ms; last seen: [ { id: 'evt-1' } ]",
    );
  });

  const circle: { self?: unknown } = {};
  circle.self = circle;
  it.each<[string, unknown, string]>([
    ['big numbers', { offset: 12n }, '{ offset: 12n }'],
    ['maps', new Map([['orders/0', 7n]]), "Map(1) { 'orders/0' => 7n }"],
    ['sets', new Set(['a']), "Set(1) { 'a' }"],
    ['errors', new RangeError('too deep'), 'RangeError: too deep'],
    ['circles', circle, '[Circular *1]'],
    ['nothing', undefined, 'undefined'],
    ['what lies deep', { a: { b: { c: { d: 1 } } } }, '{ a: { b: { c: { d: 1 } } } }'],
  ])('shows %s', async (_what, answer, text) => expect(await messageOf(answer)).toContain(text));

  it('cuts an answer short, and says so', async () => {
    const message = await messageOf('x'.repeat(10_000));
    expect(message.length).toBeLessThan(2_100);
    expect(message.endsWith('…')).toBe(true);
  });

  it('passes on at once what goes wrong with the question', async () => {
    const broken = () => Promise.reject(new Error('no such topic'));
    await expect(eventually(broken, () => true, 'it')).rejects.toThrow('no such topic');
    const confused = (): boolean => {
      throw new Error('of undefined');
    };
    await expect(eventually(answers(1), confused, 'it')).rejects.toThrow('of undefined');
  });
});
