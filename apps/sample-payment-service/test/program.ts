import { join } from 'node:path';
import type { ChildProgram } from '../src/supervisor/payment-child.js';

/** The payment process from source, as a child of a test. */
export const sourceProgram: ChildProgram = {
  path: join(__dirname, '../src/payment-process.ts'),
  options: {
    execArgv: ['--conditions=@signalbox/source', '-r', join(__dirname, '../../../infra/register-source.cjs')],
  },
};
