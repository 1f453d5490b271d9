import type { ServiceStatus } from '@signalbox/local-stack';
import { serviceTable, startScreen } from './screen.js';

const service = (over: Partial<ServiceStatus>): ServiceStatus => ({
  name: 'gateway',
  kind: 'app',
  summary: 'webhooks in',
  phase: 'running',
  ready: true,
  address: 'http://127.0.0.1:3000',
  restarts: 0,
  ...over,
});

describe('the table of services', () => {
  it.each([
    [{}, 'ready'],
    [{ ready: false }, 'not ready'],
    [{ restarts: 1 }, 'ready, 1 restart'],
    [{ phase: 'restarting', ready: false, restarts: 2 }, 'restarting, 2 restarts'],
    [{ phase: 'external' }, 'external'],
    [{ phase: 'held' }, 'ready (from source)'],
    [{ phase: 'held', ready: false }, 'from source'],
  ] as [Partial<ServiceStatus>, string][])('shows %j as %s', (over, text) => {
    expect(serviceTable([service(over)])).toBe(`  gateway  ${text}  http://127.0.0.1:3000  webhooks in`);
  });

  it('aligns its columns', () => {
    const table = serviceTable([service({}), service({ name: 'agent-trial-monitor', ready: false })]);
    expect(new Set(table.split('\n').map((line) => line.indexOf('http'))).size).toBe(1);
  });
});

describe('the screen after the start', () => {
  it('says what runs, what to try and how to end it', () => {
    const text = startScreen({ phase: 'ready', services: [service({})], events: [] }, true);
    expect(text).toContain('Signalbox is running.');
    for (const part of [
      'send service_down',
      'story <id>',
      'signalbox mail',
      '127.0.0.1:3000',
      'signalbox down',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('Ctrl-C');
  });

  it('does not claim more than is true', () => {
    const text = startScreen({ phase: 'degraded', services: [service({ ready: false })], events: [] }, false);
    expect(text).toContain('not all of it is ready');
    expect(text).toContain('Ctrl-C');
  });
});
