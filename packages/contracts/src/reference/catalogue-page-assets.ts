export const cataloguePageStyle = `
:root { color-scheme: light dark; --line: #8884; --quiet: #767676; --mark: #c2410c; }
* { box-sizing: border-box; }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: 19rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line); }
nav h1 { font-size: 1.1rem; margin: 0 0 .75rem; }
nav input { width: 100%; padding: .4rem .6rem; font: inherit; border: 1px solid var(--line); border-radius: 4px; }
nav p { margin: .5rem 0; color: var(--quiet); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav a { display: block; padding: .1rem 0; color: inherit; text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { text-decoration: underline; }
main { padding: 1rem 2rem 60vh; max-width: 70rem; }
article { padding: 1rem 0 2rem; border-bottom: 1px solid var(--line); scroll-margin-top: .5rem; }
h2 { margin: 0; font-size: 1.25rem; overflow-wrap: anywhere; }
h2 small { font-weight: normal; font-size: .8rem; color: var(--quiet); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0 1rem; }
dt { color: var(--quiet); }
dd { margin: 0; }
.app { border: 1px solid var(--line); border-radius: 4px; padding: 0 .4rem; white-space: nowrap; }
.none { color: var(--quiet); }
.personal { color: var(--mark); border: 1px solid currentColor; border-radius: 4px; padding: 0 .3rem; font-size: .8rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-top: 1px solid var(--line); }
th { font-weight: 600; border-top: 0; }
code, pre { font: .9em/1.45 ui-monospace, monospace; }
pre { overflow: auto; padding: .75rem; border: 1px solid var(--line); border-radius: 4px; }
details { margin-top: .75rem; }
summary { cursor: pointer; }
[hidden] { display: none; }
@media (max-width: 50rem) {
  body { display: block; }
  nav { position: static; height: auto; border: 0; }
  nav ul { display: none; }
  main { padding: 1rem; }
  table { display: block; overflow: auto; }
}
`;

/** The filter: every word typed must occur in what an event type is about. */
export const cataloguePageScript = `
const filter = document.getElementById('filter');
const count = document.getElementById('count');
const articles = [...document.querySelectorAll('article')];
const links = new Map([...document.querySelectorAll('nav li')].map((item) => [item.dataset.type, item]));
filter.addEventListener('input', () => {
  const words = filter.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const article of articles) {
    const hidden = !words.every((word) => article.dataset.words.includes(word));
    article.hidden = hidden;
    links.get(article.id).hidden = hidden;
    if (!hidden) shown += 1;
  }
  count.textContent = shown === articles.length ? shown + ' event types' : shown + ' of ' + articles.length + ' event types';
});
`;
