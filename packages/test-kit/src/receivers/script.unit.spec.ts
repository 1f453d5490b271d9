import { Script } from './script.js';

it('takes steps in order, each as often as planned, then nothing', () => {
  const script = new Script<string>();
  script.plan('a', 2);
  script.plan('b');
  expect([script.take(), script.take(), script.take(), script.take()]).toEqual(['a', 'a', 'b', undefined]);
});

it('keeps an endless step until it is cleared', () => {
  const script = new Script<string>();
  script.plan('a', Infinity);
  expect([script.take(), script.take(), script.take()]).toEqual(['a', 'a', 'a']);
  script.clear();
  expect(script.take()).toBeUndefined();
});
