import { PrismaPg } from '@prisma/adapter-pg';
import type { Pool } from '@signalbox/agent-kit-postgres';
import { PrismaClient } from '../generated/prisma/client.js';

/** A Prisma client over the app's one pool; it neither opens connections of its own nor ends the pool's. */
export const openPrisma = (pool: Pool, schema: string): PrismaClient =>
  new PrismaClient({ adapter: new PrismaPg(pool, { schema }) });
