import { z } from 'zod';
import { entityId, text } from '../../fields.js';

export const channel = z.enum(['slack', 'pagerduty']);

export const subject = {
  subject_kind: text(64).describe('What the message is about, e.g. `incident`.'),
  subject_id: entityId.describe('Its id: the record key, so messages about one thing keep order.'),
};
