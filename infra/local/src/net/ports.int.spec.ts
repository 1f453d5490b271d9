import { once } from 'node:events';
import { createServer } from 'node:net';
import { portHolder } from './port-holder.js';
import { assertPortFree, freePort } from './ports.js';

describe('a port', () => {
  it('that is free passes', async () => {
    const port = await freePort();
    await expect(
      assertPortFree({ port, wantedBy: 'Kafka', variable: 'SIGNALBOX_KAFKA_PORT' }),
    ).resolves.toBeUndefined();
    expect(portHolder(port)).toBeUndefined();
  });

  it('that is in use is named with its holder and the way on', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const refusal = await assertPortFree({ port, wantedBy: 'Kafka', variable: 'SIGNALBOX_KAFKA_PORT' }).catch(
      (error: unknown) => error,
    );
    server.close();
    expect(refusal).toMatchObject({
      code: 'stack_unavailable',
      message: expect.stringMatching(
        new RegExp(`Port ${port}, wanted by Kafka, is in use by pid ${process.pid} \\(.*node`),
      ),
      action: expect.stringContaining('SIGNALBOX_KAFKA_PORT=<port>'),
    });
  });
});
