/** One process of the stack, or one that was named by settings and is only used. */
export interface ServiceStatus {
  readonly name: string;
  readonly kind: 'kafka' | 'postgres' | 'app';
  readonly summary: string;
  /** `external`: named by settings. `held`: a `signalbox dev` runs it from source meanwhile. */
  readonly phase: 'stopped' | 'starting' | 'running' | 'restarting' | 'stopping' | 'held' | 'external';
  readonly ready: boolean;
  readonly pid?: number;
  /** Where it is reached. */
  readonly address: string;
  readonly restarts: number;
}

export type StackPhase = 'starting' | 'ready' | 'degraded' | 'stopping';

export interface StackStatus {
  readonly phase: StackPhase;
  readonly services: readonly ServiceStatus[];
  /** What has happened, oldest first, at most 200 lines. */
  readonly events: readonly string[];
}
