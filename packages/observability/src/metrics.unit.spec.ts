import { createMetrics, noMetrics } from './metrics.js';

const line = async (metrics: { text(): Promise<string> }, begin: string): Promise<string[]> =>
  (await metrics.text()).split('\n').filter((text) => text.startsWith(begin));

describe('createMetrics', () => {
  it('counts by label, by one unless told otherwise', async () => {
    const metrics = createMetrics('gateway');
    metrics.count('webhooks_total', { source: 'ops-alert', outcome: 'accepted' });
    metrics.count('webhooks_total', { source: 'ops-alert', outcome: 'accepted' }, 2);
    metrics.count('webhooks_total', { source: 'events', outcome: 'accepted' });
    expect(await line(metrics, 'signalbox_webhooks_total{')).toEqual([
      'signalbox_webhooks_total{source="ops-alert",outcome="accepted",app="gateway"} 3',
      'signalbox_webhooks_total{source="events",outcome="accepted",app="gateway"} 1',
    ]);
  });

  it('keeps the last value of a gauge', async () => {
    const metrics = createMetrics('gateway');
    metrics.gauge('in_flight', 7);
    metrics.gauge('in_flight', 3);
    expect(await line(metrics, 'signalbox_in_flight{')).toEqual(['signalbox_in_flight{app="gateway"} 3']);
  });

  it('sorts durations into buckets of seconds', async () => {
    const metrics = createMetrics('gateway');
    metrics.seconds('wait_seconds', 0.004, { source: 's' });
    metrics.seconds('wait_seconds', 60, { source: 's' });
    const lines = await line(metrics, 'signalbox_wait_seconds');
    expect(lines.find((text) => text.includes('le="0.0025"'))).toMatch(/ 0$/);
    expect(lines.find((text) => text.includes('le="0.005"'))).toMatch(/ 1$/);
    expect(lines.find((text) => text.includes('le="30"'))).toMatch(/ 1$/);
    expect(lines.find((text) => text.includes('le="+Inf"'))).toMatch(/ 2$/);
    expect(lines.find((text) => text.includes('_sum'))).toMatch(/ 60\.004$/);
  });

  it('has the process metrics and the content type of Prometheus', async () => {
    const metrics = createMetrics('gateway');
    expect(await metrics.text()).toContain('process_resident_memory_bytes{app="gateway"}');
    expect(metrics.contentType).toContain('text/plain');
  });

  it('keeps two sets in one process apart', async () => {
    const [first, second] = [createMetrics('a'), createMetrics('b')];
    first.count('x_total');
    expect(await line(second, 'signalbox_x_total')).toEqual([]);
  });

  it('throws when a name is used with other labels or as another kind', () => {
    const metrics = createMetrics('gateway');
    metrics.count('x_total', { a: '1' });
    expect(() => metrics.count('x_total', { b: '1' })).toThrow('b');
    expect(() => metrics.gauge('x_total', 1, { a: '1' })).toThrow();
  });

  it('escapes what a label value may hold', async () => {
    const metrics = createMetrics('gateway');
    metrics.count('x_total', { source: 'a"b\nc\\d' });
    expect(await line(metrics, 'signalbox_x_total{')).toEqual([
      String.raw`signalbox_x_total{source="a\"b\nc\\d",app="gateway"} 1`,
    ]);
  });
});

describe('noMetrics', () => {
  it('takes everything and shows nothing', async () => {
    noMetrics.count('x_total', { a: 'b' }, 3);
    noMetrics.gauge('y', 1);
    noMetrics.seconds('z_seconds', 1);
    expect(await noMetrics.text()).toBe('');
  });
});
