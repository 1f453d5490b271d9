import { SignalboxError, errorCodes } from '@signalbox/errors';
import type { Logger } from '@signalbox/observability';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { Response } from 'express';
import { LOGGER } from '../tokens.js';

/** Errors of the control API as problem+json (RFC 9457): code, what happened, where, what to do. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = this.asSignalboxError(thrown);
    const status = statusOf(error);
    const body = {
      type: `https://signalbox.local/errors/${error.code}`,
      title: errorCodes[error.code].means,
      status,
      code: error.code,
      detail: error.message,
      action: error.action,
      pointers: error.pointers,
    };
    const response = host.switchToHttp().getResponse<Response>();
    response.status(status).type('application/problem+json').send(JSON.stringify(body));
  }

  private asSignalboxError(thrown: unknown): SignalboxError {
    if (thrown instanceof SignalboxError) return thrown;
    if (thrown instanceof HttpException && thrown.getStatus() < 500)
      return new SignalboxError('body_not_json', thrown.message, { cause: thrown });
    this.logger.error({ error: String(thrown) }, 'A control request failed');
    return new SignalboxError('internal', 'The request failed in a way nobody expected.', { cause: thrown });
  }
}

function statusOf({ code }: SignalboxError): number {
  if (code === 'database_unavailable') return 503;
  const { http } = errorCodes[code] as { readonly http?: number };
  return http ?? 422;
}
