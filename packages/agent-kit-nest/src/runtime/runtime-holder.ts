import type { AgentRuntime, OperatorStore, Store } from '@signalbox/agent-kit';
import { Injectable } from '@nestjs/common';

/** Where the running agent is found by what is made before it: health checks and the HTTP side. */
@Injectable()
export class RuntimeHolder {
  runtime: AgentRuntime | undefined;
  store: Store | undefined;
  operator: OperatorStore | undefined;
}
