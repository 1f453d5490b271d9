import { AgentModule } from '@signalbox/agent-kit-nest';
import { Module } from '@nestjs/common';
import { OnboardingHandlers } from './onboarding.handlers.js';

@Module({
  // Latest: who signed up before the agent ran is not written to.
  imports: [AgentModule.forRoot({ name: 'onboarding', startFrom: 'latest' })],
  controllers: [OnboardingHandlers],
})
export class AppModule {}
