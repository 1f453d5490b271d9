import { AGENT_ENVIRONMENT, AgentModule } from '@signalbox/agent-kit-nest';
import type { Environment } from '@signalbox/config';
import { Module } from '@nestjs/common';
import { SENTIMENT_RULES, SentimentHandlers } from './sentiment.handlers.js';
import { loadSentimentRules } from './sentiment.settings.js';

@Module({
  // Earliest: a complaint that came before the agent's first start still wants an answer.
  imports: [AgentModule.forRoot({ name: 'sentiment', startFrom: 'earliest' })],
  controllers: [SentimentHandlers],
  providers: [
    {
      provide: SENTIMENT_RULES,
      inject: [AGENT_ENVIRONMENT],
      useFactory: (environment: Environment | undefined) => loadSentimentRules(environment),
    },
  ],
})
export class AppModule {}
