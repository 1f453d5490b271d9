import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Channels } from './channels.js';

/** Says at the start which channels have no settings and where their messages stay. */
@Injectable()
export class LocalModeNotice implements OnApplicationBootstrap {
  private readonly logger = new Logger('notifier');

  constructor(@Inject(Channels) private readonly channels: Channels) {}

  onApplicationBootstrap(): void {
    const { local } = this.channels;
    if (local.length === 0) return;
    this.logger.warn(
      `No settings for ${local.join(', ')}: such messages stay in the local mailbox (GET /mailbox, 'signalbox mail').`,
    );
  }
}
