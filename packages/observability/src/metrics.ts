import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

/**
 * Counters, gauges and histograms of one process in Prometheus' form. Each name is made on first use, with the labels
 * and the kind of that use; another use of the name with other labels or kind throws, so that a test finds it.
 */
export interface Metrics {
  /** Adds `by` (default 1) to `signalbox_<name>`; names end in `_total`. */
  count(name: string, labels?: Labels, by?: number): void;
  gauge(name: string, value: number, labels?: Labels): void;
  /** Records a duration in seconds; names end in `_seconds`. */
  seconds(name: string, value: number, labels?: Labels): void;
  /** The text of `/metrics`. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** How often the event loop's lag is measured. Each time wakes the process, which should rest when it has nothing to do. */
const LAG_EVERY_MS = 50;

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(app: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_EVERY_MS });
  const made = new Map<string, Counter | Gauge | Histogram>();
  const get = <M extends Counter | Gauge | Histogram>(name: string, make: (full: string) => M): M => {
    const metric = (made.get(name) as M | undefined) ?? make(`signalbox_${name}`);
    made.set(name, metric);
    return metric;
  };
  const options = (name: string, labels: Labels) => ({
    name,
    help: name.replaceAll('_', ' '),
    labelNames: Object.keys(labels),
    registers: [registry],
  });
  return {
    count: (name, labels = {}, by = 1) => get(name, (n) => new Counter(options(n, labels))).inc(labels, by),
    gauge: (name, value, labels = {}) => get(name, (n) => new Gauge(options(n, labels))).set(labels, value),
    seconds: (name, value, labels = {}) =>
      get(name, (n) => new Histogram({ ...options(n, labels), buckets })).observe(labels, value),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** Counts nothing. */
export const noMetrics: Metrics = {
  count: () => undefined,
  gauge: () => undefined,
  seconds: () => undefined,
  text: () => Promise.resolve(''),
  contentType: 'text/plain',
};
