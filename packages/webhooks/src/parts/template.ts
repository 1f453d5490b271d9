import type { WebhookHeaders } from '../scheme.js';
import { headerText } from '../single-header.js';

/** What a template takes from a request besides the body. */
export interface TemplateValues {
  readonly timestamp: string;
  readonly method: string;
  readonly url: string | undefined;
  readonly headers: WebhookHeaders;
}

/** The text before or after the body; undefined when the request lacks a part of it. */
type Side = (values: TemplateValues) => string | undefined;

export interface Template {
  readonly before: Side;
  readonly after: Side;
  readonly usesUrl: boolean;
  /** Nothing is signed but the body. */
  readonly bodyOnly: boolean;
}

/** The characters HubSpot wants decoded in an address before it is signed; all others stay as they are. */
const decoded: Readonly<Record<string, string>> = {
  '%3A': ':',
  '%2F': '/',
  '%3F': '?',
  '%40': '@',
  '%21': '!',
  '%24': '$',
  '%27': "'",
  '%28': '(',
  '%29': ')',
  '%2A': '*',
  '%2C': ',',
  '%3B': ';',
};

const decodeUrl = (url: string): string =>
  url.replace(/%[0-9a-f]{2}/gi, (escape) => decoded[escape.toUpperCase()] ?? escape);

function partOf(text: string): Side {
  if (text === '{timestamp}') return ({ timestamp }) => timestamp;
  if (text === '{method}') return ({ method }) => method;
  if (text === '{url}') return ({ url }) => url;
  if (text === '{decodedUrl}') return ({ url }) => (url === undefined ? undefined : decodeUrl(url));
  const header = /^\{header:(.+)\}$/.exec(text)?.[1]?.toLowerCase();
  if (header === undefined) return () => text;
  return ({ headers }) => headerText(headers, header, 'allowed');
}

function sideOf(text: string): Side {
  if (text === '') return () => '';
  const parts = text.split(/(\{[^}]*\})/).filter((part) => part !== '');
  const sides = parts.map(partOf);
  const [only] = sides;
  if (only && sides.length === 1) return only;
  return (values) => {
    let joined = '';
    for (const side of sides) {
      const value = side(values);
      if (value === undefined) return undefined;
      joined += value;
    }
    return joined;
  };
}

/** Reads a template that `signedTemplate` has accepted: literal text and placeholders around one `{body}`. */
export function compileTemplate(text: string): Template {
  const [before = '', after = ''] = text.split('{body}');
  return {
    before: sideOf(before),
    after: sideOf(after),
    bodyOnly: text === '{body}',
    usesUrl: /\{(?:url|decodedUrl)\}/.test(text),
  };
}
