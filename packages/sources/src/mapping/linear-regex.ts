import { RE2JS } from 're2js';

interface Match extends Array<string | undefined> {
  index: number;
}

/**
 * A stand-in for `RegExp` whose matching time grows with the text and not faster: payloads come from outside, and one
 * clever text must not hold up the gateway. Looking around and back references are not in it; the constructor throws.
 */
export class LinearRegex {
  lastIndex = 0;
  private readonly pattern: RE2JS;

  constructor(regex: RegExp | string) {
    const source = typeof regex === 'string' ? regex : regex.source;
    const flags = typeof regex === 'string' ? '' : regex.flags;
    const ignoreCase = flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0;
    this.pattern = RE2JS.compile(source, ignoreCase | (flags.includes('m') ? RE2JS.MULTILINE : 0));
  }

  /** The next match from `lastIndex` on, as `RegExp.exec` with the flag `g` gives it. */
  exec(text: string): Match | null {
    const matcher = this.pattern.matcher(text);
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, n) => matcher.group(n) ?? undefined);
    const match = Object.assign(groups, { index: matcher.start(0) });
    this.lastIndex = matcher.end(0);
    return match;
  }
}
