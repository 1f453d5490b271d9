import type { SwitchName } from '@signalbox/agent-kit';
import { Body, Controller, Get, HttpCode, Post, UseFilters, UseGuards } from '@nestjs/common';
import { ControlTokenGuard } from './control-token.guard.js';
import { OperatorAccess } from './operator-access.js';
import { ProblemFilter } from './problem.filter.js';
import { byRequest, byWhyRequest, read } from './requests.js';
import { controlView } from './views.js';

/** The agent's kill switches; they outlive its processes. */
@Controller('control')
@UseGuards(ControlTokenGuard)
@UseFilters(ProblemFilter)
export class SwitchesController {
  constructor(private readonly agent: OperatorAccess) {}

  @Get()
  async show(): Promise<object> {
    return controlView(this.agent.registry.agent.name, await this.agent.store.control());
  }

  @Post('pause')
  @HttpCode(200)
  pause(@Body() body: unknown): Promise<object> {
    return this.turn('paused', read(byWhyRequest, body));
  }

  @Post('resume')
  @HttpCode(200)
  resume(@Body() body: unknown): Promise<object> {
    read(byRequest, body);
    return this.turn('paused', null);
  }

  @Post('effects/hold')
  @HttpCode(200)
  hold(@Body() body: unknown): Promise<object> {
    return this.turn('effectsHeld', read(byWhyRequest, body));
  }

  @Post('effects/release')
  @HttpCode(200)
  release(@Body() body: unknown): Promise<object> {
    read(byRequest, body);
    return this.turn('effectsHeld', null);
  }

  private async turn(
    name: SwitchName,
    to: { readonly by: string; readonly why: string } | null,
  ): Promise<object> {
    const state = await this.agent.store.setSwitch(name, to);
    await this.agent.followSwitches();
    return controlView(this.agent.registry.agent.name, state);
  }
}
