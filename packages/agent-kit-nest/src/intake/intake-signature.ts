import { SignalboxError } from '@signalbox/errors';
import type { WebhookSecret } from '@signalbox/webhooks';
import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { systemClock } from '../runtime/system-ports.js';
import type { AgentSettings } from '../settings.js';
import { AGENT_SETTINGS } from '../tokens.js';

/** Lets in what is signed with INTAKE_SECRET, or with the one before it during a rotation; without them, nothing. */
@Injectable()
export class IntakeSignature {
  private readonly secrets: readonly WebhookSecret[];

  constructor(@Inject(AGENT_SETTINGS) { INTAKE_SECRET: now, INTAKE_SECRET_BEFORE: before }: AgentSettings) {
    this.secrets = [
      ...(now === undefined ? [] : [{ keyId: 'INTAKE_SECRET', value: now }]),
      ...(before === undefined ? [] : [{ keyId: 'INTAKE_SECRET_BEFORE', value: before }]),
    ];
  }

  /** Rejects with `signature_missing` or `signature_invalid`. */
  async check(rawBody: Buffer, headers: IncomingHttpHeaders): Promise<void> {
    if (this.secrets.length === 0)
      throw new SignalboxError('signature_invalid', 'This agent was started without INTAKE_SECRET.', {
        action: 'Set INTAKE_SECRET for the agent, start it again, and sign with it.',
      });
    const { secrets } = this;
    // Not before it is needed: most agents are never sent anything this way, and it is a twentieth of all they load.
    const { xWebhookSignature } = await import('@signalbox/webhooks');
    const verdict = xWebhookSignature.verify({ rawBody, headers, secrets, nowMs: systemClock.nowMs() });
    if (!verdict.ok) throw new SignalboxError(verdict.code, verdict.reason);
  }
}
