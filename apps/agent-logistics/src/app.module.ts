import { AgentModule } from '@signalbox/agent-kit-nest';
import { Module } from '@nestjs/common';
import { agentName, internalContracts } from './internal-events.js';
import { LogisticsHandlers } from './logistics.handlers.js';
import { loadNetwork, NETWORK } from './network/load-network.js';

/** From the beginning of its topics: stock, orders and shipments of before its first start are what it reckons with. */
@Module({
  imports: [AgentModule.forRoot({ name: agentName, startFrom: 'earliest', internal: internalContracts })],
  controllers: [LogisticsHandlers],
  providers: [{ provide: NETWORK, useFactory: () => loadNetwork() }],
})
export class AppModule {}
