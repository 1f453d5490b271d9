import { setTimeout as delay } from 'node:timers/promises';
import type { Received, ReceiversReady } from '../load/receivers-protocol.js';
import { benchEntry } from './paths.js';
import { SideProcess } from './side-process.js';
import { lost } from './world.js';

const askEveryMs = 20;

/** The destinations of outside calls, and what reached them so far. */
export class Receivers {
  /** Delay of each request's first call, from publishing on, in milliseconds. */
  private readonly delayMsOf = new Map<string, number>();

  private constructor(
    private readonly process: SideProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<Receivers> {
    const process = SideProcess.start('receivers', benchEntry('load/receivers-load'), {});
    const { url } = await process.message<ReceiversReady>('ready');
    return new Receivers(process, url);
  }

  /** How many of these requests were answered by now. */
  async count(ids: readonly string[]): Promise<number> {
    const { ids: answered, startDelaysMs } = await this.process.ask<Received>(
      { kind: 'received?' },
      'received',
    );
    answered.forEach((id, at) => {
      if (!this.delayMsOf.has(id)) this.delayMsOf.set(id, startDelaysMs[at] as number);
    });
    return ids.reduce((sum, id) => sum + Number(this.delayMsOf.has(id)), 0);
  }

  /** Resolves with the time (monotonic ms) at which all of them were seen to be answered. */
  async answered(what: string, ids: readonly string[], withinMs: number): Promise<number> {
    const untilMs = performance.now() + withinMs;
    for (;;) {
      const seen = await this.count(ids);
      if (seen === ids.length) return performance.now();
      if (performance.now() > untilMs) throw lost(what, ids.length, seen);
      await delay(askEveryMs);
    }
  }

  startDelaysMs(ids: readonly string[]): number[] {
    return ids.map((id) => this.delayMsOf.get(id) ?? NaN);
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
