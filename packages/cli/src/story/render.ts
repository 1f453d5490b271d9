import { pad } from '../format/table.js';
import { dateTime, duration, offset } from '../format/time.js';
import { printable, shortId } from '../format/printable.js';
import { wrap } from '../format/wrap.js';
import { headline } from './headline.js';
import type { DecisionNode, EventNode, Story, StoryNode, WebhookNode } from './model.js';
import { summarize } from './summary.js';

const timeWidth = 11;
const widthMin = 40;

/** A story for a terminal of `width` columns: times on the left, the causal tree beside them, the sum at the end. */
export function renderStory(story: Story, width = 110): string {
  const lines = [
    `Story ${printable(story.correlationId)}`,
    `${dateTime(story.startedAtMs)} UTC`,
    '',
    ...story.roots.flatMap((root) => renderNode(root, story.startedAtMs, '', '', width)),
    '',
    ...renderSummary(story),
  ];
  return lines.join('\n');
}

/** The lines of a node and its children; `own` stands before its first line, `rest` before all others. */
function renderNode(node: StoryNode, zeroMs: number, own: string, rest: string, width: number): string[] {
  const time = pad(offset(node.atMs - zeroMs), timeWidth, 'right');
  const blank = ' '.repeat(timeWidth);
  const hang = node.children.length > 0 ? `${rest}│  ` : `${rest}   `;
  const [first = '', ...more] = wrap(
    describe(node),
    Math.max(widthMin, width - timeWidth - 2 - rest.length - 3),
  );
  const children = node.children.flatMap((child, at) => {
    const isLast = at === node.children.length - 1;
    return renderNode(
      child,
      zeroMs,
      `${rest}${isLast ? '└─ ' : '├─ '}`,
      `${rest}${isLast ? '   ' : '│  '}`,
      width,
    );
  });
  return [`${time}  ${own}${first}`, ...more.map((line) => `${blank}  ${hang}${line}`), ...children];
}

function describe(node: StoryNode): string {
  if (node.kind === 'webhook') return describeWebhook(node);
  return node.kind === 'event' ? describeEvent(node) : describeDecision(node);
}

function describeWebhook({ webhook }: WebhookNode): string {
  const { source, path, verdict, status, reason } = webhook;
  const why = reason === undefined ? '' : ` (${printable(reason)})`;
  return `webhook from ${printable(source)} to ${printable(path, 200)}: ${verdict} with ${status}${why}`;
}

function describeEvent({ eventType, data, records }: EventNode): string {
  const words = printable(headline(eventType, data), 300);
  const again = records > 1 ? ` [published ${records} times]` : '';
  return `${printable(eventType)}${words === '' ? '' : `  ${words}`}${again}`;
}

const outcomeWords: Readonly<Record<DecisionNode['outcome'], string>> = {
  handled: 'decided',
  duplicate: 'knew it already',
  skipped: 'skipped it',
  failed: 'failed',
  parked: 'parked it behind a failed event',
  dead_lettered: 'gave up: dead letter',
  fired: 'timer fired',
  performed: 'did it',
};

function describeDecision(node: DecisionNode): string {
  const isQueued = node.outcome === 'handled' && node.note === 'queued';
  const what = isQueued ? 'has it in its queue' : outcomeWords[node.outcome];
  const times = node.times > 1 ? ` (${node.times} times)` : '';
  const attempt = (node.attempt ?? 1) > 1 ? ` at attempt ${node.attempt}` : '';
  const code = node.errorCode === undefined ? '' : ` [${printable(node.errorCode)}]`;
  const note = node.note === undefined || isQueued ? '' : `: ${printable(node.note)}`;
  return `${printable(node.agent)} ${what}${attempt}${times}${code}${note}`;
}

function renderSummary(story: Story): string[] {
  const sum = summarize(story);
  const parts = [
    count(sum.webhooks, 'webhook'),
    count(sum.events, 'event'),
    count(sum.agents.length, 'agent'),
    `${duration(story.endedAtMs - story.startedAtMs)} from first to last`,
  ];
  return [
    parts.join(' · '),
    ...sum.open.map(
      ({ eventType, eventId }) => `waiting: ${printable(eventType)} ${shortId(eventId)} has no result yet`,
    ),
    ...sum.failures.map(
      ({ agent, eventType, eventId }) =>
        `failed: ${printable(agent)} could not handle ${printable(eventType)} ${shortId(eventId)}`,
    ),
  ];
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
