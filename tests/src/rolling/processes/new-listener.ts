import { startAgent } from '@signalbox/agent-kit-nest';
import { NewListener } from '../listener-releases.js';

void startAgent(NewListener);
