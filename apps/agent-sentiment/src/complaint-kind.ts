/** What a complaint is about, as far as its words tell. */
export type ComplaintKind = 'billing' | 'delivery' | 'support' | 'quality' | 'other';

/** Beginnings of words, by kind. Where two kinds have as many hits, the first one wins. */
const words: readonly (readonly [ComplaintKind, RegExp])[] = [
  [
    'billing',
    /\b(?:bill(?:ed|ing|s)?\b|invoic|charg(?:e|ed|es|ing)\b|overcharg|refund|payment|paid\b|subscription|price[ds]?\b|pricing|money\b|fee[s]?\b)/giu,
  ],
  [
    'delivery',
    /\b(?:deliver|shipp|shipment|parcel|package[sd]?\b|courier|tracking|arriv|late\b|delay|still waiting|never came|lost in transit)/giu,
  ],
  [
    'support',
    /\b(?:support|helpdesk|help desk|hotline|customer (?:service|care)|no (?:reply|answer|response)|nobody (?:answers|replies|responds)|ignor|on hold|unanswered|rude\b|call(?:ed)? back)/giu,
  ],
  [
    'quality',
    /\b(?:bug(?:s|gy)?\b|broken?\b|breaks\b|crash|defect|fault|fail(?:s|ed|ing|ure)?\b|freez|frozen|slow\b|unusable|frustrating|does(?:n['’]t| not) work|stopped working|poor(?:ly)? (?:made|quality)|quality|error[s]?\b|glitch)/giu,
  ],
];

/** Reads the kind of complaint from the message; `other` when no word gives it away. */
export function complaintKind(message: string): ComplaintKind {
  // A hashtag such as #fail is a sigh, not a description.
  const text = message.replace(/#\S+/gu, ' ');
  let best: { readonly kind: ComplaintKind; readonly hits: number } = { kind: 'other', hits: 0 };
  for (const [kind, pattern] of words) {
    const hits = text.match(pattern)?.length ?? 0;
    if (hits > best.hits) best = { kind, hits };
  }
  return best.kind;
}
