import { createHash, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { SignalboxError } from '@signalbox/errors';
import type { Request } from 'express';
import { SETTINGS } from '../app/tokens.js';
import type { GatewaySettings } from '../settings/settings.js';

/** Lets in who knows CONTROL_TOKEN; without that setting there is nothing here for anybody. */
@Injectable()
export class ControlTokenGuard implements CanActivate {
  constructor(@Inject(SETTINGS) private readonly settings: GatewaySettings) {}

  canActivate(context: ExecutionContext): boolean {
    const { controlToken } = this.settings;
    if (controlToken === undefined)
      throw new SignalboxError('not_found', 'There is nothing at this address.');
    const { authorization = '' } = context.switchToHttp().getRequest<Request>().headers;
    const [, given] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (given === undefined)
      throw new SignalboxError('credentials_missing', 'The request carries no bearer token.');
    if (!timingSafeEqual(digest(given), digest(controlToken)))
      throw new SignalboxError('credentials_invalid', 'The bearer token is not CONTROL_TOKEN.');
    return true;
  }
}

/** Digests, so that neither content nor length shows in the time the comparison takes. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
