import { allAnswers } from '../ports/all-answers.js';
import type { ChunkRun } from './chunk.js';
import type { StepContext } from './context.js';
import { fence } from './fence.step.js';
import { inbox } from './inbox.step.js';
import { lock } from './lock.step.js';

/** In this order: whoever owns the partition, what is new, which keys. */
export const openingSteps = [fence, inbox, lock] as const;

/** Asks the database what the chunk needs before it decides: one question after another, without waiting between. */
export async function open(run: ChunkRun, context: StepContext): Promise<void> {
  const answers = await allAnswers(openingSteps.map((step) => step(run, context)));
  for (const settle of answers) await settle();
}
