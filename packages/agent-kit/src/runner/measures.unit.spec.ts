import type { ActivityEntry } from '@signalbox/contracts';
import { Measures, type RuntimeMetrics } from './measures.js';

const entry = (handler: string | undefined, outcome: ActivityEntry['outcome']): ActivityEntry => ({
  event_id: 'e',
  source: 's',
  event_type: 't',
  outcome,
  ...(handler ? { handler } : {}),
});

class Recorder implements RuntimeMetrics {
  readonly seen: unknown[][] = [];
  count(...call: unknown[]): void {
    this.seen.push(['count', ...call]);
  }
  gauge(...call: unknown[]): void {
    this.seen.push(['gauge', ...call]);
  }
  seconds(...call: unknown[]): void {
    this.seen.push(['seconds', ...call]);
  }
}

describe('Measures', () => {
  it('adds up the outcomes of a chunk before it counts them', () => {
    const metrics = new Recorder();
    new Measures(metrics).outcomes([
      entry('greet', 'handled'),
      entry('greet', 'handled'),
      entry('greet', 'failed'),
      entry(undefined, 'duplicate'),
    ]);
    expect(metrics.seen).toEqual([
      ['count', 'events_total', { handler: 'greet', outcome: 'handled' }, 2],
      ['count', 'events_total', { handler: 'greet', outcome: 'failed' }, 1],
      ['count', 'events_total', { handler: '', outcome: 'duplicate' }, 1],
    ]);
  });

  it('counts chunks with their size and duration', () => {
    const metrics = new Recorder();
    new Measures(metrics).chunk({ topic: 'orders', partition: 3 }, 500, 25);
    expect(metrics.seen).toEqual([
      ['count', 'chunks_total', { topic: 'orders' }],
      ['count', 'records_total', { topic: 'orders' }, 500],
      ['seconds', 'chunk_seconds', 0.025, { topic: 'orders' }],
    ]);
  });

  it('measures nothing when nobody asks', () => {
    const measures = new Measures(undefined);
    expect(() => {
      measures.outcomes([entry('greet', 'handled')]);
      measures.trouble('chunk');
      measures.gauge('x', 1);
    }).not.toThrow();
  });
});
