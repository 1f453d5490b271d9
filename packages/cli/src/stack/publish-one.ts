import { createProducer } from '@signalbox/agent-kit-kafka';
import type { AnyContract, DataOf } from '@signalbox/contracts';
import { requireLocalState } from '@signalbox/local-stack';
import { createPublisher, type Published, type PublishOptions } from '@signalbox/publisher';

/** Who publishes what a person decided at the command line. */
export const cliSource = 'signalbox-cli';

/** Publishes one event to the stack's Kafka and resolves when Kafka has it. */
export async function publishOne<C extends AnyContract>(
  contract: C,
  data: DataOf<C>,
  options: PublishOptions,
): Promise<Published> {
  const producer = createProducer({ ...requireLocalState().kafka, clientId: cliSource });
  try {
    await producer.connect();
    return await createPublisher({ producer, sourceService: cliSource }).publish(contract, data, options);
  } finally {
    await producer.close();
  }
}
