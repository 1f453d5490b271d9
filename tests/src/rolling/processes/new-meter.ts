import { startAgent } from '@signalbox/agent-kit-nest';
import { NewRelease } from '../new-release.js';

void startAgent(NewRelease);
