import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { SignalboxError, errorCodes, type ErrorCode } from '@signalbox/errors';
import { repositoryDir, sourceFlags } from '@signalbox/local-stack';
import type { ShadowRequest } from './host.js';
import type { ShadowReport } from './model.js';

interface HostAnswer {
  readonly report?: ShadowReport;
  readonly error?: { readonly code: string; readonly message: string; readonly action?: string };
}

/** Runs the working copy from source in a process of its own and resolves to what it found. */
export async function runShadow(request: ShadowRequest, signal: AbortSignal): Promise<ShadowReport> {
  const entry = join(repositoryDir, 'packages', 'cli', 'src', 'shadow', 'host.ts');
  const { stdout, stderr } = await runNode([...sourceFlags, entry], JSON.stringify(request), signal);
  const answer = parseAnswer(stdout, stderr);
  if (answer.report) return answer.report;
  const { code, message, action } = answer.error ?? { code: 'internal', message: stderr };
  throw new SignalboxError(
    isKnown(code) ? code : 'internal',
    message,
    action === undefined ? {} : { action },
  );
}

function parseAnswer(stdout: string, stderr: string): HostAnswer {
  try {
    return JSON.parse(stdout) as HostAnswer;
  } catch {
    throw new SignalboxError('internal', `The working copy could not be run:\n${stderr.trim()}`);
  }
}

function runNode(
  args: readonly string[],
  input: string,
  signal: AbortSignal,
): Promise<{ stdout: string; stderr: string }> {
  const child = spawn(process.execPath, args, {
    cwd: repositoryDir,
    signal,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  // Where it ends before it has read all, what it wrote says why.
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', () => resolve(texts));
  });
}

const isKnown = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code);
