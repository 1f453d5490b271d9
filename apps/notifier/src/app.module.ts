import { AgentModule, PG_POOL, PG_SCHEMA } from '@signalbox/agent-kit-nest';
import type { Pool } from '@signalbox/agent-kit-postgres';
import { Module } from '@nestjs/common';
import { join } from 'node:path';
import { channelProviders } from './channels.providers.js';
import { LocalModeNotice } from './local-mode.notice.js';
import { MailboxController } from './mailbox/mailbox.controller.js';
import { Mailbox } from './mailbox/mailbox.js';
import { openPrisma } from './mailbox/prisma.js';
import { NotifierHandlers } from './notifier.handlers.js';

@Module({
  imports: [
    AgentModule.forRoot({
      name: 'notifier',
      // A request that was made before the notifier's first start is still to be done.
      startFrom: 'earliest',
      migrations: [join(__dirname, '..', 'prisma', 'migrations')],
    }),
  ],
  controllers: [NotifierHandlers, MailboxController],
  providers: [
    ...channelProviders,
    LocalModeNotice,
    {
      provide: Mailbox,
      inject: [PG_POOL, PG_SCHEMA],
      useFactory: (pool: Pool, schema: string) => new Mailbox(openPrisma(pool, schema)),
    },
  ],
})
export class AppModule {}
