import { AGENT_ENVIRONMENT, AgentModule } from '@signalbox/agent-kit-nest';
import { loadSettings, type Environment } from '@signalbox/config';
import { Module } from '@nestjs/common';
import { AllowListFile } from './allow-list.file.js';
import { RemediatorHandlers } from './remediator.handlers.js';
import { remediatorSettings } from './remediator.settings.js';

@Module({
  imports: [
    AgentModule.forRoot({
      name: 'remediator',
      // A request that was made before the remediator's first start is still to be done.
      startFrom: 'earliest',
    }),
  ],
  controllers: [RemediatorHandlers],
  providers: [
    {
      provide: AllowListFile,
      inject: [AGENT_ENVIRONMENT],
      useFactory: (environment: Environment | undefined) =>
        new AllowListFile(loadSettings(remediatorSettings, environment).REMEDIATION_ALLOW_LIST),
    },
  ],
})
export class AppModule {}
