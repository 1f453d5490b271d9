import { alertFor, opsPath } from './seeds.js';
import type { System } from './system.js';

/** What the sender knows of a webhook that was accepted. */
interface Accepted {
  readonly eventId: string;
  readonly service: string;
  readonly atMs: number;
}

/** Senders that post alerts of ever new services until told to end; what is not accepted is sent again, byte for byte. */
export class AlertLoad {
  readonly accepted: Accepted[] = [];
  /** Status codes of answers other than 202, each once. */
  readonly refusals = new Set<number>();
  private readonly end = new AbortController();
  private readonly lanes: Promise<void>[];

  /** `name` begins the services' names: letters only, another one for each load of a system. */
  constructor(
    private readonly system: System,
    private readonly name: string,
    senders: number,
  ) {
    this.lanes = Array.from({ length: senders }, (_, at) => this.send(at + 1));
  }

  /** Resolves when every sender has its last answer. */
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
      const service = `${this.name}${lane}x${n}`;
      const body = alertFor(service, `A-${service}`);
      const { event_id: eventId } = await this.system.deliver(opsPath, body, (status) =>
        this.refusals.add(status),
      );
      this.accepted.push({ eventId, service, atMs: Date.now() });
    }
  }
}
