import { startAgent } from '@signalbox/agent-kit-nest';
import { OldListener } from '../listener-releases.js';

void startAgent(OldListener);
