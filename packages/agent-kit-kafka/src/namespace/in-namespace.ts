import type { ConsumerCallbacks, RecordConsumer, RecordProducer } from '@signalbox/agent-kit';
import type { KafkaInspector } from '../inspect/create-inspector.js';
import type { TopicRecord } from '../inspect/read-topic.js';
import type { Namespace } from './namespace.js';

/** A producer whose topics are those of the namespace. */
export function producerIn(space: Namespace, inner: RecordProducer): RecordProducer {
  return {
    send: (to, records, options) => inner.send(space.partitionToWire(to), records, options),
    partitionFor: (topic, key) => inner.partitionFor(space.toWire(topic), key),
    partitionCount: (topic) => inner.partitionCount(space.toWire(topic)),
    connect: () => inner.connect(),
    close: (drainMs) => inner.close(drainMs),
    get inFlight() {
      return inner.inFlight;
    },
  };
}

/** A consumer whose group and topics are those of the namespace. */
export function consumerIn(space: Namespace, inner: RecordConsumer): RecordConsumer {
  return {
    start: (groupId, topics, callbacks) =>
      inner.start(space.toWire(groupId), topics.map(space.toWire), callbacksIn(space, callbacks)),
    seek: (to, offset) => inner.seek(space.partitionToWire(to), offset),
    pause: (partitions) => inner.pause(partitions.map(space.partitionToWire)),
    resume: (partitions) => inner.resume(partitions.map(space.partitionToWire)),
    commitForTools: (offsets) => inner.commitForTools(offsets.map(space.partitionToWire)),
    stop: () => inner.stop(),
  };
}

function callbacksIn(space: Namespace, callbacks: ConsumerCallbacks): ConsumerCallbacks {
  const { onFetch } = callbacks;
  return {
    onAssigned: (partitions) => callbacks.onAssigned(partitions.map(space.partitionFromWire)),
    onRevoked: () => callbacks.onRevoked(),
    onBatch: (batch) => callbacks.onBatch(space.partitionFromWire(batch)),
    onPositionLost: (partition) => callbacks.onPositionLost(space.partitionFromWire(partition)),
    onCrash: (error) => callbacks.onCrash(error),
    ...(onFetch ? { onFetch: (partitions) => onFetch(partitions.map(space.partitionFromWire)) } : {}),
  };
}

/** An inspector whose topics are those of the namespace. */
export function inspectorIn(space: Namespace, inner: KafkaInspector): KafkaInspector {
  return {
    connect: (topics) => inner.connect(topics.map(space.toWire)),
    offsets: (topic) => inner.offsets(space.toWire(topic)),
    offsetAt: (to, timeMs) => inner.offsetAt(space.partitionToWire(to), timeMs),
    recordAt: (to, offset) => inner.recordAt(space.partitionToWire(to), offset),
    readTopic: (topic, options) => named(space, inner.readTopic(space.toWire(topic), options)),
    tailTopic: (topic, options) => named(space, inner.tailTopic(space.toWire(topic), options)),
    close: () => inner.close(),
  };
}

async function* named(space: Namespace, records: AsyncIterable<TopicRecord>): AsyncIterable<TopicRecord> {
  for await (const record of records) yield space.partitionFromWire(record);
}
