/**
 * As much of a PostgreSQL client as the outbox needs. Clients and pools of `pg` are one as they are; any other is
 * wrapped in a line. Values are strings, numbers, Buffers, or arrays of strings.
 */
export interface SqlClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}
