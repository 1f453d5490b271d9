import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignalboxError, errorCodes } from '@signalbox/errors';
import type { Logger, Metrics } from '@signalbox/observability';
import { acceptBody } from '../intake/accept.js';
import { correlationHeader } from '../intake/identity.js';
import type { Intake } from '../intake/mapped.js';
import { problem, type Problem } from '../problem/problem.js';
import type { Publisher } from '../publish/publisher.js';
import type { RawKeeper } from '../publish/raw-keeper.js';
import { webhookRecords } from '../publish/webhook-records.js';
import type { RefusalRecorder } from '../record/refusal-recorder.js';
import { webhookRecord } from '../record/webhook-record.js';
import type { ReadySource } from '@signalbox/sources';
import { answerAccepted, answerProblem, answerUnread } from './answers.js';
import { verifiable, type Challenges } from './challenges.js';
import { arrive, decidedOf, type Arrival } from './arrival.js';
import type { InFlight } from './in-flight.js';
import { mediaTypeProblem } from './media-type.js';
import { overloaded, readBody } from './read-body.js';
import { refusedPayload } from './refused-payload.js';

export interface WebhookDoorParts {
  readonly publisher: Publisher;
  readonly refusals: RefusalRecorder;
  readonly raw: RawKeeper;
  readonly challenges: Challenges;
  readonly inFlight: InFlight;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Seconds a sender should wait when Kafka is away. */
const retryAfterSeconds = 5;

/** Takes webhooks: body, signature, checks, Kafka, answer. Stands in front of Nest's pipeline for speed. */
export class WebhookDoor {
  /** Set once the gateway stops: every answer then ends its connection. */
  closing = false;

  constructor(private readonly parts: WebhookDoorParts) {}

  /** Answers a POST to a source's path. Never rejects. */
  async receive(source: ReadySource, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrival = arrive(source, request, response, this.parts.challenges.urlOf(request));
    const { inFlight } = this.parts;
    const body = await readBody(request, source.bodyBytesMax, inFlight);
    if (body.kind === 'aborted') return this.count(arrival, 'aborted');
    if (body.kind === 'refused') return this.refuse(arrival, body.problem, false);
    arrival.completeMs = performance.now();
    arrival.rawBody = body.bytes;
    if (!inFlight.enter()) {
      inFlight.release(body.bytes.length);
      return this.refuse(arrival, overloaded('Too many webhooks are in hand.'));
    }
    try {
      await this.decide(arrival, body.bytes);
    } catch (error) {
      this.refuse(arrival, this.problemOf(error));
    } finally {
      inFlight.leave();
      inFlight.release(body.bytes.length);
    }
  }

  private async decide(arrival: Arrival, rawBody: Buffer): Promise<void> {
    const { source, request } = arrival;
    const { headers } = request;
    const wrongMedia = mediaTypeProblem(headers, source.form);
    if (wrongMedia) return this.refuse(arrival, wrongMedia);
    if (this.parts.challenges.answered(arrival, rawBody)) return this.count(arrival, 'challenge');
    const verdict = source.verifier.verify(verifiable(arrival, rawBody));
    if (!verdict.ok) {
      if (verdict.code === 'signature_invalid') arrival.rawKept = this.parts.raw.keep(arrival);
      return this.refuse(arrival, problem(verdict.code, verdict.reason));
    }
    arrival.keyId = verdict.keyId;
    const correlationId = correlationHeader(headers['x-correlation-id']);
    const { receivedAtMs } = arrival;
    const intake = acceptBody(source, { rawBody, headers, correlationId, receivedAtMs }, arrival);
    await this.publish(arrival, intake instanceof Promise ? await intake : intake);
  }

  private async publish(arrival: Arrival, intake: Intake): Promise<void> {
    const { publisher, metrics } = this.parts;
    const { source, request, rawBody = Buffer.alloc(0) } = arrival;
    const verified = { source, headers: request.headers, rawBody, decided: decidedOf(arrival, 202) };
    const { records, eventId, correlationId } = webhookRecords(verified, intake);
    const publication = publisher.publish(records);
    try {
      await publication.acknowledged;
      answerAccepted(arrival.response, eventId, correlationId, this.closing);
      metrics.seconds('gateway_acknowledge_seconds', (performance.now() - arrival.completeMs) / 1_000, {
        source: arrival.source.name,
      });
      this.count(arrival, intake.kind === 'quarantined' ? 'quarantined' : 'accepted');
    } catch (error) {
      this.refuse(arrival, this.problemOf(error));
    }
    // The place is given back only when nothing of the webhook is in memory any more.
    await publication.settled;
  }

  private refuse(arrival: Arrival, refusal: Problem, bodyRead = true): void {
    const { request, response, webhookId } = arrival;
    const options = { instance: webhookId, close: this.closing };
    if (bodyRead) answerProblem(response, refusal, options);
    else answerUnread(request, response, refusal, options);
    this.count(arrival, refusal.code);
    // Without Kafka, or with more in hand than it should have, the gateway does not add records.
    if (refusal.status === 503) return;
    this.parts.refusals.record(() => {
      const payload = arrival.payload ?? refusedPayload(arrival.rawBody);
      const decided = decidedOf(arrival, refusal.status);
      return webhookRecord({
        ...decided,
        reason: refusal.code,
        ...(payload === undefined ? {} : { payload }),
      });
    });
  }

  private problemOf(error: unknown): Problem {
    if (!(error instanceof SignalboxError)) {
      this.parts.logger.error({ err: error }, 'a webhook failed in a way nobody expected');
      return problem('internal', 'The gateway failed; the log of the service says why.');
    }
    const info: { http?: number } = errorCodes[error.code];
    return problem(error.code, error.message, {
      pointers: error.pointers,
      ...(info.http === 503 ? { retryAfterSeconds } : {}),
    });
  }

  private count({ source }: Arrival, outcome: string): void {
    this.parts.metrics.count('gateway_webhooks_received_total', { source: source.name, outcome });
  }
}
