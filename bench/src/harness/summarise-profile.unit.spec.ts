import { summariseProfile } from './summarise-profile.js';

const frame = (id: number, functionName: string, url: string, children: readonly number[] = []) => ({
  id,
  children,
  callFrame: { functionName, url, lineNumber: 9 },
});

describe('summariseProfile', () => {
  const text = summariseProfile({
    nodes: [
      frame(1, '(idle)', ''),
      frame(2, 'decode', 'file:///home/me/repo/packages/contracts/dist/codec.js'),
      frame(3, 'encode', 'file:///home/me/repo/node_modules/kafkajs/src/encoder.js'),
      frame(4, '(garbage collector)', ''),
      frame(5, 'Module._load', 'node:internal/modules/cjs/loader', [6]),
      frame(6, '(anonymous)', 'file:///home/me/repo/node_modules/zod/index.js', [5]),
    ],
    samples: [1, 2, 2, 3, 4, 5, 6],
    timeDeltas: [1_000_000, 300_000, 300_000, 300_000, 100_000, 400_000, 400_000],
  });

  it('leaves idle time and the loading of code out of the whole', () => {
    expect(text).toContain('of 1.0 s at work');
    expect(text).not.toContain('zod');
  });

  it('adds up by package and by function, largest first', () => {
    expect(text.split('\n').slice(2, 5)).toEqual([
      ' 60.0 %  packages/contracts',
      ' 30.0 %  kafkajs',
      ' 10.0 %  garbage collector',
    ]);
    expect(text).toContain(' 60.0 %  decode packages/contracts/dist/codec.js:10');
  });

  it('shows no folder of the machine', () => {
    expect(text).not.toContain('/home/me');
  });
});
