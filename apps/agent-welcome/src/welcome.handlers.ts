import type { DecideInput, Output } from '@signalbox/agent-kit';
import { AgentHandlers, On } from '@signalbox/agent-kit-nest';
import { userSignedUp } from '@signalbox/contracts';
import { maxAge } from './settings.js';
import { welcome, type SignUp } from './welcome.decide.js';

@AgentHandlers()
export class WelcomeHandlers {
  @On(userSignedUp, maxAge)
  userSignedUp(input: DecideInput<undefined, SignUp>): readonly Output<undefined>[] {
    return welcome(input);
  }
}
