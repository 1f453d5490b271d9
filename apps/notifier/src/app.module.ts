import { AgentModule, PG_POOL, PG_SCHEMA } from '@signalbox/agent-kit-nest';
import type { Pool } from '@signalbox/agent-kit-postgres';
import { Module } from '@nestjs/common';
import { join } from 'node:path';
import { channelProviders } from './channels.providers.js';
import { LocalModeNotice } from './local-mode.notice.js';
import { MailboxController } from './mailbox/mailbox.controller.js';
import { PrismaClient } from './generated/prisma/client.js';
import { Mailbox } from './mailbox/mailbox.js';
import { openPrisma } from './mailbox/prisma.js';
import { NotifierHandlers } from './notifier.handlers.js';
import { TicketDesk } from './tickets/ticket-desk.js';
import { TicketController } from './tickets/ticket.controller.js';
import { TicketHandlers } from './tickets/ticket.handlers.js';

@Module({
  imports: [
    AgentModule.forRoot({
      name: 'notifier',
      // A request that was made before the notifier's first start is still to be done.
      startFrom: 'earliest',
      migrations: [join(__dirname, '..', 'prisma', 'migrations')],
    }),
  ],
  controllers: [NotifierHandlers, TicketHandlers, MailboxController, TicketController],
  providers: [
    ...channelProviders,
    LocalModeNotice,
    {
      provide: PrismaClient,
      inject: [PG_POOL, PG_SCHEMA],
      useFactory: (pool: Pool, schema: string) => openPrisma(pool, schema),
    },
    {
      provide: Mailbox,
      inject: [PrismaClient],
      useFactory: (prisma: PrismaClient) => new Mailbox(prisma),
    },
    {
      provide: TicketDesk,
      inject: [PrismaClient],
      useFactory: (prisma: PrismaClient) => new TicketDesk(prisma),
    },
  ],
})
export class AppModule {}
