import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { catalogue } from '../catalogue.js';
import type { AnyContract } from '../contract.js';
import type { PublishedContract } from './contract-changes.js';
import { publicationOf, publishedFileName } from './published-files.js';

const folder = join(__dirname, '../../fixtures/published');
const published = readdirSync(folder).map(
  (file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as PublishedContract] as const,
);
const contracts = published.map(([, contract]) => contract);
const corpus = new Set(readdirSync(join(__dirname, '../../fixtures/corpus')));

const userSignedUp = catalogue.get('user.signed_up') as AnyContract;
const withContract = (contract: AnyContract): ReadonlyMap<string, AnyContract> =>
  new Map([...catalogue, [contract.type, contract]]);

describe('the contracts of today against those that were published', () => {
  it('break no reader', () => {
    expect(publicationOf(catalogue, contracts, corpus).problems).toEqual([]);
  });

  it('are all kept, with an event of each (else: npm run reference -w @signalbox/contracts)', () => {
    const { contracts: changed, examples } = publicationOf(catalogue, contracts, corpus);
    expect({ contracts: [...changed.keys()], examples: [...examples.keys()] }).toEqual({
      contracts: [],
      examples: [],
    });
  });

  it('lie in files of their name', () => {
    expect(published.map(([file]) => file)).toEqual(contracts.map(publishedFileName));
  });
});

describe('a real contract, changed', () => {
  it('is refused with the agents that read it when a field becomes required', () => {
    const schema = z.looseObject({
      ...(userSignedUp.schema as z.ZodObject).shape,
      referrer: z.string(),
    });
    const { problems } = publicationOf(withContract({ ...userSignedUp, schema }), contracts, corpus);
    expect(problems).toEqual([
      'user.signed_up version 1: /referrer is required now; events published before would be refused. ' +
        'That breaks trial-monitor, welcome: make it version 2 with an upcaster from 1.',
    ]);
  });

  it('is written anew when nobody minds, and a new version beside the old', () => {
    const summary = 'Somebody has signed up.';
    const worded = publicationOf(withContract({ ...userSignedUp, summary }), contracts, corpus);
    expect(worded.problems).toEqual([]);
    expect([...worded.contracts.keys()]).toEqual(['user.signed_up.v1.json']);
    const next = publicationOf(withContract({ ...userSignedUp, version: 2 }), contracts, corpus);
    expect([...next.contracts.keys()]).toEqual(['user.signed_up.v2.json']);
    expect([...next.examples.keys()]).toEqual(['user.signed_up.v2.json']);
  });

  it('is missed when it is gone', () => {
    const less = new Map([...catalogue].filter(([type]) => type !== 'service_down'));
    expect(publicationOf(less, contracts, corpus).problems).toEqual([
      'service_down: is gone. Records of it are still in topics: keep the contract, or retire its topic first.',
    ]);
  });
});
