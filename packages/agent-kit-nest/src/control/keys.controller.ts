import { droppedLetter } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { Body, Controller, Get, HttpCode, Post, Query, UseFilters, UseGuards } from '@nestjs/common';
import { ControlTokenGuard } from './control-token.guard.js';
import { OperatorAccess } from './operator-access.js';
import { ProblemFilter } from './problem.filter.js';
import { dropRequest, listRequest, read, releaseRequest } from './requests.js';
import { keyView } from './views.js';

/** Keys whose events wait behind a failed one. */
@Controller('control/keys')
@UseGuards(ControlTokenGuard)
@UseFilters(ProblemFilter)
export class KeysController {
  constructor(private readonly agent: OperatorAccess) {}

  @Get()
  async list(@Query() query: unknown): Promise<object> {
    const { limit } = read(listRequest, query);
    return { keys: (await this.agent.store.blockedKeys(limit)).map(keyView) };
  }

  @Post('release')
  @HttpCode(200)
  async release(@Body() body: unknown): Promise<object> {
    const { kind, value } = read(releaseRequest, body);
    if (await this.agent.store.releaseKey({ kind, value })) return { kind, value, released: true };
    throw notBlocked(kind, value);
  }

  @Post('drop')
  @HttpCode(200)
  async drop(@Body() body: unknown): Promise<object> {
    const { kind, value, which, by, why } = read(dropRequest, body);
    const { agent } = this.agent.registry;
    const now = new Date();
    const dropped = await this.agent.store.dropFromKey({ kind, value }, which, { by, why }, (row) =>
      droppedLetter(row, agent, now),
    );
    if (dropped > 0) return { kind, value, dropped };
    throw notBlocked(kind, value);
  }
}

const notBlocked = (kind: string, value: string): SignalboxError =>
  new SignalboxError('not_found', `Nothing waits for key ${kind}/${value}.`, {
    action: 'List the blocked keys with `signalbox keys list`.',
  });
