import { AgentModule } from '@signalbox/agent-kit-nest';
import { Module } from '@nestjs/common';
import { OpsHandlers } from './ops.handlers.js';

@Module({
  // Earliest: an outage that was reported before the agent first ran is an outage all the same.
  imports: [AgentModule.forRoot({ name: 'ops', startFrom: 'earliest' })],
  controllers: [OpsHandlers],
})
export class AppModule {}
