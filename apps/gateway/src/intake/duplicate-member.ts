import { endOfString } from './count-members.js';

const byteOf = (character: string): number => character.charCodeAt(0);
const QUOTE = byteOf('"');
const OPEN_OBJECT = byteOf('{');
const OPEN_ARRAY = byteOf('[');
const CLOSE_OBJECT = byteOf('}');
const CLOSE_ARRAY = byteOf(']');
const COMMA = byteOf(',');
const COLON = byteOf(':');

interface Level {
  /** Names seen so far; undefined in an array. */
  readonly names: Set<string> | undefined;
  /** The name or index whose value is being read. */
  step: string | number;
  /** True where the next string is a name. */
  expectsName: boolean;
}

/**
 * The RFC 6901 pointer of the first member whose name its object already has, or undefined. The text must be valid JSON.
 * The slow way, only taken to name what the count of members has found.
 */
export function duplicateMember(bytes: Uint8Array): string | undefined {
  const levels: Level[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const level = levels.at(-1);
    switch (bytes[at]) {
      case OPEN_OBJECT:
        levels.push({ names: new Set(), step: '', expectsName: true });
        break;
      case OPEN_ARRAY:
        levels.push({ names: undefined, step: 0, expectsName: false });
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        levels.pop();
        break;
      case COMMA:
        if (level) next(level);
        break;
      case COLON:
        if (level) level.expectsName = false;
        break;
      case QUOTE: {
        const end = endOfString(bytes, at);
        if (level?.expectsName && isRepeated(level, bytes.subarray(at, end + 1))) return pointerOf(levels);
        at = end;
        break;
      }
      default:
        break;
    }
  }
  return undefined;
}

function next(level: Level): void {
  if (typeof level.step === 'number') level.step += 1;
  else level.expectsName = true;
}

function isRepeated(level: Level, quoted: Uint8Array): boolean {
  const name = JSON.parse(Buffer.from(quoted).toString('utf8')) as string;
  level.step = name;
  const repeated = level.names?.has(name) === true;
  level.names?.add(name);
  return repeated;
}

const pointerOf = (levels: readonly Level[]): string =>
  levels.map(({ step }) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
