import { SignalboxError } from '@signalbox/errors';
import { KeyCache } from '../parts/key-cache.js';
import { textForm, type Encoding } from '../parts/encoding.js';
import { signatureReader, writeSignature, type SignatureHeaderSettings } from '../parts/signature-header.js';
import { compileTemplate } from '../parts/template.js';
import { judgeTime, parseTimestamp, writeTimestamp, type TimestampUnit } from '../parts/timestamp.js';
import type { Scheme, SignedRequest, SignInput, Verdict, WebhookRequest } from '../scheme.js';
import { activeSecrets } from '../secrets.js';
import { singleHeader } from '../single-header.js';
import { headerTitle, noMatch, noUrl, refuse } from '../verdict.js';

interface SignedTime {
  readonly header?: string | undefined;
  readonly field?: string | undefined;
  readonly pointer?: string | undefined;
  readonly unit: TimestampUnit;
  readonly toleranceSeconds: number;
}

/** What all schemes with a signature over a template have in common. */
export interface SignedSettings extends SignatureHeaderSettings {
  readonly encoding: Encoding;
  readonly signed: string;
  readonly timestamp?: SignedTime | undefined;
}

/** The signed bytes, in three pieces so that a large body is not copied. */
export interface Message {
  readonly before: string;
  readonly body: Uint8Array | string;
  readonly after: string;
}

/** The cryptography of a scheme. */
export interface Signatures<Key> {
  readonly name: string;
  /** Length of a signature; undefined when it varies. */
  readonly signatureBytes: number | undefined;
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
    sign: (input: SignInput) => signWith(settings, signatures, input),
  });
}

class Verification<Key> {
  private readonly keys: KeyCache<Key>;
  private readonly read;
  private readonly template;
  private readonly timeHeader;
  private readonly noTime;
  private readonly wrongTime;

  constructor(
    private readonly settings: SignedSettings,
    private readonly signatures: Signatures<Key>,
  ) {
    const { timestamp, header } = settings;
    this.keys = new KeyCache((secret) => signatures.verifyingKey(secret));
    this.read = signatureReader(settings, textForm(settings.encoding, signatures.signatureBytes));
    this.template = compileTemplate(settings.signed);
    this.timeHeader = timestamp?.header;
    const title = headerTitle(timestamp?.header ?? String(header));
    this.noTime = refuse('signature_missing', `The header ${title} is missing.`);
    this.wrongTime = refuse(
      'signature_invalid',
      `The time in ${title} must be written once, as ${timestamp?.unit === 'rfc3339' ? 'RFC 3339 says' : 'digits'}.`,
    );
  }

  verify(request: WebhookRequest): Verdict {
    const found = this.read(request.headers);
    if ('ok' in found) return found;
    const time = this.settings.timestamp;
    if (!time) return this.judge(request, found.signatures, '');
    let text = found.timestamp;
    if (this.timeHeader !== undefined) {
      const header = singleHeader(request.headers, this.timeHeader);
      if (header.kind === 'missing') return this.noTime;
      text = header.kind === 'one' ? header.value : '';
    }
    const signedAtMs = parseTimestamp(text ?? '', time.unit);
    if (signedAtMs === undefined) return this.wrongTime;
    const verdict = this.judge(request, found.signatures, text ?? '');
    return verdict.ok ? judgeTime(verdict.keyId, signedAtMs, request.nowMs, time.toleranceSeconds) : verdict;
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
    const values = {
      timestamp,
      method: request.method ?? 'POST',
      url: request.url,
      header: (name: string) => {
        const header = singleHeader(request.headers, name, 'allowed');
        return header.kind === 'one' ? header.value : undefined;
      },
    };
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
  const timestamp = time ? writeTimestamp(input.nowMs, time.unit) : '';
  const values = {
    timestamp,
    method: input.method ?? 'POST',
    url: input.url,
    header: (name: string) => input.headers?.[name],
  };
  const template = compileTemplate(settings.signed);
  const before = template.before(values);
  const after = template.after(values);
  if (before === undefined || after === undefined)
    throw new SignalboxError(
      'config_invalid',
      `To sign "${settings.signed}" the address and headers in it are needed.`,
    );
  const made = signatures.make(input.secret, { before, body: input.rawBody, after });
  const headers = writeSignature(settings, textForm(settings.encoding).write(made), timestamp);
  return {
    headers: time?.header === undefined ? headers : { ...headers, [time.header]: timestamp },
    rawBody: input.rawBody,
    ...(input.url === undefined ? {} : { url: input.url }),
  };
}
