import { at, makeTopic, testConnection, uniqueName, until } from '../../test/kafka.js';
import { produceWithJava } from '../../test/java-producer.js';
import { RecordingMember } from '../../test/recording-member.js';
import { createInspector } from '../inspect/create-inspector.js';
import type { KafkaConnectionOptions } from '../connection.js';

/** Long lines with some repetition, and enough of them to fill several blocks of a compressed batch. */
const lines = Array.from(
  { length: 3_000 },
  (_, n) => `${n} ${'signalbox '.repeat(n % 40)}${(n * 2654435761) >>> 0}`,
);

describe('batches of the Java producer', () => {
  let connection: KafkaConnectionOptions;

  beforeAll(async () => {
    connection = await testConnection();
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('are read when compressed with %s', async (codec) => {
    const topic = await makeTopic(connection, uniqueName(codec));
    await produceWithJava(connection, topic, lines, [
      ...['--compression-codec', codec],
      ...['--batch-size', '400000', '--timeout', '200'],
    ]);
    const reader = new RecordingMember(connection);
    await reader.start(uniqueName('group'), [topic]);
    await until(() => reader.values().length >= lines.length || reader.crashes.length > 0, 'all lines');
    await reader.consumer.stop();
    expect(reader.crashes).toEqual([]);
    expect(reader.values()).toEqual(lines);

    const inspector = createInspector(connection);
    expect((await inspector.recordAt(at(topic), 1_234n))?.value?.toString()).toBe(lines[1_234]);
    await inspector.close();
  });
});
