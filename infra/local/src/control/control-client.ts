import { request } from 'node:http';
import { SignalboxError, errorCodes, type ErrorCode } from '@signalbox/errors';
import type { SupervisorRecord } from '../state/local-state.js';
import type { ControlRequest } from './control-server.js';

interface ErrorAnswer {
  readonly error?: { readonly code: string; readonly message: string; readonly action?: string };
}

/** Asks a running supervisor. Throws `stack_unavailable` when it does not answer, or the error it answered with. */
export async function askSupervisor<T>(
  record: SupervisorRecord,
  question: ControlRequest,
  limitMs = 30_000,
): Promise<T> {
  const text = await post(record, JSON.stringify(question), limitMs);
  const answer = JSON.parse(text) as T & ErrorAnswer;
  if (answer.error) {
    const { code, message, action } = answer.error;
    const known = Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : 'stack_unavailable';
    throw new SignalboxError(known, message, action ? { action } : {});
  }
  return answer;
}

function post(record: SupervisorRecord, body: string, limitMs: number): Promise<string> {
  const { port, token } = record.control;
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void =>
      reject(
        new SignalboxError(
          'stack_unavailable',
          `The supervisor (pid ${record.supervisor.pid}) does not answer.`,
          {
            cause,
            action: `End it with \`kill ${record.supervisor.pid}\` and run \`npx signalbox down\`, then start again.`,
          },
        ),
      );
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const options = { host: '127.0.0.1', port, method: 'POST', agent: false, timeout: limitMs, headers };
    const call = request(options, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.once('end', () => resolve(text));
      response.once('error', fail);
    });
    call.once('timeout', () => call.destroy());
    call.once('error', fail);
    call.end(body);
  });
}
