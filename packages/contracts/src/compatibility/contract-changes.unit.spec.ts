import { z } from 'zod';
import { defineContract, type ContractDefinition } from '../contract.js';
import { entityId, text } from '../fields.js';
import { contractProblems, publishedForm, removedProblems } from './contract-changes.js';

const schema = z.looseObject({ parcel_id: entityId, street: text(100), kg: z.number() });

const contract = (change: Partial<ContractDefinition<'parcel.sent', typeof schema>> = {}) =>
  defineContract({
    type: 'parcel.sent',
    owner: 'post',
    consumers: ['billing', 'tracking'],
    summary: 'A parcel left.',
    schema,
    keyField: 'parcel_id',
    example: { parcel_id: 'p', street: 'Main', kg: 1 },
    ...change,
  });

const stricter = z.looseObject({ ...schema.shape, kg: z.number().max(30) });
const upcasters = { 1: (old: unknown) => old };

describe('a contract that changes', () => {
  it('as nobody minds has no problem', () => {
    const before = [publishedForm(contract())];
    expect(contractProblems(contract(), before)).toEqual([]);
    expect(contractProblems(contract({ summary: 'It left.', owner: 'parcels' }), before)).toEqual([]);
  });

  it('names field, consumers, and the way out where records of before would be refused', () => {
    expect(contractProblems(contract({ schema: stricter }), [publishedForm(contract())])).toEqual([
      'parcel.sent version 1: /kg had maximum nothing, has 30; events published before would be refused. ' +
        'That breaks billing, tracking: make it version 2 with an upcaster from 1.',
    ]);
  });

  it('asks the owner where no consumer is named', () => {
    const [problem] = contractProblems(contract({ schema: stricter, consumers: [] }), [
      publishedForm(contract()),
    ]);
    expect(problem).toContain('That breaks its readers (ask post)');
  });

  it('may change as it likes in a new version', () => {
    const next = contract({ version: 2, upcasters, schema: stricter });
    expect(contractProblems(next, [publishedForm(contract())])).toEqual([]);
  });

  it('is held to the version it has, not to older ones', () => {
    const before = [
      publishedForm(contract()),
      publishedForm(contract({ version: 2, upcasters, schema: stricter })),
    ];
    expect(contractProblems(contract({ version: 2, upcasters, schema: stricter }), before)).toEqual([]);
    expect(contractProblems(contract({ version: 2, upcasters }), before)[0]).toContain('version 2: /kg');
  });

  it('must not go back to a version before', () => {
    const before = [publishedForm(contract({ version: 2, upcasters }))];
    expect(contractProblems(contract(), before)).toEqual([
      'parcel.sent: version 2 was published, version 1 is older.',
    ]);
  });

  it('keeps topic and key in every version', () => {
    const moved = contract({ version: 2, upcasters, topic: 'parcels', keyField: 'street' });
    expect(contractProblems(moved, [publishedForm(contract())])).toEqual([
      expect.stringContaining('its topic was parcel.sent, is parcels'),
      expect.stringContaining('its key was parcel_id, is street'),
    ]);
  });

  it('that is new, or of another type, has nobody to break', () => {
    expect(contractProblems(contract(), [])).toEqual([]);
    expect(
      contractProblems(contract(), [{ ...publishedForm(contract({ schema: stricter })), type: 'x' }]),
    ).toEqual([]);
  });
});

describe('an event type that goes', () => {
  it('is named once, however many versions it had', () => {
    const before = [publishedForm(contract()), publishedForm(contract({ version: 2, upcasters }))];
    expect(removedProblems(new Set(['parcel.sent']), before)).toEqual([]);
    expect(removedProblems(new Set(), before)).toEqual([expect.stringMatching(/^parcel\.sent: is gone\./)]);
  });
});
