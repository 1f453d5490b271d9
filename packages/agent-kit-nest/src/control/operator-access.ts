import type { OperatorStore, Registry } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { Injectable } from '@nestjs/common';
import { RuntimeHolder } from '../runtime/runtime-holder.js';

/** The running agent as the control API needs it; `database_unavailable` while it starts. */
@Injectable()
export class OperatorAccess {
  constructor(private readonly holder: RuntimeHolder) {}

  get store(): OperatorStore {
    return this.holder.operator ?? notStarted();
  }

  get registry(): Registry {
    return this.holder.runtime?.registry ?? notStarted();
  }

  /** Lets this process follow a switch at once; others are told by the database. */
  async followSwitches(): Promise<void> {
    await this.holder.runtime?.followSwitches();
  }
}

function notStarted(): never {
  throw new SignalboxError('database_unavailable', 'The agent has not started yet.', {
    action: 'Ask again when it is ready.',
  });
}
