import { SignalboxError } from '@signalbox/errors';
import type { SeededRandom } from '@signalbox/test-kit';

/** An outside system that acts once per idempotency key, and fails now and then, before or after it acted. */
export class SimulatedReceiver {
  /** What it did, in order. */
  readonly acts: { readonly idempotencyKey: string; readonly key: string; readonly seq: number }[] = [];
  private readonly failures = new Map<string, number>();

  constructor(private readonly random: SeededRandom) {}

  async receive(idempotencyKey: string, act: { user_id: string; seq: number; act?: unknown }): Promise<void> {
    if (act.act === 'refused') throw new SignalboxError('handler_fatal', 'will never do that');
    const failures = this.failures.get(idempotencyKey) ?? 0;
    const fails = act.act === 'flaky' && failures < 2 && this.random.chance(0.7);
    if (fails) this.failures.set(idempotencyKey, failures + 1);
    if (fails && this.random.chance(0.5)) throw new Error('busy');
    if (!this.acts.some((done) => done.idempotencyKey === idempotencyKey))
      this.acts.push({ idempotencyKey, key: act.user_id, seq: act.seq });
    if (fails) throw new Error('the answer was lost');
  }
}
