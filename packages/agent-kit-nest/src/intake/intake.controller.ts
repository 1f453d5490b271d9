import type { OfferedEvent } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { Controller, HttpCode, Inject, Param, Post, Req, UseFilters } from '@nestjs/common';
import type { Request } from 'express';
import type { AgentOptions } from '../agent.module.js';
import { ProblemFilter } from '../control/problem.filter.js';
import { RuntimeHolder } from '../runtime/runtime-holder.js';
import { AGENT_OPTIONS } from '../tokens.js';
import { IntakeSignature } from './intake-signature.js';

/** Long enough for every media type; what a client sends is not stored without a bound. */
const CONTENT_TYPE_CHARS_MAX = 200;
/** Everything that says it is JSON; whether it is an event, and in which form, is decided by its content. */
const JSON_TYPE = /^application\/([\w.+-]+\+)?json\b/i;

/** The agent's own endpoint: signed events, each answered once the agent is responsible for it. */
@Controller('webhooks')
@UseFilters(ProblemFilter)
export class IntakeController {
  constructor(
    @Inject(AGENT_OPTIONS) private readonly options: AgentOptions,
    private readonly signature: IntakeSignature,
    private readonly holder: RuntimeHolder,
  ) {}

  @Post(':endpoint')
  @HttpCode(202)
  async take(@Param('endpoint') endpoint: string, @Req() request: Request): Promise<object> {
    const { name, endpoint: spelling } = this.options;
    if (endpoint !== `${name}-agent` && endpoint !== spelling)
      throw new SignalboxError('not_found', `Agent '${name}' has no endpoint '${endpoint}'.`);
    const contentType = request.headers['content-type']?.slice(0, CONTENT_TYPE_CHARS_MAX) ?? '';
    if (!JSON_TYPE.test(contentType))
      throw new SignalboxError('media_type_unsupported', 'An event is sent as JSON.');
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    await this.signature.check(body, request.headers);
    const { runtime } = this.holder;
    if (!runtime) throw new SignalboxError('database_unavailable', 'The agent has not started yet.');
    const isPlain = /^application\/json\b/i.test(contentType);
    const headers: OfferedEvent['headers'] = isPlain ? {} : { 'content-type': Buffer.from(contentType) };
    return { outcome: await runtime.take({ body, headers }) };
  }
}
