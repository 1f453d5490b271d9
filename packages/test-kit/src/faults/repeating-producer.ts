import type { RecordProducer } from '@signalbox/agent-kit';

/** A producer whose every record arrives twice, as after an acknowledgement that was lost. */
export function repeatingProducer(producer: RecordProducer): RecordProducer {
  const send: RecordProducer['send'] = async (...request) => {
    await producer.send(...request);
    await producer.send(...request);
  };
  return new Proxy(producer, {
    get(target, name) {
      if (name === 'send') return send;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
