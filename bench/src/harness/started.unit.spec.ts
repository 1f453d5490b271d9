import { Started } from './started.js';

describe('what a bench has started', () => {
  it('ends all processes at once, and only then the worlds they work in', async () => {
    const events: string[] = [];
    const started = new Started();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const process = (name: string) => ({
      async stop() {
        events.push(`${name} told`);
        await held;
        events.push(`${name} gone`);
      },
    });
    started.world({ close: () => Promise.resolve(void events.push('world closed')) });
    started.process(process('load'));
    started.process(process('agent'));
    const ended = started.end();
    expect(events).toEqual(['load told', 'agent told']);
    release();
    await ended;
    expect(events.slice(2)).toEqual(['load gone', 'agent gone', 'world closed']);
  });
});
