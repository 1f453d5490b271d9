import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { providers } from '../providers.js';
import { providersPage } from './providers-page.js';

const page = readFileSync(join(__dirname, '../../../../docs/reference/providers.md'), 'utf8');
const records = [...providers.values()];

describe('docs/reference/providers.md', () => {
  it('says what the records say (else: npm run reference -w @signalbox/webhooks)', () => {
    expect(page).toBe(providersPage(records));
  });

  it('has a section for every record and no other', () => {
    const sections = [...page.matchAll(/^`([a-z0-9-]+)` · /gm)].map(([, name]) => name);
    expect(sections).toEqual(records.map(({ name }) => name));
  });

  it('tells everybody what is not proven, and why', () => {
    const unproven = records.filter(({ proven }) => proven.by === 'nothing');
    expect(unproven.length).toBeGreaterThan(0);
    for (const { name, proven } of unproven) {
      expect(page).toMatch(new RegExp(`^\\| \`${name}\` \\|.*\\| not proven \\|$`, 'm'));
      expect(page).toContain(`**Not proven.** ${proven.by === 'nothing' ? proven.reason : ''}`);
    }
  });
});
