import { SignalboxError, errorCodes, type ErrorCode } from '@signalbox/errors';
import { HttpException } from '@nestjs/common';

/** An answer with an error code and what is wrong. */
export function problem(code: ErrorCode, detail: string): HttpException {
  const info: { readonly http?: number } = errorCodes[code];
  return new HttpException({ code, detail }, info.http ?? 500);
}

/** The answer for an error of ours; any other error stays what it is. */
export const problemOf = (error: unknown): unknown =>
  error instanceof SignalboxError ? problem(error.code, error.message) : error;
