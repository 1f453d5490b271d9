import type { Attempt, EmitOutput, NoteOutput, UnknownOutcome } from '@signalbox/agent-kit';
import { AgentHandlers, Perform } from '@signalbox/agent-kit-nest';
import { remediationRequested, type DataOf, type EventEnvelope } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import { Inject } from '@nestjs/common';
import { callHook } from './actions/call-hook.js';
import { runCommand } from './actions/run-command.js';
import { AllowListFile } from './allow-list.file.js';
import type { AllowListEntry } from './allow-list.js';
import { entryFor, planStep, type Step } from './plan-step.js';
import { completedOf, givenUp } from './remediation.format.js';

type Event = EventEnvelope<DataOf<typeof remediationRequested>>;

/** Runs what the allow-list holds, and nothing else. */
@AgentHandlers()
export class RemediatorHandlers {
  constructor(@Inject(AllowListFile) private readonly allowList: AllowListFile) {}

  @Perform(remediationRequested, {
    destination: ({ data }) => data.service_name,
    unknownOutcome(this: RemediatorHandlers, { data }): UnknownOutcome {
      return entryFor(data, this.entries())?.idempotent === true ? 'repeat' : 'ask';
    },
    // Two repairs of one service at a time would repair each other.
    concurrency: 1,
    // A repair that comes an hour late repairs something else.
    retry: { delaysMs: [5_000, 60_000, 600_000], afterDeadLetter: 'go-on' },
    giveUp: givenUp,
  })
  async remediate(event: Event, attempt: Attempt): Promise<readonly (EmitOutput | NoteOutput)[]> {
    const step = planStep(event.data, this.entries());
    const startedMs = performance.now();
    const outcome = await run(step, attempt.signal);
    return [completedOf(event, outcome, performance.now() - startedMs)];
  }

  /** A file that somebody is editing is no reason to give a request up. */
  private entries(): readonly AllowListEntry[] {
    try {
      return this.allowList.entries();
    } catch (error) {
      throw new SignalboxError('handler_failed', (error as Error).message, { cause: error });
    }
  }
}

async function run(step: Step, signal: AbortSignal): Promise<string> {
  if (step.kind === 'http') return callHook(step, signal);
  const output = await runCommand(step.argv, { timeoutMs: step.timeoutMs, signal });
  return `${step.argv[0]} ended with code 0${output === '' ? '' : `: ${output}`}`;
}
