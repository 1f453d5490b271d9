import type { AgentRuntime } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';

/** Marks our transport for Nest; handlers of other transports are not ours. */
export const SIGNALBOX_TRANSPORT = Symbol('SIGNALBOX_TRANSPORT');

/** The agent runtime as a Nest microservice: started by `startAllMicroservices`, stopped by `app.close()`. */
export class SignalboxStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = SIGNALBOX_TRANSPORT;

  constructor(private readonly runtime: AgentRuntime) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.runtime.start().then(() => callback(), callback);
  }

  async close(): Promise<void> {
    await this.runtime.stop();
  }

  on(): never {
    throw new SignalboxError(
      'internal',
      'the agent runtime has no events to listen to; read agent.activity instead',
    );
  }

  unwrap<T>(): T {
    return this.runtime as T;
  }
}
