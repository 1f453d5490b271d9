import { AgentModule } from '@signalbox/agent-kit-nest';
import { Module } from '@nestjs/common';
import { TrialMonitorHandlers } from './trial-monitor.handlers.js';

@Module({
  // Earliest: trials that began before the agent first ran are watched as well.
  imports: [AgentModule.forRoot({ name: 'trial-monitor', startFrom: 'earliest', endpoint: 'trial-monitor' })],
  controllers: [TrialMonitorHandlers],
})
export class AppModule {}
