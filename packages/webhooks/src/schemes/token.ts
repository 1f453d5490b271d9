import { SignalboxError } from '@signalbox/errors';
import { TextComparison } from '../parts/same-text.js';
import { parseUrl, singleParameter } from '../parts/urls.js';
import type { Scheme, SignedRequest, SignInput, WebhookRequest } from '../scheme.js';
import type { SchemeSettings } from '../settings/scheme-settings.js';
import { singleHeader } from '../single-header.js';
import { emptySecret, headerTitle, refuse } from '../verdict.js';

type TokenSettings = Extract<SchemeSettings, { kind: 'token' }>;

/** A fixed text in a header or, where the header is absent, in a parameter of the address. */
export function tokenScheme(settings: TokenSettings): Scheme {
  const { header: name, prefix = '', query } = settings;
  const comparison = new TextComparison();
  const places = [
    ...(name === undefined ? [] : [`the header ${headerTitle(name)}`]),
    ...(query === undefined ? [] : [`the parameter ${query}`]),
  ].join(' or ');
  const absent = refuse('signature_missing', `The token is missing: it belongs into ${places}.`);
  const malformed = refuse(
    'signature_invalid',
    `The token must stand once in ${places}${prefix && `, after "${prefix}"`}.`,
  );
  return Object.freeze({
    name: 'token',
    verify(request: WebhookRequest) {
      // A token may hold a comma; two headers joined with one are just a wrong token.
      const header = name === undefined ? undefined : singleHeader(request.headers, name, 'allowed');
      if (header?.kind === 'repeated') return malformed;
      if (header?.kind === 'one')
        return header.value.startsWith(prefix)
          ? comparison.verify(header.value.slice(prefix.length), request)
          : malformed;
      const url = query === undefined ? undefined : parseUrl(request.url);
      if (!url?.searchParams.has(query ?? '')) return absent;
      const value = singleParameter(url, query ?? '');
      return value === undefined ? malformed : comparison.verify(value, request);
    },
    secretProblem: emptySecret,
    sign: (input: SignInput) => signWith(settings, input),
  });
}

function signWith({ header, prefix = '', query }: TokenSettings, input: SignInput): SignedRequest {
  const { rawBody, secret, url } = input;
  const text = Buffer.from(secret).toString('utf8');
  if (header !== undefined)
    return { headers: { [header]: `${prefix}${text}` }, rawBody, ...(url === undefined ? {} : { url }) };
  const target = parseUrl(url);
  if (!target || query === undefined)
    throw new SignalboxError('config_invalid', 'To put the token into the address, the address is needed.');
  target.searchParams.set(query, text);
  return { headers: {}, rawBody, url: target.href };
}
