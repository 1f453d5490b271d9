import { SignalboxError } from '@signalbox/errors';
import type { Message } from '../parts/hmac.js';
import { KeyCache } from '../parts/key-cache.js';
import { textForm, type Encoding } from '../parts/encoding.js';
import { signatureReader, writeSignature, type SignatureHeaderSettings } from '../parts/signature-header.js';
import { compileTemplate } from '../parts/template.js';
import type { Scheme, SignedRequest, SignInput, Verdict, WebhookRequest } from '../scheme.js';
import { activeSecrets } from '../secrets.js';
import { noMatch, noUrl } from '../verdict.js';
import { SignedTime, stamped, type SignedTimeSettings } from './signed-time.js';

/** What all schemes with a signature over a template have in common. */
export interface SignedSettings extends SignatureHeaderSettings {
  readonly encoding: Encoding;
  readonly signed: string;
  readonly timestamp?: SignedTimeSettings | undefined;
}

/** The cryptography of a scheme. */
export interface Signatures<Key> {
  readonly name: string;
  /** Length of a signature; undefined when it varies. */
  readonly signatureBytes: number | undefined;
  /** For a sentence: what a secret must be. */
  readonly keyForm: string;
  /** The key that checks signatures; undefined, or any throw, when the secret is none. */
  verifyingKey(secret: string | Uint8Array): Key | undefined;
  /** Whether one of the signatures is right; takes the same time wherever they differ. Never throws. */
  matches(key: Key, message: Message, given: readonly Buffer[]): boolean;
  /** Throws `config_invalid` for a secret that cannot sign. */
  make(secret: string | Uint8Array, message: Message): Buffer;
}

/** A scheme from its cryptography and the place where its signature stands. */
export function signedScheme<Key>(settings: SignedSettings, signatures: Signatures<Key>): Scheme {
  const check = new Verification(settings, signatures);
  return Object.freeze({
    name: signatures.name,
    verify: (request: WebhookRequest) => check.verify(request),
    secretProblem: (secret: string | Uint8Array) => check.secretProblem(secret),
    sign: (input: SignInput) => signWith(settings, signatures, input),
  });
}

class Verification<Key> {
  private readonly keys: KeyCache<Key>;
  private readonly read;
  private readonly template;
  private readonly time: SignedTime | undefined;

  constructor(
    private readonly settings: SignedSettings,
    private readonly signatures: Signatures<Key>,
  ) {
    const { timestamp, header } = settings;
    this.keys = new KeyCache((secret) => signatures.verifyingKey(secret));
    this.read = signatureReader(settings, textForm(settings.encoding, signatures.signatureBytes));
    this.template = compileTemplate(settings.signed);
    this.time = timestamp && new SignedTime(timestamp, String(header));
  }

  verify(request: WebhookRequest): Verdict {
    const found = this.read(request.headers);
    if ('ok' in found) return found;
    if (!this.time) return this.judge(request, found.signatures, '');
    if (this.settings.timestamp?.pointer !== undefined) {
      // The body has to be parsed for its time, so it must be known to be the sender's first.
      const verdict = this.judge(request, found.signatures, '');
      return verdict.ok
        ? this.time.judge(verdict.keyId, this.time.read(request, undefined), request)
        : verdict;
    }
    const time = this.time.read(request, found.timestamp);
    if ('ok' in time) return time;
    const verdict = this.judge(request, found.signatures, time.text);
    return verdict.ok ? this.time.judge(verdict.keyId, time, request) : verdict;
  }

  secretProblem(secret: string | Uint8Array): string | undefined {
    const readable = secret.length > 0 && this.keys.tryRead(secret) !== undefined;
    return readable ? undefined : `The secret must be ${this.signatures.keyForm}.`;
  }

  private judge(request: WebhookRequest, given: readonly Buffer[], timestamp: string): Verdict {
    const message = this.messageOf(request, timestamp);
    if (!message) return this.template.usesUrl && typeof request.url !== 'string' ? noUrl : noMatch;
    // Every secret is tried, also after a match: the time taken says nothing about which one it was.
    let keyId: string | undefined;
    for (const secret of activeSecrets(request.secrets, request.nowMs)) {
      const key = this.keys.keyOf(secret);
      if (key === undefined) continue;
      const matches = this.signatures.matches(key, message, given);
      if (matches && keyId === undefined) keyId = secret.keyId;
    }
    return keyId === undefined ? noMatch : { ok: true, keyId };
  }

  private messageOf(request: WebhookRequest, timestamp: string): Message | undefined {
    if (this.template.bodyOnly) return { before: '', body: request.rawBody, after: '' };
    const { url, method = 'POST', headers } = request;
    const values = { timestamp, method, url: typeof url === 'string' ? url : undefined, headers };
    const before = this.template.before(values);
    const after = this.template.after(values);
    return before === undefined || after === undefined ? undefined : { before, body: request.rawBody, after };
  }
}

function signWith<Key>(
  settings: SignedSettings,
  signatures: Signatures<Key>,
  input: SignInput,
): SignedRequest {
  const time = settings.timestamp;
  const { text: timestamp, rawBody } = stamped(time, input);
  const values = {
    timestamp,
    method: input.method ?? 'POST',
    url: input.url,
    headers: input.headers ?? {},
  };
  const template = compileTemplate(settings.signed);
  const before = template.before(values);
  const after = template.after(values);
  if (before === undefined || after === undefined)
    throw new SignalboxError(
      'config_invalid',
      `To sign "${settings.signed}" the address and headers in it are needed.`,
    );
  const made = signatures.make(input.secret, { before, body: rawBody, after });
  const headers = writeSignature(settings, textForm(settings.encoding).write(made), timestamp);
  return {
    headers: time?.header === undefined ? headers : { ...headers, [time.header]: timestamp },
    rawBody,
    ...(input.url === undefined ? {} : { url: input.url }),
  };
}
