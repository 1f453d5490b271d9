import { z } from 'zod';
import { catalogue } from './catalogue.js';
import { defineContract } from './contract.js';
import { emailAddress, entityId, personal, text } from './fields.js';
import { personalFields } from './personal-fields.js';

const contract = defineContract({
  type: 'parcel.sent',
  owner: 'post',
  summary: 'A parcel left.',
  schema: z.looseObject({
    parcel_id: entityId,
    email: emailAddress.optional().describe('Of the receiver.'),
    receiver: z.looseObject({ name: personal(text(255)), floor: z.number() }),
    signed_by: z.array(z.looseObject({ initials: personal(text(8).describe('As on paper.')) })),
  }),
  keyField: 'parcel_id',
  example: { parcel_id: 'p', receiver: { name: 'Jane', floor: 2 }, signed_by: [] },
});

describe('personal fields', () => {
  it('are found wherever they stand, optional ones too', () => {
    expect(personalFields(contract)).toEqual(['email', 'receiver.name', 'signed_by[].initials']);
  });

  it('keep their other rules and words', () => {
    expect(contract.schema.safeParse({ ...contract.example, email: 'jane' }).success).toBe(false);
    expect(personal(text(8).describe('As on paper.')).description).toBe('As on paper.');
  });

  it.each([
    ['user.signed_up', ['email', 'location']],
    ['negative_sentiment_detected', ['original_post_url', 'customer_name', 'message']],
    ['email.requested', ['to', 'subject', 'body_text']],
    ['service_down', []],
  ])('of %s are %j', (type, fields) => {
    expect(personalFields(catalogue.get(type) as never)).toEqual(fields);
  });

  it('are marked for every address, name and text of a person in the catalogue', () => {
    const unmarked = [...catalogue.values()].flatMap((each) => {
      const marked = new Set(personalFields(each));
      const telling = Object.keys(each.example as object).filter((field) =>
        /^(to|email|customer_name|body_text)$/.test(field),
      );
      return telling.filter((field) => !marked.has(field)).map((field) => `${each.type}: ${field}`);
    });
    expect(unmarked).toEqual(['notification.requested: body_text', 'routes.ranked: to']);
  });
});
