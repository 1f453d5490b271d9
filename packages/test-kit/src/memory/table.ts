/** A table's committed rows by primary key. Rows are never changed in place. */
export class Table<R extends object> {
  readonly rows = new Map<string, R>();

  constructor(
    readonly name: string,
    readonly idOf: (row: R) => string,
  ) {}
}
