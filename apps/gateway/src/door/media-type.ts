import type { IncomingHttpHeaders } from 'node:http';
import { envelopeContentType } from '@signalbox/contracts';
import type { SourceForm } from '@signalbox/sources';
import { problem, type Problem } from '../problem/problem.js';

const plain = 'application/json';

const refuse = (detail: string): Problem => problem('media_type_unsupported', detail);
const wrongType = refuse('The content type must be application/json.');
const wrongCharset = refuse('The charset must be utf-8.');
const compressed = refuse('Compressed bodies are not taken: send without Content-Encoding.');

const parameters = /^\s*(?:;\s*(?:charset\s*=\s*"?([\w-]{1,32})"?\s*)?)?$/i;

/**
 * Why a body's headers do not announce uncompressed JSON in UTF-8, or undefined when they do. A provider's body may be
 * of any type, but not compressed.
 */
export function mediaTypeProblem(
  headers: IncomingHttpHeaders,
  form: SourceForm = 'flat',
): Problem | undefined {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') return compressed;
  if (form === 'provider') return undefined;
  const contentType = headers['content-type'];
  if (contentType === plain) return undefined;
  if (contentType === undefined) return wrongType;
  const end = contentType.indexOf(';');
  const media = (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
  if (media !== plain && media !== envelopeContentType) return wrongType;
  const match = parameters.exec(end < 0 ? '' : contentType.slice(end));
  if (!match) return wrongType;
  const charset = match[1]?.toLowerCase();
  return charset === undefined || charset === 'utf-8' || charset === 'utf8' ? undefined : wrongCharset;
}
