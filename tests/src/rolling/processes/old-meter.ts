import { startAgent } from '@signalbox/agent-kit-nest';
import { OldRelease } from '../old-release.js';

void startAgent(OldRelease);
