import { Body, Controller, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { SignalboxError } from '@signalbox/errors';
import { z } from 'zod';
import { ControlTokenGuard } from './control-token.guard.js';
import { Releaser } from './releaser.js';
import type { ReleaseReport } from '@signalbox/sources';

const request = z.strictObject({
  source: z.string().min(1).max(63),
  by: z.string().min(1).max(255),
  since: z.iso.datetime({ offset: true }),
  dry_run: z.boolean().default(false),
  quarantined: z.boolean().default(false),
});

/** Releasing webhooks: for operators, who send CONTROL_TOKEN. */
@Controller('control/webhooks')
@UseGuards(ControlTokenGuard)
export class ReleaseController {
  constructor(@Inject(Releaser) private readonly releaser: Releaser) {}

  @Post('reverify')
  @HttpCode(200)
  async reverify(@Body() body: unknown): Promise<ReleaseReport> {
    const parsed = request.safeParse(body);
    if (!parsed.success) {
      const pointers = parsed.error.issues.map(({ path, message }) => ({
        pointer: `/${path.join('/')}`,
        message,
      }));
      throw new SignalboxError('request_malformed', 'The request to release webhooks is malformed.', {
        pointers,
      });
    }
    const { source, by, since, dry_run: dryRun, quarantined } = parsed.data;
    return this.releaser.release({ source, by, sinceMs: Date.parse(since), dryRun, quarantined });
  }
}
