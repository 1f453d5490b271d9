export interface KafkaPorts {
  readonly port: number;
  readonly controllerPort: number;
}

/** Settings of the broker, by Kafka's own names. */
export type KafkaProperties = Readonly<Record<string, string | number | boolean>>;

/**
 * One node that is broker and controller. Topics come from the catalogue only; the internal topics have few
 * partitions and a new group starts at once, because that is what makes a local start and a test quick. `more` adds
 * settings or takes the place of these.
 */
export function kafkaProperties(
  logDir: string,
  { port, controllerPort }: KafkaPorts,
  more: KafkaProperties = {},
): string {
  const properties: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': logDir,
    'auto.create.topics.enable': false,
    'num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 2,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 2,
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    'log.segment.bytes': 134_217_728,
    // A killed broker is let in again when its old session has run out: by default after 9 s.
    'broker.session.timeout.ms': 5_000,
    'broker.heartbeat.interval.ms': 1_000,
    ...more,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}
