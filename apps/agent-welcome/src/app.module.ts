import { AgentModule } from '@signalbox/agent-kit-nest';
import { Module } from '@nestjs/common';
import { WelcomeHandlers } from './welcome.handlers.js';

@Module({
  // Latest: an agent that is new in an installation must not greet the users of last week.
  imports: [AgentModule.forRoot({ name: 'welcome', startFrom: 'latest' })],
  controllers: [WelcomeHandlers],
})
export class AppModule {}
