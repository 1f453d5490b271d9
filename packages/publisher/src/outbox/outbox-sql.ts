import { SignalboxError } from '@signalbox/errors';

/** The outbox table of a service that does not name another. */
export const defaultOutboxTable = 'signalbox_outbox';

const tableName = /^[a-z_][a-z0-9_]{0,45}(?:\.[a-z_][a-z0-9_]{0,45})?$/;

/** Statements over one outbox table, which may stand in a schema: `sales.outbox`. */
export interface OutboxSql {
  readonly migration: string;
  readonly insert: string;
  readonly lease: string;
  readonly release: string;
  readonly oldest: string;
  readonly remove: string;
  readonly refuse: string;
}

/**
 * Throws `config_invalid` for a table that is no plain name in lower case, since the name becomes part of statements.
 * Bodies travel as base64 in text, so that every PostgreSQL client reads and writes them alike.
 */
export function outboxSql(table: string = defaultOutboxTable): OutboxSql {
  if (!tableName.test(table)) {
    const rule = 'letters a to z, digits and _, with or without a schema before a point';
    throw new SignalboxError('config_invalid', `'${table}' is no name for an outbox table: ${rule}.`);
  }
  const relay = `${table}_relay`;
  return {
    migration: `
create table if not exists ${table} (
  id bigint generated always as identity primary key,
  event_id text not null,
  topic text not null,
  record_key text not null,
  record_value text not null,
  headers jsonb not null,
  enqueued_at timestamptz not null default clock_timestamp(),
  refused_at timestamptz,
  refused_because text
);
create table if not exists ${relay} (
  single boolean primary key default true check (single),
  owner text not null,
  until timestamptz not null
);`,
    insert: `insert into ${table} (event_id, topic, record_key, record_value, headers) values ($1, $2, $3, $4, $5::jsonb)`,
    // One relay at a time: two would pass each other and break the order of a key.
    lease: `insert into ${relay} as r (owner, until) values ($1, clock_timestamp() + $2 * interval '1 millisecond')
      on conflict (single) do update set owner = excluded.owner, until = excluded.until
      where r.owner = excluded.owner or r.until < clock_timestamp() returning owner`,
    release: `delete from ${relay} where owner = $1`,
    oldest: `select id::text, event_id, topic, record_key, record_value, headers::text from ${table}
      where refused_at is null order by ${table}.id limit $1`,
    remove: `delete from ${table} where id = any($1::bigint[])`,
    refuse: `update ${table} set refused_at = clock_timestamp(), refused_because = $2 where id = $1::bigint`,
  };
}
