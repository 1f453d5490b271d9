/** The address in its parts, or undefined for a text that is no absolute address. */
export function parseUrl(url: unknown): URL | undefined {
  if (typeof url !== 'string') return undefined;
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

/** The value of a parameter that occurs exactly once. */
export function singleParameter(url: URL | undefined, name: string): string | undefined {
  const values = url?.searchParams.getAll(name) ?? [];
  return values.length === 1 ? values[0] : undefined;
}
