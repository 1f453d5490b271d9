import { requireLocalState } from '@signalbox/local-stack';
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { collect, wholeNumber } from '../format/arguments.js';
import { printable } from '../format/printable.js';
import { webhookBodies } from '../samples/bodies.js';
import { findContract } from '../samples/find-contract.js';
import { gatewayTarget } from '../samples/gateway-path.js';
import { postWebhook, type WebhookAnswer } from '../samples/post-webhook.js';
import { parseAssignment, type Assignment } from '../samples/set-path.js';

const sendsMax = 100_000;

interface SendOptions {
  readonly file?: string;
  readonly count: number;
  readonly duplicate: number;
  readonly set?: readonly Assignment[];
  readonly url?: string;
  readonly secret?: string;
}

/** `signalbox send <event>` */
export function registerSend(program: Command, context: CommandContext): void {
  program
    .command('send')
    .description('sign the sample of an event and post it to the gateway, as its sender would')
    .argument('<event>', 'event type, such as service_down')
    .option(
      '-f, --file <path>',
      'send this JSON file instead; byte for byte unless --count or --set are given',
    )
    .option('-c, --count <n>', 'how many new events', wholeNumber(1, sendsMax), 1)
    .option('-d, --duplicate <n>', 'how often to send the same bytes', wholeNumber(1, sendsMax), 1)
    .option(
      '-s, --set <path=value>',
      'set a field; {n} and {id} differ for each event',
      collect(parseAssignment),
    )
    .option('--url <url>', 'address of the gateway; default: the local stack')
    .option('--secret <secret>', 'secret to sign with; default: the local stack’s')
    .addHelpText('after', examples)
    .action((event: string, options: SendOptions) => send(context, event, options));
}

const examples = `
Examples:
  signalbox send service_down
  signalbox send service_down --set service_name=PaymentGatewayService --set severity=high
  signalbox send user.signed_up --count 5 --set data.user_id=usr-{n}
  signalbox send shipping_delay --duplicate 3`;

async function send(context: CommandContext, event: string, options: SendOptions): Promise<void> {
  const { output, signal } = context;
  const contract = findContract(event);
  const { path } = gatewayTarget(contract);
  const { url, secret } = destination(options);
  const bodies = webhookBodies(contract, {
    file: options.file,
    count: options.count,
    assignments: options.set ?? [],
  });
  let last: WebhookAnswer | undefined;
  for (const [at, body] of bodies.entries()) {
    for (let time = 1; time <= options.duplicate; time += 1) {
      if (signal.aborted) return context.fail();
      const answer = await postWebhook(new URL(path, url).href, body, secret, signal);
      output.item({ event_type: event, n: at + 1, duplicate: time, ...answer }, () =>
        answerText(event, answer, time),
      );
      if (answer.status !== 202) context.fail();
      last = answer;
    }
  }
  if (last?.status === 202) output.progress(`\nWhat came of it: npx signalbox story ${last.correlation_id}`);
}

/** The local stack is only asked for what was not given. */
function destination({ url, secret }: SendOptions): { url: string; secret: string } {
  if (url !== undefined && secret !== undefined) return { url, secret };
  const local = requireLocalState();
  return { url: url ?? local.gatewayUrl, secret: secret ?? local.webhookSecret };
}

/** The gateway's answer on one line, the bad fields below it. */
export function answerText(event: string, answer: WebhookAnswer, time: number): string {
  const { status, ms, event_id: id = '', correlation_id: correlation = '' } = answer;
  const again = time > 1 ? '  (same bytes again)' : '';
  if (status === 202) {
    const story = correlation === id ? '' : `  story ${printable(correlation)}`;
    return `${status}  ${event}  ${printable(id)}${story}  ${ms} ms${again}`;
  }
  const reason = [answer.code, answer.detail]
    .filter((text) => text !== undefined)
    .map((text) => printable(text));
  const fields = (answer.pointers ?? [])
    .map(({ pointer, message }) => `${pointer} ${message}`)
    .filter((field) => answer.detail?.includes(field) !== true)
    .map((field) => `\n       ${printable(field)}`);
  return `${status}  ${event}  refused: ${reason.join(': ')}  ${ms} ms${again}${fields.join('')}`;
}
