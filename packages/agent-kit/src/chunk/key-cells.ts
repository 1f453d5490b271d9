import { SignalboxError } from '@signalbox/errors';
import type { KeyRow, KeyWrite } from '../ports/store.js';
import type { ReadSnapshot } from '../handlers.js';
import type { StateDefinition, StateKey } from '../state.js';

/** One string per key, for maps. */
export const keyId = ({ kind, value }: StateKey): string => `${kind}\n${value}`;

/** Thrown when stored state is of a version this code does not know yet. */
export class NewerStateError extends SignalboxError {
  constructor(key: StateKey, stored: number, known: number) {
    super(
      'schema_newer',
      `state '${key.kind}' of '${key.value}' has version ${stored}, this code knows ${known}`,
    );
    this.name = 'NewerStateError';
  }
}

/** A locked key while a chunk decides: its state as stored text, which every handler reads afresh. */
export class KeyCell {
  private json: string | null;
  private version: number;
  private changed = false;
  private replacements = 0;
  blocked: boolean;
  emitted = false;

  constructor(readonly row: KeyRow) {
    this.json = row.state;
    this.version = row.stateVersion;
    this.blocked = row.blocked;
  }

  /** The state in the definition's version, or undefined. A new object each time: a handler cannot spoil it. */
  read<S>(definition: StateDefinition<S> | undefined): S | undefined {
    return definition ? readState(definition, this.row, this.json, this.version) : undefined;
  }

  /** Replaces the state; throws `output_invalid` when it does not fulfil its schema. */
  set<S>(definition: StateDefinition<S> | undefined, state: S): void {
    if (!definition)
      throw new SignalboxError('output_invalid', 'set_state by a handler that declares no state');
    const checked = definition.schema.safeParse(state);
    if (!checked.success) {
      throw new SignalboxError(
        'output_invalid',
        `state '${definition.kind}' breaks its schema: ${checked.error.message}`,
      );
    }
    this.replace(JSON.stringify(state), definition.version);
  }

  clear(): void {
    this.replace(null, 0);
  }

  /** Remembers the cell as it is; the function returned puts that back. */
  checkpoint(): () => void {
    const { json, version, changed, emitted } = this;
    return () => {
      this.json = json;
      this.version = version;
      this.changed = changed;
      this.emitted = emitted;
    };
  }

  /** Whether the state differs from the stored one. */
  get stateChanged(): boolean {
    return this.changed;
  }

  /** Counts replacements of the state: tells whether one handler changed it. */
  get revision(): number {
    return this.replacements;
  }

  /** What is to be written, or undefined when nothing of the key changed. */
  write(): KeyWrite | undefined {
    const { kind, value, blocked } = this.row;
    if (!this.changed && !this.emitted && this.blocked === blocked) return undefined;
    return {
      kind,
      value,
      state: this.json,
      stateVersion: this.version,
      changed: this.changed,
      emitted: this.emitted,
      blocked: this.blocked,
    };
  }

  private replace(json: string | null, version: number): void {
    if (json === this.json && version === this.version) return;
    this.json = json;
    this.version = version;
    this.replacements += 1;
    this.changed = json !== this.row.state || version !== this.row.stateVersion;
  }
}

/** The locked keys of a chunk and an unlocked snapshot of others. */
export class KeyCells {
  private readonly cells = new Map<string, KeyCell>();
  private readonly snapshot = new Map<string, KeyRow>();

  constructor(locked: readonly KeyRow[], snapshot: readonly KeyRow[]) {
    for (const row of locked) this.cells.set(keyId(row), new KeyCell(row));
    for (const row of snapshot) this.snapshot.set(keyId(row), row);
  }

  cell(key: StateKey): KeyCell {
    const cell = this.cells.get(keyId(key));
    if (!cell) throw new SignalboxError('internal', `key ${key.kind}/${key.value} was not locked`);
    return cell;
  }

  /** Reads declared keys: as this chunk has changed them when they are locked by it, else as they were stored. */
  readonly read: ReadSnapshot = (definition, value) => {
    const id = keyId(definition.key(value));
    const cell = this.cells.get(id);
    if (cell) return cell.read(definition);
    const row = this.snapshot.get(id);
    return row ? readState(definition, row, row.state, row.stateVersion) : undefined;
  };

  writes(): KeyWrite[] {
    const writes: KeyWrite[] = [];
    for (const cell of this.cells.values()) {
      const write = cell.write();
      if (write) writes.push(write);
    }
    return writes;
  }
}

function readState<S>(
  definition: StateDefinition<S>,
  key: StateKey,
  json: string | null,
  version: number,
): S | undefined {
  if (json === null) return undefined;
  if (version > definition.version) throw new NewerStateError(key, version, definition.version);
  let state: unknown = JSON.parse(json);
  for (let n = version; n < definition.version; n += 1) state = definition.upcasters[n]?.(state);
  return state as S;
}
