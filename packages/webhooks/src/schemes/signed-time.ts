import { parseJson, valueAt, withValueAt } from '../parts/json.js';
import { judgeTime, parseTimestamp, writeTimestamp, type TimestampUnit } from '../parts/timestamp.js';
import type { SignInput, Verdict, WebhookRequest } from '../scheme.js';
import { headerText, singleHeader } from '../single-header.js';
import { headerTitle, refuse, type Refused } from '../verdict.js';

/** Where the signed time stands; see `schemeSettings`. */
export interface SignedTimeSettings {
  readonly header?: string | undefined;
  readonly field?: string | undefined;
  readonly pointer?: string | undefined;
  readonly unit: TimestampUnit;
  readonly toleranceSeconds: number;
}

/** The time as it was signed, and what it means. */
export interface ReadTime {
  readonly text: string;
  readonly ms: number;
}

/** Reads the time of one scheme's requests, with its refusals worded once. */
export class SignedTime {
  private readonly absent: Refused;
  private readonly malformed: Refused;

  constructor(
    private readonly settings: SignedTimeSettings,
    signatureHeader: string,
  ) {
    const { header, pointer, unit } = settings;
    const place = pointer ?? headerTitle(header ?? signatureHeader);
    const form = unit === 'rfc3339' ? 'as RFC 3339 says' : `in ${unit} since 1970`;
    this.absent = refuse('signature_missing', `The header ${place} is missing.`);
    this.malformed = refuse('signature_invalid', `The time in ${place} must be written once, ${form}.`);
  }

  /** The time of a request; `field` is what the signature's header holds of it. */
  read(request: WebhookRequest, field: string | undefined): ReadTime | Refused {
    const { header, pointer } = this.settings;
    if (pointer !== undefined) return this.parse('', valueAt(parseJson(request.rawBody), pointer));
    if (header === undefined) return this.parse(field ?? '', field);
    const found = headerText(request.headers, header);
    if (found !== undefined) return this.parse(found, found);
    return singleHeader(request.headers, header).kind === 'missing' ? this.absent : this.malformed;
  }

  /** The verdict on a request whose signature is right. */
  judge(keyId: string, time: ReadTime | Refused, { nowMs }: WebhookRequest): Verdict {
    return 'ok' in time ? time : judgeTime(keyId, time.ms, nowMs, this.settings.toleranceSeconds);
  }

  private parse(text: string, value: unknown): ReadTime | Refused {
    const written = typeof value === 'number' ? String(value) : value;
    const ms = typeof written === 'string' ? parseTimestamp(written, this.settings.unit) : undefined;
    return ms === undefined ? this.malformed : { text, ms };
  }
}

/** What a sender signs: the time as text, and the body, which holds the time where the settings say so. */
export function stamped(
  settings: SignedTimeSettings | undefined,
  { rawBody, nowMs }: SignInput,
): { readonly text: string; readonly rawBody: Uint8Array | string } {
  if (!settings) return { text: '', rawBody };
  const text = writeTimestamp(nowMs, settings.unit);
  if (settings.pointer === undefined) return { text, rawBody };
  const time = settings.unit === 'rfc3339' ? text : Number(text);
  return { text: '', rawBody: JSON.stringify(withValueAt(parseJson(rawBody), settings.pointer, time)) };
}
