import { settleUnknown } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseFilters, UseGuards } from '@nestjs/common';
import { ControlTokenGuard } from './control-token.guard.js';
import { OperatorAccess } from './operator-access.js';
import { ProblemFilter } from './problem.filter.js';
import { idRequest, listRequest, outcomeRequest, read } from './requests.js';
import { letterView } from './views.js';

/** Outside acts that were begun and of which nobody knows how they ended: a person looks at the receiver and says so. */
@Controller('control/effects/unknown')
@UseGuards(ControlTokenGuard)
@UseFilters(ProblemFilter)
export class EffectsController {
  constructor(private readonly agent: OperatorAccess) {}

  @Get()
  async list(@Query() query: unknown): Promise<object> {
    const { before: beforeId, limit } = read(listRequest, query);
    const filter = { status: 'open', errorCode: 'outcome_unknown' } as const;
    const letters = await this.agent.store.letters(filter, { beforeId, limit });
    return { unknown: letters.map(letterView) };
  }

  @Post(':id')
  @HttpCode(200)
  async settle(@Param() parameters: unknown, @Body() body: unknown): Promise<object> {
    const { id } = read(idRequest, parameters);
    const { done, by, why } = read(outcomeRequest, body);
    const letter = await this.agent.store.letter(id);
    if (!letter)
      throw new SignalboxError('not_found', `There is no dead letter ${id}.`, {
        action: 'List the unknown outcomes with `signalbox effects unknown`.',
      });
    await settleUnknown(letter, { isDone: done, by, why }, this.agent.registry, this.agent.store);
    return { id: String(id), outcome: done ? 'done' : 'not_done' };
  }
}
