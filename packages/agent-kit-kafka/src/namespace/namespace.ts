import type { TopicPartition } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';

/**
 * Lets several installations share one cluster: topics and groups get a prefix on the wire, and nobody above this
 * package sees it. Without a namespace names are as they are.
 */
export interface Namespace {
  toWire(name: string): string;
  fromWire(name: string): string;
  partitionToWire<P extends TopicPartition>(place: P): P;
  partitionFromWire<P extends TopicPartition>(place: P): P;
  /** Whether a topic on the wire belongs to this installation. */
  owns(wireName: string): boolean;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;

/** Throws `config_invalid` for a name that is not 1 to 32 lower-case letters, digits and `-`. */
export function createNamespace(name: string | undefined): Namespace {
  if (name !== undefined && !NAME.test(name))
    throw new SignalboxError('config_invalid', `namespace '${name}' must match ${NAME.source}`);
  const prefix = name === undefined ? '' : `${name}.`;
  const toWire = (topic: string): string => prefix + topic;
  const fromWire = (topic: string): string => (topic.startsWith(prefix) ? topic.slice(prefix.length) : topic);
  return {
    toWire,
    fromWire,
    partitionToWire: (place) => (prefix ? { ...place, topic: toWire(place.topic) } : place),
    partitionFromWire: (place) => (prefix ? { ...place, topic: fromWire(place.topic) } : place),
    owns: (topic) => topic.startsWith(prefix),
  };
}
