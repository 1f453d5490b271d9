import { readFileSync } from 'node:fs';
import { draftApproved, draftRejected } from '@signalbox/contracts';
import { SignalboxError } from '@signalbox/errors';
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { draftTable, draftText } from '../drafts/draft-text.js';
import type { DraftView } from '../drafts/fold-drafts.js';
import { readDrafts, requireDraft } from '../drafts/read-drafts.js';
import { span } from '../format/arguments.js';
import { printable } from '../format/printable.js';
import { person } from '../stack/person.js';
import { publishOne } from '../stack/publish-one.js';

const defaultSinceMs = 30 * 86_400_000;

interface DecideOptions {
  readonly by: string;
  readonly note?: string;
  readonly since: number;
}

interface ApproveOptions extends DecideOptions {
  readonly subject?: string;
  readonly bodyFile?: string;
}

/** `signalbox drafts list|show|approve|reject` */
export function registerDrafts(program: Command, context: CommandContext): void {
  const drafts = program.command('drafts').description('mails that agents wrote and a person must approve');
  since(drafts.command('list').description('drafts that wait, or all of them'))
    .option('--all', 'also those that are decided')
    .action((options: { all?: boolean; since: number }) => list(context, options));
  since(drafts.command('show').description('one draft, whole').argument('<draft>', 'its id')).action(
    (id: string, options: { since: number }) => show(context, id, options.since),
  );
  decision(drafts.command('approve').description('let a draft go out').argument('<draft>', 'its id'))
    .option('--subject <text>', 'another subject')
    .option('--body-file <path>', 'a text file with another text')
    .action((id: string, options: ApproveOptions) => approve(context, id, options));
  decision(
    drafts.command('reject').description('keep a draft from going out').argument('<draft>', 'its id'),
  ).action((id: string, options: DecideOptions) => reject(context, id, options));
}

const since = (command: Command): Command =>
  command.option('--since <span>', 'how far back to look: 24h, 7d', span, defaultSinceMs);

const decision = (command: Command): Command =>
  since(command).option('--by <name>', 'who decides', person()).option('--note <text>', 'why');

async function list({ output }: CommandContext, options: { all?: boolean; since: number }): Promise<void> {
  const all = await readDrafts(Date.now() - options.since);
  const drafts = options.all ? all : all.filter(isUndecided);
  output.result(drafts, () => (drafts.length === 0 ? 'No draft waits for anybody.' : draftTable(drafts)));
}

async function show({ output }: CommandContext, id: string, sinceMs: number): Promise<void> {
  const draft = await requireDraft(id, Date.now() - sinceMs);
  output.result(draft, () => draftText(draft));
}

async function approve(context: CommandContext, id: string, options: ApproveOptions): Promise<void> {
  const draft = await undecided(id, options.since);
  if (draft.to === undefined) {
    throw new SignalboxError('not_found', `The address of ${printable(id, 255)} is not known.`, {
      action: 'Publish customer.updated with the address first; the draft then waits for approval.',
    });
  }
  const { subject, bodyFile } = options;
  const words = {
    ...(subject === undefined ? {} : { subject }),
    ...(bodyFile === undefined ? {} : { body_text: readText(bodyFile) }),
  };
  const { eventId } = await publishOne(
    draftApproved,
    { ...dataOf(draft, options), ...words },
    causedBy(draft),
  );
  tell(context, 'approved', draft, eventId);
}

async function reject(context: CommandContext, id: string, options: DecideOptions): Promise<void> {
  const draft = await undecided(id, options.since);
  const { eventId } = await publishOne(draftRejected, dataOf(draft, options), causedBy(draft));
  tell(context, 'rejected', draft, eventId);
}

/** The agent decides in the end; asking here tells the person at once. */
async function undecided(id: string, sinceMs: number): Promise<DraftView> {
  const draft = await requireDraft(id, Date.now() - sinceMs);
  if (isUndecided(draft)) return draft;
  const by = draft.by === undefined ? '' : ` by ${printable(draft.by)}`;
  throw new SignalboxError('request_malformed', `${printable(id, 255)} is ${draft.status} already${by}.`, {
    action: 'A draft is decided once. Write to the customer yourself where it was wrong.',
  });
}

const isUndecided = ({ status }: DraftView): boolean => status === 'waiting' || status === 'needs-address';

const dataOf = ({ draft_id, customer_id }: DraftView, { by, note }: DecideOptions) => ({
  draft_id,
  customer_id,
  by,
  ...(note === undefined ? {} : { note }),
});

const causedBy = ({ correlation_id, event_id }: DraftView) => ({
  correlationId: correlation_id,
  causationId: event_id,
});

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch (cause) {
    throw new SignalboxError('config_invalid', `${printable(path)} cannot be read.`, {
      cause,
      action: 'Name a text file with --body-file.',
    });
  }
}

function tell({ output }: CommandContext, what: string, draft: DraftView, eventId: string): void {
  const { draft_id, correlation_id } = draft;
  output.result({ draft_id, decision: what, event_id: eventId, correlation_id }, () =>
    [`${what}  ${printable(draft_id)}`, `see     npx signalbox story ${printable(correlation_id)}`].join(
      '\n',
    ),
  );
}
