import { editLetter, redriveLetter, type StoredLetter } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseFilters, UseGuards } from '@nestjs/common';
import { ControlTokenGuard } from './control-token.guard.js';
import { OperatorAccess } from './operator-access.js';
import { ProblemFilter } from './problem.filter.js';
import { byRequest, byWhyRequest, editRequest, filterOf, idRequest, listRequest, read } from './requests.js';
import { groupView, letterView, wholeLetterView } from './views.js';

/** Dead letters of this agent: look at them, edit, redrive or discard one. */
@Controller('control/dead-letters')
@UseGuards(ControlTokenGuard)
@UseFilters(ProblemFilter)
export class DeadLettersController {
  constructor(private readonly agent: OperatorAccess) {}

  @Get()
  async list(@Query() query: unknown): Promise<object> {
    const request = read(listRequest, query);
    const { before: beforeId, limit } = request;
    const letters = await this.agent.store.letters(filterOf(request), { beforeId, limit });
    const last = letters.at(-1);
    return {
      dead_letters: letters.map(letterView),
      next: last && letters.length === limit ? String(last.id) : null,
    };
  }

  @Get('groups')
  async groups(@Query() query: unknown): Promise<object> {
    const request = read(listRequest, query);
    return { groups: (await this.agent.store.groups(filterOf(request), request.limit)).map(groupView) };
  }

  @Get(':id')
  async show(@Param() parameters: unknown): Promise<object> {
    return wholeLetterView(await this.letter(parameters));
  }

  @Post(':id/edit')
  @HttpCode(200)
  async edit(@Param() parameters: unknown, @Body() body: unknown): Promise<object> {
    const { by, ...edit } = read(editRequest, body);
    const letter = await this.openLetter(parameters);
    const { value, changes } = editLetter(letter, edit, this.agent.registry);
    if (!(await this.agent.store.edit(letter.id, letter.edits, value, by))) throw changedMeanwhile(letter);
    return { id: String(letter.id), changes };
  }

  @Post(':id/redrive')
  @HttpCode(200)
  async redrive(@Param() parameters: unknown, @Body() body: unknown): Promise<object> {
    const { by } = read(byRequest, body);
    const letter = await this.letter(parameters);
    await redriveLetter(letter, by, this.agent.registry, this.agent.store);
    return { id: String(letter.id), status: 'redriven' };
  }

  @Post(':id/discard')
  @HttpCode(200)
  async discard(@Param() parameters: unknown, @Body() body: unknown): Promise<object> {
    const { by, why } = read(byWhyRequest, body);
    const letter = await this.openLetter(parameters);
    if (!(await this.agent.store.discard(letter.id, by, why))) throw changedMeanwhile(letter);
    return { id: String(letter.id), status: 'discarded' };
  }

  private async letter(parameters: unknown): Promise<StoredLetter> {
    const { id } = read(idRequest, parameters);
    const letter = await this.agent.store.letter(id);
    if (letter) return letter;
    throw new SignalboxError('not_found', `There is no dead letter ${id}.`, {
      action: 'List them with `signalbox dlq list`.',
    });
  }

  private async openLetter(parameters: unknown): Promise<StoredLetter> {
    const letter = await this.letter(parameters);
    if (letter.status === 'open') return letter;
    throw new SignalboxError('letter_not_open', `Dead letter ${letter.id} is ${letter.status}.`);
  }
}

const changedMeanwhile = ({ id }: StoredLetter): SignalboxError =>
  new SignalboxError('letter_not_open', `Dead letter ${id} was settled or edited meanwhile.`);
