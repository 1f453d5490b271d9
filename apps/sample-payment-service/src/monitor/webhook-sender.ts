import { SignalboxError } from '@signalbox/errors';
import type { Logger } from '@signalbox/observability';
import type { OutboundHttp } from '@signalbox/outbound-http';
import { sign } from '@signalbox/webhooks';
import { setTimeout as delay } from 'node:timers/promises';

/** Webhooks that wait; beyond them the oldest is dropped and the log says so. */
const queueMax = 100;
const firstDelayMs = 250;
const delayMsMax = 10_000;

/** Posts signed webhooks one after another, each with the same body again and again until it is taken. */
export class WebhookSender {
  readonly #queue: string[] = [];
  readonly #stop = new AbortController();
  #working: Promise<void> | undefined;

  constructor(
    private readonly http: OutboundHttp,
    private readonly target: { readonly url: string; readonly secret: string },
    private readonly logger: Logger,
  ) {}

  /** Queues a payload; never blocks and never throws. */
  send(payload: object): void {
    this.#queue.push(JSON.stringify(payload));
    if (this.#queue.length > queueMax) {
      this.logger.error({ body: this.#queue.shift() }, 'Too many webhooks wait; the oldest was dropped');
    }
    this.#working ??= this.#work().finally(() => (this.#working = undefined));
  }

  /** Webhooks not yet taken. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Gives up what waits. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#working;
  }

  async #work(): Promise<void> {
    for (let failures = 0; this.#queue.length > 0 && !this.#stop.signal.aborted;) {
      const body = this.#queue[0] ?? '';
      try {
        await this.#post(body);
        if (this.#queue[0] === body) this.#queue.shift();
        failures = 0;
      } catch (error) {
        const waitMs = Math.min(firstDelayMs * 2 ** failures, delayMsMax);
        failures = Math.min(failures + 1, 30);
        this.logger.warn({ error: (error as Error).message, waitMs }, 'The gateway did not take the webhook');
        await delay(waitMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      }
    }
  }

  async #post(body: string): Promise<void> {
    const { url, secret } = this.target;
    const headers = { 'content-type': 'application/json', ...sign({ rawBody: body, secret }) };
    // The gateway derives the event id from the body, so that a repeat of it is the same event.
    const { status } = await this.http.request({
      url,
      headers,
      body,
      idempotent: true,
      signal: this.#stop.signal,
      deadlineMs: 8_000,
    });
    if (status !== 202)
      throw new SignalboxError('outbound_failed', `the gateway answered ${status} instead of 202`);
  }
}
