import { userInfo } from 'node:os';

/** The name of whoever sits at this terminal, for decisions people make; `someone` where the system knows none. */
export function person(): string {
  try {
    return userInfo().username || 'someone';
  } catch {
    return 'someone';
  }
}
