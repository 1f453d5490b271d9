import { alertFor, opsPath } from './seeds.js';
import type { System } from './system.js';

/** What the sender knows of a webhook that was accepted. */
interface Accepted {
  readonly eventId: string;
  readonly service: string;
  readonly atMs: number;
}

export interface AlertLoadOptions {
  /** Begins the services' names: letters only, another one for each load of a system. */
  readonly name: string;
  readonly senders: number;
  /** What the next request is signed with; the system's own secret when left out. */
  readonly secret?: () => string;
}

/** So many alerts of a service, one after another, are one incident that holds them in their order. */
const alertsOfService = 3;

/** Senders that post alerts of ever new services until told to end; what is not accepted is sent again, byte for byte. */
export class AlertLoad {
  readonly accepted: Accepted[] = [];
  /** Status codes of answers other than 202, each once. */
  readonly refusals = new Set<number>();
  /** The alerts that each service's incident must hold, in order. */
  readonly wanted = new Map<string, string[]>();
  private readonly end = new AbortController();
  private readonly lanes: Promise<void>[];

  constructor(
    private readonly system: System,
    private readonly options: AlertLoadOptions,
  ) {
    this.lanes = Array.from({ length: options.senders }, (_, at) => this.send(at + 1));
    // Told by `stop`; until then a sender that gave up must not end the process.
    for (const lane of this.lanes) lane.catch(() => undefined);
  }

  /** Resolves when every sender has its last answer; rejects when one was refused for good. */
  async stop(): Promise<void> {
    this.end.abort();
    await Promise.all(this.lanes);
  }

  /** Milliseconds from a moment to the first acceptance after it; Infinity while there is none. */
  firstAfterMs(momentMs: number): number {
    const later = this.accepted.filter(({ atMs }) => atMs > momentMs).map(({ atMs }) => atMs - momentMs);
    return Math.min(Infinity, ...later);
  }

  private async send(lane: number): Promise<void> {
    for (let n = 1; !this.end.signal.aborted; n += 1) {
      const service = `${this.options.name}${lane}x${n}`;
      const alerts: string[] = [];
      this.wanted.set(service, alerts);
      for (let m = 1; m <= alertsOfService; m += 1) await this.post(service, `A-${service}-${m}`, alerts);
    }
  }

  private async post(service: string, alert: string, alerts: string[]): Promise<void> {
    const { event_id: eventId } = await this.system.deliver(opsPath, alertFor(service, alert), {
      onRefusal: (status) => this.refusals.add(status),
      ...(this.options.secret ? { secret: this.options.secret } : {}),
    });
    alerts.push(alert);
    this.accepted.push({ eventId, service, atMs: Date.now() });
  }
}
