import { readFileSync } from 'node:fs';
import { loadSettings } from '@signalbox/config';
import { localState, requireLocalState, stackSettings } from '@signalbox/local-stack';
import { readRecords, SourceFolder, type ReadySource } from '@signalbox/sources';
import { providers } from '@signalbox/webhooks';
import type { Command } from 'commander';
import { z } from 'zod';
import type { CommandContext } from '../context.js';
import { collect, wholeNumber } from '../format/arguments.js';
import { post } from '../samples/post-webhook.js';
import { addSource, makeTopics, type AddOptions } from '../sources/add-source.js';
import { gatewayTakes } from '../sources/gateway-takes.js';
import { noSource, overlapDaysDefault, overlapDaysMax, rotateSource } from '../sources/rotate-source.js';
import { rotatedText } from '../sources/rotated-text.js';
import { sampleRequest } from '../sources/sample-request.js';
import { addedText, providerTable, schemeText, sourceTable } from '../sources/source-text.js';
import { sourceDirs } from '../stack/stack-sources.js';
import { answerText } from './send.js';

interface UrlOptions {
  readonly url?: string;
}

type AddArguments = Omit<AddOptions, 'secret'> & UrlOptions & { readonly secretStdin?: boolean };
interface RotateArguments extends UrlOptions {
  readonly overlap?: number;
  readonly secretStdin?: boolean;
}
type TestOptions = UrlOptions & { readonly sample?: string };

const gatewayUrl = ({ url }: UrlOptions): string => url ?? localState().gatewayUrl;

/** `signalbox sources list|providers|show|add|rotate|test` */
export function registerSources(program: Command, context: CommandContext): void {
  const sources = program.command('sources').description('who may send webhooks, and what they become');
  registerLooking(sources, context);
  sources
    .command('add')
    .description(
      'write the record of a new source, make its secret and topics, and say what to enter at the provider',
    )
    .argument('<provider>', 'such as github (see `sources providers`), or `house` for a system of your own')
    .option('--as <name>', 'name of the source; default: the provider’s')
    .option('--no-mapping', 'leave the ready mapping out: all lands on webhook.<name>')
    .option(
      '--event-types <types>',
      'for house: event types whose data is posted, with commas between',
      (text) => text.split(','),
    )
    .option('--network <cidr>', 'only from this network; can be given again', collect(String))
    .option('--quarantine', 'keep what does not fit instead of refusing it', false)
    .option('--secret-stdin', 'read the secret the provider gave you from standard input')
    .option('--url <url>', 'public address of the gateway; default: the local stack')
    .action((what: string, options: AddArguments) => add(context, what, options));
  registerRotate(sources, context);
  sources
    .command('test')
    .description('sign a sample as the sender does and post it to the gateway')
    .argument('<source>')
    .option('--sample <name>', 'which one; default: the first')
    .option('--url <url>', 'address of the gateway; default: the local stack')
    .action((name: string, options: TestOptions) => test(context, name, options));
}

function registerRotate(sources: Command, context: CommandContext): void {
  sources
    .command('rotate')
    .description('make a new secret that counts beside the old one for a while, and say how to hand it over')
    .argument('<source>')
    .option(
      '--overlap <days>',
      `days for which the old secret still counts; 0: it ends at once, it has leaked (default: ${overlapDaysDefault})`,
      wholeNumber(0, overlapDaysMax),
    )
    .option('--secret-stdin', 'read the new secret the provider gave you from standard input')
    .option('--url <url>', 'public address of the gateway; default: the local stack')
    .action((name: string, options: RotateArguments) => rotate(context, name, options));
}

function registerLooking(sources: Command, { output }: CommandContext): void {
  sources
    .command('list')
    .description('all sources, and what is wrong with bad records')
    .action(() => {
      const records = readRecords(sourceDirs().sourcesDir);
      const plain = records.map((record) =>
        'error' in record
          ? { file: record.file, problem: record.error.message }
          : {
              file: record.file,
              name: record.source.name,
              path: record.source.path,
              signed: schemeText(record.source),
            },
      );
      output.result(plain, () => sourceTable(records));
    });
  sources
    .command('providers')
    .description('providers that come ready')
    .action(() => output.result([...providers.values()], providerTable));
  sources
    .command('show')
    .description('the record of one source')
    .argument('<source>')
    .action((name: string) => {
      const record = readRecords(sourceDirs().sourcesDir).find(({ file }) => file === `${name}.yaml`);
      if (!record) throw noSource(name);
      const text = readFileSync(`${sourceDirs().sourcesDir}/${record.file}`, 'utf8');
      const problem = 'error' in record ? `\n${record.error.message}` : '';
      output.result(
        { file: record.file, text, ...(problem ? { problem } : {}) },
        () => `${text.trimEnd()}${problem}`,
      );
    });
}

async function add({ output }: CommandContext, what: string, options: AddArguments): Promise<void> {
  const dirs = sourceDirs();
  const secret = options.secretStdin ? readFileSync(0, 'utf8').trim() : undefined;
  const added = addSource(
    what,
    { ...options, ...(secret === undefined ? {} : { secret }) },
    dirs,
    Date.now(),
  );
  const { running } = localState();
  const hasKafka = running || stackSettings().externalKafka !== undefined;
  const topics = hasKafka
    ? await makeTopics(added.source, requireLocalState().kafka, stackSettings().topics)
    : [];
  const url = `${gatewayUrl(options)}${added.source.path}`;
  const takes = running && (await gatewayTakes(url));
  const { source, ...files } = added;
  output.result({ name: source.name, url, topics, ...files, taken: takes }, () =>
    [
      addedText(added, url, topics),
      ...(hasKafka
        ? []
        : ['\nKafka does not run here: `npx signalbox topics apply` makes the topics later.']),
      ...(running && !takes ? ['\nThe gateway does not take it yet: see `npx signalbox logs gateway`.'] : []),
    ].join('\n'),
  );
}

async function rotate({ output }: CommandContext, name: string, options: RotateArguments): Promise<void> {
  const secret = options.secretStdin ? readFileSync(0, 'utf8').trim() : undefined;
  const rotated = rotateSource(
    name,
    {
      overlapDays: options.overlap ?? overlapDaysDefault,
      ...(secret === undefined ? {} : { secret }),
      variable,
    },
    sourceDirs(),
    Date.now(),
  );
  const { source, ...rest } = rotated;
  const url = `${gatewayUrl(options)}${source.path}`;
  output.result({ name: source.name, url, ...rest }, () => rotatedText(rotated, url));
}

async function test(
  { output, fail, signal }: CommandContext,
  name: string,
  options: TestOptions,
): Promise<void> {
  const source = readySourceNamed(name);
  const request = sampleRequest(source, options.sample, `${gatewayUrl(options)}${source.path}`, Date.now());
  const answer = await post(request.url, request.body, request.headers, signal);
  output.result(answer, () => answerText(name, answer, 1));
  if (answer.status !== 202) return fail();
  output.progress(`\nWhat came of it: npx signalbox webhooks list --source ${name}`);
}

function readySourceNamed(name: string): ReadySource {
  const { sources, problems } = new SourceFolder({ ...sourceDirs(), variable }).read();
  const problem = problems.find(({ file }) => file === `${name}.yaml`);
  if (problem) throw problem.error;
  const source = sources.find((one) => one.name === name);
  if (!source) throw noSource(name);
  return source;
}

const variable = (name: string): string | undefined => {
  const given = loadSettings(z.object({ [name]: z.string().optional() }))[name];
  return given ?? (name === 'WEBHOOK_SECRET' ? localState().webhookSecret : undefined);
};
