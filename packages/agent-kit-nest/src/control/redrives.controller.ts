import type { RedriveRun } from '@signalbox/agent-kit';
import { SignalboxError } from '@signalbox/errors';
import { Body, Controller, Get, HttpCode, Param, Post, UseFilters, UseGuards } from '@nestjs/common';
import { ControlTokenGuard } from './control-token.guard.js';
import { OperatorAccess } from './operator-access.js';
import { ProblemFilter } from './problem.filter.js';
import { filterOf, idRequest, read, redrivesRequest } from './requests.js';
import { runView } from './views.js';

const RUNS_LISTED_MAX = 50;

/** Redrives of many dead letters: count, begin, watch, cancel, resume. */
@Controller('control/redrives')
@UseGuards(ControlTokenGuard)
@UseFilters(ProblemFilter)
export class RedrivesController {
  constructor(private readonly agent: OperatorAccess) {}

  /** A dry run (the default) only counts. */
  @Post()
  @HttpCode(200)
  async start(@Body() body: unknown): Promise<object> {
    const request = read(redrivesRequest, body);
    const filter = filterOf(request);
    if (Object.keys(filter).length === 0 && !request.all)
      throw new SignalboxError('request_malformed', 'The request narrows nothing and does not say "all".', {
        action: 'Give a fingerprint, handler, event type or time range, or all.',
      });
    const { store } = this.agent;
    const { count, lastId } = await store.countOpen(filter);
    const { letters_max: lettersMax, rate_per_s: ratePerS, by: askedBy } = request;
    const total = Math.min(count, lettersMax);
    if (request.dry_run) return { dry_run: true, matching: count, would_redrive: total };
    const run = await store.startRun({ filter, lastId, ratePerS, lettersMax, total, askedBy });
    return { dry_run: false, matching: count, run: runView(run) };
  }

  @Get()
  async list(): Promise<object> {
    return { redrives: (await this.agent.store.runs(RUNS_LISTED_MAX)).map(runView) };
  }

  @Get(':id')
  async show(@Param() parameters: unknown): Promise<object> {
    return runView(await this.run(read(idRequest, parameters).id));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  cancel(@Param() parameters: unknown): Promise<object> {
    return this.turn(parameters, 'cancelled');
  }

  @Post(':id/resume')
  @HttpCode(200)
  resume(@Param() parameters: unknown): Promise<object> {
    return this.turn(parameters, 'running');
  }

  private async turn(parameters: unknown, to: 'running' | 'cancelled'): Promise<object> {
    const { id } = read(idRequest, parameters);
    const turned = await this.agent.store.setRunStatus(id, to);
    if (turned) return runView(turned);
    const run = await this.run(id);
    throw new SignalboxError('redrive_refused', `Redrive ${id} is ${run.status}.`, {
      action:
        to === 'running' ? 'Only a cancelled redrive can go on.' : 'Only a running one can be cancelled.',
    });
  }

  private async run(id: bigint): Promise<RedriveRun> {
    const run = await this.agent.store.redriveRun(id);
    if (run) return run;
    throw new SignalboxError('not_found', `There is no redrive ${id}.`, {
      action: 'List them with `signalbox dlq runs`.',
    });
  }
}
