import type { AnyContract } from '../contract.js';
import { contractJsonSchema } from '../json-schema.js';
import { cataloguePageScript, cataloguePageStyle } from './catalogue-page-assets.js';
import { exampleEnvelope } from './envelope-json-schema.js';
import { fieldRows, type FieldRow } from './field-rows.js';

/** The catalogue as one HTML page that needs nothing else: a filter, and for each event type schema, example, publishers, readers. */
export function cataloguePage(catalogue: ReadonlyMap<string, AnyContract>): string {
  const contracts = [...catalogue.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Signalbox events</title>
<style>${cataloguePageStyle}</style>
</head>
<body>
<nav>
<h1>Signalbox events</h1>
<input id="filter" type="search" placeholder="Filter by type, field, agent…" aria-label="Filter events" autofocus>
<p id="count">${contracts.length} event types</p>
<ul>
${contracts.map(link).join('\n')}
</ul>
</nav>
<main>
${contracts.map(article).join('\n')}
</main>
<script>${cataloguePageScript}</script>
</body>
</html>
`;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '');
/** Text of a reference page: `code` between back quotes. */
const marked = (text: string): string => escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');
const names = (list: readonly string[]): string =>
  list.map((name) => `<span class="app">${escape(name)}</span>`).join(' ') ||
  '<span class="none">nobody here</span>';

const link = ({ type }: AnyContract): string =>
  `<li data-type="${escape(type)}"><a href="#${escape(type)}">${escape(type)}</a></li>`;

function article(contract: AnyContract): string {
  const { type, kind, version, summary, owner, topic, keyField, publishers, consumers } = contract;
  const rows = fieldRows(contractJsonSchema(contract));
  const words = [type, kind, owner, ...publishers, ...consumers, ...rows.map(({ path }) => path)].join(' ');
  return `<article id="${escape(type)}" data-words="${escape(words.toLowerCase())}">
<h2>${escape(type)} <small>${kind} · version ${version}</small></h2>
<p>${marked(summary)}</p>
<dl>
<dt>Published by</dt><dd>${names(publishers)}</dd>
<dt>Read by</dt><dd>${names(consumers)}</dd>
<dt>Owner</dt><dd>${escape(owner)}</dd>
<dt>Topic</dt><dd><code>${escape(topic)}</code></dd>
<dt>Key</dt><dd><code>${escape(keyField)}</code></dd>
</dl>
<table>
<thead><tr><th>field</th><th>type</th><th>required</th><th>rules</th><th>meaning</th></tr></thead>
<tbody>
${rows.map(fieldRow).join('\n')}
</tbody>
</table>
<details><summary>Example</summary><pre>${escape(JSON.stringify(exampleEnvelope(contract), null, 2))}</pre></details>
<details><summary>JSON Schema of the data</summary><pre>${escape(JSON.stringify(contractJsonSchema(contract), null, 2))}</pre></details>
</article>`;
}

function fieldRow({ path, type, required, rules, description, sensitivity }: FieldRow): string {
  const mark = sensitivity ? ` <span class="personal">${sensitivity}</span>` : '';
  return (
    `<tr><td><code>${escape(path)}</code></td><td>${escape(type)}</td><td>${required ? 'yes' : 'no'}</td>` +
    `<td>${marked(rules.join('; '))}${mark}</td><td>${marked(description)}</td></tr>`
  );
}
