import { runInNewContext } from 'node:vm';
import { z } from 'zod';
import { catalogue } from '../catalogue.js';
import { defineContract } from '../contract.js';
import { entityId } from '../fields.js';
import { cataloguePage } from './catalogue-page.js';
import { cataloguePageScript } from './catalogue-page-assets.js';

const page = cataloguePage(catalogue);

/** As much of a page as the filter touches. */
function filterable(words: Readonly<Record<string, string>>) {
  const articles = Object.entries(words).map(([id, text]) => ({
    id,
    dataset: { words: text },
    hidden: false,
  }));
  const items = articles.map(({ id }) => ({ dataset: { type: id }, hidden: false }));
  let listener = (): void => undefined;
  const filter = { value: '', addEventListener: (_: string, on: () => void) => (listener = on) };
  const count = { textContent: '' };
  runInNewContext(cataloguePageScript, {
    document: {
      getElementById: (id: string) => (id === 'filter' ? filter : count),
      querySelectorAll: (selector: string) => (selector === 'article' ? articles : items),
    },
  });
  return (text: string): { shown: string[]; listed: string[]; count: string } => {
    filter.value = text;
    listener();
    return {
      shown: articles.filter(({ hidden }) => !hidden).map(({ id }) => id),
      listed: items.filter(({ hidden }) => !hidden).map(({ dataset }) => dataset.type),
      count: count.textContent,
    };
  };
}

describe('the catalogue page', () => {
  it('has a link and an article for every event type, and loads nothing from elsewhere', () => {
    for (const type of catalogue.keys()) {
      expect(page).toContain(`<a href="#${type}">`);
      expect(page).toContain(`<article id="${type}"`);
    }
    expect(page).not.toMatch(/<(?:script|link|img)[^>]+(?:src|href)=/);
  });

  it('says who publishes, who reads, which fields are personal', () => {
    const [, article = ''] = /<article id="user.signed_up"([\s\S]*?)<\/article>/.exec(page) ?? [];
    expect(article).toContain('<span class="app">authentication</span>');
    expect(article).toContain('<span class="app">trial-monitor</span> <span class="app">welcome</span>');
    expect(article).toMatch(/<code>email<\/code>.*<span class="personal">personal<\/span>/);
    expect(article).toContain('&quot;email&quot;: &quot;jane.doe@example.com&quot;');
  });

  it('shows text of contracts as text', () => {
    const odd = defineContract({
      type: 'odd',
      owner: '<b>"me" & you</b>',
      summary: 'Uses `<script>`.',
      schema: z.looseObject({ id: entityId.describe('a < b') }),
      keyField: 'id',
      example: { id: '</pre><script>alert(1)</script>' },
    });
    const text = cataloguePage(new Map([['odd', odd]]));
    expect(text.match(/<script>/g)).toHaveLength(1);
    expect(text).toContain('Uses <code>&lt;script&gt;</code>.');
    expect(text).toContain('&lt;b&gt;&quot;me&quot; &amp; you&lt;/b&gt;');
  });

  it('shows the event types in which every word of the filter occurs', () => {
    const filter = filterable({ a: 'a fact ops email', b: 'b fact welcome', c: 'c request ops' });
    expect(filter('OPS')).toEqual({ shown: ['a', 'c'], listed: ['a', 'c'], count: '2 of 3 event types' });
    expect(filter(' fact  ops ').shown).toEqual(['a']);
    expect(filter('nothing').count).toBe('0 of 3 event types');
    expect(filter('')).toEqual({ shown: ['a', 'b', 'c'], listed: ['a', 'b', 'c'], count: '3 event types' });
  });
});
