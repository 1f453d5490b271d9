import { z } from 'zod';

export const usage = z.record(z.string(), z.number()).describe('Quantity used in the trial by feature.');
