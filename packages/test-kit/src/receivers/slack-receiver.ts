import { HttpReceiver, type HttpAnswer, type ReceivedRequest } from './http-receiver.js';

/** A message an incoming webhook takes. https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
export interface SlackMessage {
  readonly text?: string;
  readonly blocks?: readonly SlackBlock[];
}

export interface SlackBlock {
  readonly type: string;
  readonly text?: { readonly type: string; readonly text: string };
  readonly elements?: readonly unknown[];
}

const blocksMax = 50;
const textCharsMax = 40_000;
/** Characters of a block's text, by block type. */
const blockTextCharsMax: Readonly<Record<string, number>> = { header: 150, section: 3_000 };

/** Slack's incoming webhook: takes documented messages with `ok`, refuses others with Slack's words. */
export class SlackReceiver {
  private constructor(
    readonly http: HttpReceiver,
    private readonly path: string,
  ) {}

  static async start(port = 0): Promise<SlackReceiver> {
    const path = '/services/T00000000/B00000000/signalbox';
    return new SlackReceiver(await HttpReceiver.start((request) => answerSlack(request, path), port), path);
  }

  /** What a SLACK_WEBHOOK_URL setting holds. */
  get url(): string {
    return this.http.origin + this.path;
  }

  /** The messages taken, in order. */
  get messages(): readonly SlackMessage[] {
    return this.http.requests.all
      .filter(({ status }) => status === 200)
      .map(({ body }) => JSON.parse(body.toString('utf8')) as SlackMessage);
  }

  close(): Promise<void> {
    return this.http.close();
  }
}

function answerSlack(request: ReceivedRequest, path: string): HttpAnswer {
  if (request.path !== path) return { status: 404, body: 'no_service' };
  if (request.method !== 'POST') return { status: 405, body: 'invalid_method' };
  const problem = slackProblem(request.body);
  return problem === undefined ? { status: 200, body: 'ok' } : { status: 400, body: problem };
}

/** What Slack would answer to a body it does not take, or undefined for one it takes. */
export function slackProblem(body: Buffer): string | undefined {
  let message: SlackMessage;
  try {
    message = JSON.parse(body.toString('utf8')) as SlackMessage;
  } catch {
    return 'invalid_payload';
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return 'invalid_payload';
  const { text, blocks } = message;
  if (text !== undefined && typeof text !== 'string') return 'invalid_payload';
  if (blocks !== undefined && !validBlocks(blocks)) return 'invalid_blocks';
  if ((text ?? '') === '' && (blocks ?? []).length === 0) return 'no_text';
  return (text ?? '').length > textCharsMax ? 'msg_too_long' : undefined;
}

function validBlocks(blocks: unknown): boolean {
  if (!Array.isArray(blocks) || blocks.length > blocksMax) return false;
  return (blocks as Partial<SlackBlock>[]).every(({ type, text, elements }) => {
    if (type === 'divider') return true;
    if (type === 'context' || type === 'actions') return Array.isArray(elements) && elements.length > 0;
    const charsMax = type === undefined ? undefined : blockTextCharsMax[type];
    if (charsMax === undefined || text === undefined) return false;
    const kinds = type === 'header' ? ['plain_text'] : ['plain_text', 'mrkdwn'];
    return kinds.includes(text.type) && text.text.length > 0 && text.text.length <= charsMax;
  });
}
