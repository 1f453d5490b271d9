import { SignalboxError } from '@signalbox/errors';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { AgentSettings } from '../settings.js';
import { AGENT_SETTINGS } from '../tokens.js';

/** Lets in who knows CONTROL_TOKEN; without that setting, nobody. */
@Injectable()
export class ControlTokenGuard implements CanActivate {
  constructor(@Inject(AGENT_SETTINGS) private readonly settings: AgentSettings) {}

  canActivate(context: ExecutionContext): boolean {
    const { CONTROL_TOKEN: token } = this.settings;
    if (token === undefined) {
      throw new SignalboxError('credentials_invalid', 'This app was started without CONTROL_TOKEN.', {
        action: 'Set CONTROL_TOKEN for the app, start it again, and send it as `Authorization: Bearer`.',
      });
    }
    const { authorization = '' } = context.switchToHttp().getRequest<Request>().headers;
    const [, given] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (given === undefined)
      throw new SignalboxError('credentials_missing', 'The request carries no bearer token.', {
        action: 'Send `Authorization: Bearer` with CONTROL_TOKEN.',
      });
    if (!isSame(given, token))
      throw new SignalboxError('credentials_invalid', 'The bearer token is not CONTROL_TOKEN.', {
        action: 'Use the token the app was started with.',
      });
    return true;
  }
}

/** Compares digests, so that neither content nor length shows in the time it takes. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
