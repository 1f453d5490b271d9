import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { SignalboxError } from '@signalbox/errors';
import type { Logger } from '@signalbox/observability';
import type { Response } from 'express';
import { answerProblem } from '../door/answers.js';
import { problem, type Problem } from '../problem/problem.js';
import { LOGGER } from './tokens.js';

/** Everything Nest's pipeline refuses leaves as a problem document, as at the webhook door. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) return void response.end();
    const refusal = problemOf(thrown);
    if (refusal.code === 'internal') this.logger.error({ err: thrown }, 'a request failed');
    answerProblem(response, refusal);
  }
}

/** 404 for what is not there, another 4xx as it is, anything else is ours. */
function problemOf(thrown: unknown): Problem {
  if (thrown instanceof SignalboxError) {
    return problem(thrown.code, thrown.message, { pointers: thrown.pointers });
  }
  const status = statusOf(thrown);
  if (status === 404) return problem('not_found', 'There is nothing at this address.');
  if (status >= 400 && status < 500)
    return problem('request_malformed', 'The request cannot be read.', { status });
  return problem('internal', 'The gateway failed; the log of the service says why.');
}

function statusOf(thrown: unknown): number {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status: unknown =
    typeof thrown === 'object' && thrown !== null && 'status' in thrown ? thrown.status : 500;
  return typeof status === 'number' ? status : 500;
}
