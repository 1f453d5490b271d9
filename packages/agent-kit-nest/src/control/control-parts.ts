import { ControlTokenGuard } from './control-token.guard.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { EffectsController } from './effects.controller.js';
import { KeysController } from './keys.controller.js';
import { OperatorAccess } from './operator-access.js';
import { ProblemFilter } from './problem.filter.js';
import { RedrivesController } from './redrives.controller.js';
import { SwitchesController } from './switches.controller.js';

/** What the control API adds to every agent app. */
export const controlControllers = [
  SwitchesController,
  DeadLettersController,
  RedrivesController,
  KeysController,
  EffectsController,
];
export const controlProviders = [OperatorAccess, ControlTokenGuard, ProblemFilter];
