import { randomUUID } from 'node:crypto';
import { SignalboxError } from '@signalbox/errors';
import type { ReadySource } from '@signalbox/sources';
import { activeSecrets, type Locator, type ProviderSample } from '@signalbox/webhooks';

/** A signed request, ready to be sent. */
export interface SampleRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * A sample of a source, signed as its sender does with the newest secret that counts now, and with a delivery id of its
 * own, so that it is a new webhook each time. Throws `not_found` without such a sample, `config_invalid` when it cannot be signed here.
 */
export function sampleRequest(
  source: ReadySource,
  wanted: string | undefined,
  url: string,
  nowMs: number,
): SampleRequest {
  const sample = withOwnId(sampleNamed(source, wanted), source.deliveryId);
  const secret = activeSecrets(source.secrets, nowMs).at(-1);
  if (!secret) throw new SignalboxError('config_invalid', `No secret of ${source.name} counts now.`);
  const rawBody = Buffer.from(sample.body, 'utf8');
  const signed = source.verifier.sign({
    rawBody,
    secret: secret.value,
    nowMs,
    method: 'POST',
    url,
    headers: sample.headers,
  });
  return {
    url: signed.url ?? url,
    headers: { 'content-type': 'application/json', ...sample.headers, ...signed.headers },
    body: Buffer.from(signed.rawBody as string),
  };
}

function sampleNamed({ name, samples }: ReadySource, wanted: string | undefined): ProviderSample {
  const found = wanted === undefined ? samples[0] : samples.find((sample) => sample.name === wanted);
  if (found) return found;
  const names = samples.map((sample) => sample.name).join(', ');
  throw new SignalboxError(
    'not_found',
    `Source ${name} has no sample${wanted === undefined ? '' : ` ${wanted}`}.`,
    {
      action:
        names === ''
          ? 'Write one into its record, or use `npx signalbox send <event type>`.'
          : `There are ${names}.`,
    },
  );
}

/** The sample with another delivery id, where that is a header or a text in a JSON body. */
function withOwnId(sample: ProviderSample, place: Locator | undefined): ProviderSample {
  const id = randomUUID();
  if (!place || 'form' in place) return sample;
  if ('header' in place) return { ...sample, headers: withHeader(sample.headers, place.header, id) };
  const steps = place.pointer.split('/').slice(1);
  const name = steps.pop();
  const body = jsonOf(sample.body);
  const holder = steps.reduce<unknown>(
    (value, step) => (value as Record<string, unknown> | undefined)?.[step],
    body,
  );
  if (typeof holder !== 'object' || holder === null || name === undefined) return sample;
  const members = holder as Record<string, unknown>;
  if (typeof members[name] !== 'string') return sample;
  members[name] = id;
  return { ...sample, body: JSON.stringify(body) };
}

/** In whatever case the sample wrote its name. */
function withHeader(
  headers: ProviderSample['headers'],
  name: string,
  value: string,
): Readonly<Record<string, string>> {
  const others = Object.entries(headers).filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  return { ...Object.fromEntries(others), [name]: value };
}

/** Undefined for a form or a text: its id stays as it is. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
