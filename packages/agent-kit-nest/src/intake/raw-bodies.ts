import { eventBytesMax } from '@signalbox/contracts';
import { raw, type NextFunction, type Request, type Response } from 'express';

const read = raw({ type: () => true, limit: eventBytesMax, inflate: false });

/** Keeps the bodies of the agent's own endpoint as they came: a signature is over these bytes, not over parsed JSON. */
export function rawBodies(request: Request, response: Response, next: NextFunction): void {
  read(request, response, (error?: unknown) => {
    if (error === undefined || error === null) return next();
    const { status = 400, message } = error as { status?: number; message: string };
    const code =
      status === 413 ? 'body_too_large' : status === 415 ? 'media_type_unsupported' : 'request_malformed';
    const body = { status, code, detail: message };
    response.status(status).type('application/problem+json').send(JSON.stringify(body));
  });
}
