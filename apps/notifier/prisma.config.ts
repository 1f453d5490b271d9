import { defineConfig, env } from 'prisma/config';

// Development only: the client, and the SQL of a new migration. At run time the kit applies prisma/migrations itself.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: env('DATABASE_URL') },
});
