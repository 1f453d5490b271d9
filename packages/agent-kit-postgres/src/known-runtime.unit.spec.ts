import { runInNewContext } from 'node:vm';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const load = createRequire(__filename);

describe('the runtime pg finds itself in', () => {
  it('is told without making a Response, and only where Node does not tell it itself', () => {
    const had = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    Reflect.deleteProperty(globalThis, 'navigator');
    try {
      jest.isolateModules(() => load('./known-runtime'));
      const { navigator } = globalThis as unknown as { navigator: { userAgent: string } };
      expect(navigator.userAgent).toBe(`Node.js/${process.versions.node.split('.')[0]}`);
      jest.isolateModules(() => load('./known-runtime'));
      expect((globalThis as { navigator?: unknown }).navigator).toBe(navigator);
    } finally {
      if (had) Object.defineProperty(globalThis, 'navigator', had);
    }
  });

  it('is all that pg asks: its own way to find out is not gone', () => {
    const source = readFileSync(load.resolve('pg/lib/stream'), 'utf8');
    const made: unknown[] = [];
    const context = {
      navigator: { userAgent: 'Node.js/20' },
      module: {},
      Response: class {
        constructor() {
          made.push(this);
        }
      },
    };
    runInNewContext(source, context);
    expect(made).toEqual([]);
    runInNewContext(source, { ...context, navigator: undefined });
    expect(made).toHaveLength(1);
  });
});
