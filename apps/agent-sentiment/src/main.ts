import { startAgent } from '@signalbox/agent-kit-nest';
import { AppModule } from './app.module.js';

void startAgent(AppModule);
