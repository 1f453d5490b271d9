/** Runs a prepared statement of the open transaction and gives its rows. */
export type Query = <R extends object>(name: string, text: string, values: unknown[]) => Promise<R[]>;
