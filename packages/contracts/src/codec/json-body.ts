import { isUtf8 } from 'node:buffer';
import { SignalboxError, type ErrorCode, type ErrorPointer } from '@signalbox/errors';
import { appendToPointer } from './pointers.js';

export type JsonObject = Record<string, unknown>;

/** Levels of objects and arrays a whole record value may have, the outermost included. */
export const bodyDepthMax = 32;
/** Levels `data` may have by itself: one less, so that every `data` fits into an envelope. */
export const dataDepthMax = bodyDepthMax - 1;

/** The only way a NUL or half a surrogate pair gets into a parsed string: JSON forbids the raw NUL, UTF-8 the raw half. */
const suspiciousEscape = /\\u(?:0000|[dD][89a-fA-F])/;
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Parses one JSON object in strict UTF-8 (a byte order mark is skipped): at most `depthMax` levels, no NUL and no
 * half surrogate pairs in strings, because PostgreSQL cannot store them. Throws `code` (default `body_not_json`).
 */
export function parseJsonObject(
  bytes: Uint8Array,
  options: { readonly code?: ErrorCode; readonly depthMax?: number } = {},
): JsonObject {
  const { code = 'body_not_json', depthMax = dataDepthMax } = options;
  const body = parseJson(bytes, code, depthMax);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refuse(code, { pointer: '', message: 'must be a JSON object' });
  }
  return body as JsonObject;
}

/** As `parseJsonObject`, for any JSON value. */
export function parseJson(bytes: Uint8Array, code: ErrorCode, depthMax: number): unknown {
  const text = decodeUtf8(bytes, code);
  const value = parse(text, code);
  // Strings need a look only when the text holds a suspicious escape, so the usual record pays one scan.
  const problem = findProblem(value, depthMax, suspiciousEscape.test(text));
  if (problem) throw refuse(code, problem);
  return value;
}

function decodeUtf8(bytes: Uint8Array, code: ErrorCode): string {
  if (!isUtf8(bytes)) throw refuse(code, { pointer: '', message: 'is not UTF-8' });
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function parse(text: string, code: ErrorCode): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own message quotes the input, which may hold what must not reach a log.
    throw refuse(code, { pointer: '', message: text.trim() === '' ? 'is empty' : 'is not JSON' });
  }
}

/**
 * The first reason why a parsed JSON value cannot be an event's data: more than `depthMax` levels, a NUL, half a
 * surrogate pair. Undefined when there is none. With `strings` false only the depth is looked at.
 */
export function findProblem(
  value: unknown,
  depthMax: number = dataDepthMax,
  strings = true,
  pointer = '',
): ErrorPointer | undefined {
  if (typeof value === 'string') return strings ? stringProblem(value, pointer) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depthMax === 0) return { pointer, message: 'is nested too deeply' };
  for (const key in value) {
    const child = (value as JsonObject)[key];
    if (strings) {
      const problem = stringProblem(key, pointer);
      if (problem) return problem;
    } else if (typeof child !== 'object' || child === null) continue;
    const problem = findProblem(child, depthMax - 1, strings, strings ? appendToPointer(pointer, key) : '');
    if (problem) return problem;
  }
  return undefined;
}

function stringProblem(text: string, pointer: string): ErrorPointer | undefined {
  if (text.includes('\u0000')) return { pointer, message: 'must not contain NUL' };
  if (loneSurrogate.test(text)) return { pointer, message: 'must not contain half a surrogate pair' };
  return undefined;
}

function refuse(code: ErrorCode, problem: ErrorPointer): SignalboxError {
  const where = problem.pointer === '' ? 'The body' : problem.pointer;
  return new SignalboxError(code, `${where} ${problem.message}.`, { pointers: [problem] });
}
