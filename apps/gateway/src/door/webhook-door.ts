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
import type { ReadySource } from '@signalbox/sources';
import { answerAccepted, answerProblem, answerUnread } from './answers.js';
import { verifiable, type Challenges } from './challenges.js';
import { arrive, decidedOf, type Arrival } from './arrival.js';
import type { Request } from './front.js';
import type { Gate } from './gate.js';
import type { InFlight } from './in-flight.js';
import { mediaTypeProblem } from './media-type.js';
import { overloaded, readBody } from './read-body.js';
import { refusedPayload } from './refused-payload.js';

export interface WebhookDoorParts {
  readonly publisher: Publisher;
  readonly refusals: RefusalRecorder;
  readonly raw: RawKeeper;
  readonly challenges: Challenges;
  readonly gate: Gate;
  readonly inFlight: InFlight;
  /** Whether mail addresses may show in records. */
  readonly keepMail: boolean;
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
  async receive(source: ReadySource, asked: Request): Promise<void> {
    const arrival = this.arrive(source, asked);
    const { inFlight } = this.parts;
    const body = await readBody(asked.request, source.bodyBytesMax, inFlight);
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

  /** Answers a request to a source's path that must not come in. */
  turnAway(source: ReadySource, asked: Request, refusal: Problem): void {
    this.refuse(this.arrive(source, asked), refusal, false);
  }

  /** Notes a request from outside the networks of its source, which was answered as if nothing were there. */
  noteRefusedAddress(source: ReadySource, asked: Request): void {
    const arrival = this.arrive(source, asked);
    this.count(arrival, 'address_refused');
    this.parts.refusals.record(source.name, () => ({
      ...decidedOf(arrival, asked.response.statusCode),
      reason: 'address_refused',
    }));
  }

  private arrive(source: ReadySource, asked: Request): Arrival {
    const { challenges, keepMail } = this.parts;
    return arrive(source, asked, { url: challenges.urlOf(asked), keepMail });
  }

  private async decide(arrival: Arrival, rawBody: Buffer): Promise<void> {
    const { source, request } = arrival;
    const { headers } = request;
    const wrongMedia = mediaTypeProblem(headers, source.form);
    if (wrongMedia) return this.refuse(arrival, wrongMedia);
    if (this.parts.challenges.answered(arrival, rawBody)) {
      this.parts.gate.wasGood(arrival.address);
      return this.count(arrival, 'challenge');
    }
    const verdict = source.verifier.verify(verifiable(arrival, rawBody));
    if (!verdict.ok) {
      if (verdict.code === 'signature_invalid') arrival.rawKept = this.parts.raw.keep(arrival);
      return this.refuse(arrival, problem(verdict.code, verdict.reason));
    }
    arrival.keyId = verdict.keyId;
    // The signature is right: what becomes of the webhook now says nothing against its sender's address.
    this.parts.gate.wasGood(arrival.address);
    const tooMany = this.parts.gate.tooManyOf(source);
    if (tooMany) return this.refuse(arrival, tooMany);
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
    let failure: Problem | undefined;
    try {
      await publication.acknowledged;
      answerAccepted(arrival.response, eventId, correlationId, this.closing);
      metrics.seconds('gateway_acknowledge_seconds', (performance.now() - arrival.completeMs) / 1_000, {
        source: arrival.source.name,
      });
      this.count(arrival, intake.kind === 'quarantined' ? 'quarantined' : 'accepted');
    } catch (error) {
      failure = this.problemOf(error);
      this.answerRefused(arrival, failure, true);
    }
    // The place is given back only when nothing of the webhook is in memory any more.
    await publication.settled;
    // What reached Kafka after the deadline has its record.
    if (failure && !publication.written) this.leaveOut(arrival, failure);
  }

  private refuse(arrival: Arrival, refusal: Problem, bodyRead = true): void {
    this.answerRefused(arrival, refusal, bodyRead);
    // With more in hand than it should have, the gateway does not add records now.
    if (refusal.status === 503) return this.leaveOut(arrival, refusal);
    this.parts.refusals.record(arrival.source.name, () => {
      arrival.payload ??= refusedPayload(arrival.rawBody);
      return { ...decidedOf(arrival, refusal.status), reason: refusal.code };
    });
  }

  private leaveOut(arrival: Arrival, { status, code }: Problem): void {
    this.parts.refusals.leaveOut(arrival.source.name, () => ({
      ...decidedOf(arrival, status),
      reason: code,
    }));
  }

  private answerRefused(arrival: Arrival, refusal: Problem, bodyRead: boolean): void {
    const { request, response, webhookId } = arrival;
    const options = { instance: webhookId, close: this.closing };
    if (bodyRead) answerProblem(response, refusal, options);
    else answerUnread(request, response, refusal, options);
    this.count(arrival, refusal.code);
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
