import { SignalboxError } from '@signalbox/errors';
import { Installation, eventually } from '@signalbox/test-kit';
import { Module } from '@nestjs/common';
import { createServer, type AddressInfo } from 'node:net';
import { AgentModule } from './agent.module.js';
import { AgentHandlers, On } from './decorators/decorators.js';
import { usageRecorded } from '@signalbox/contracts';
import { launchAgent } from './start-agent.js';

@AgentHandlers()
class Handlers {
  @On(usageRecorded)
  note(): [] {
    return [];
  }
}

const forRoot = AgentModule.forRoot({ name: 'unlucky', startFrom: 'earliest' });

@Module({ imports: [forRoot], controllers: [Handlers] })
class SoundModule {}

@Module({
  imports: [forRoot],
  controllers: [Handlers],
  providers: [
    {
      provide: 'UNLUCKY',
      useFactory: () => {
        throw new SignalboxError('config_invalid', 'UNLUCKY_SETTING: missing');
      },
    },
  ],
})
class UnluckyModule {}

/** What of the network this process holds open. */
const connections = (): string[] => process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP'));

describe('an agent that cannot start', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.open({ agents: ['unlucky'] });
    await installation.producer.close();
  });
  afterAll(() => installation.close());

  const nothingOpen = () =>
    eventually(
      () => Promise.resolve(connections()),
      (open) => !open.includes('TCPSocketWrap'),
      'a process without connections',
    );
  const leavesNothing = async (start: () => Promise<unknown>, code: string): Promise<void> => {
    await nothingOpen();
    const servers = connections();
    await expect(start()).rejects.toMatchObject({ code });
    expect(await nothingOpen()).toEqual(servers);
  };

  it('says which setting is wrong and leaves nothing open', async () => {
    await leavesNothing(() => launchAgent(UnluckyModule, installation.environment()), 'config_invalid');
    const noPort = installation.environment({ PORT: 'eighty' });
    await leavesNothing(() => launchAgent(SoundModule, noPort), 'config_invalid');
  });

  it('leaves nothing open when its database is away', async () => {
    const DATABASE_URL = 'postgres://nobody:nothing@127.0.0.1:9/none';
    const environment = installation.environment({ DATABASE_URL });
    await leavesNothing(() => launchAgent(SoundModule, environment), 'database_unavailable');
  });

  it('leaves its group and closes everything when its port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const PORT = String((taken.address() as AddressInfo).port);
    await leavesNothing(() => launchAgent(SoundModule, installation.environment({ PORT })), 'EADDRINUSE');
    await new Promise((resolve) => taken.close(resolve));
  });
});
