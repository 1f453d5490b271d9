import Handlebars from 'handlebars';

/** The one HTML layout of all mails. `{{…}}` escapes; there is no unescaped value in it. */
const source = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>{{subject}}</title>
  </head>
  <body style="margin:0;background:#f4f5f7;font-family:system-ui,sans-serif;color:#1f2933">
    <div style="max-width:36rem;margin:2rem auto;padding:1.5rem 2rem;background:#fff;border-radius:8px">
      {{#each paragraphs}}
      <p style="line-height:1.5">{{#each this}}{{this}}{{#unless @last}}<br>{{/unless}}{{/each}}</p>
      {{/each}}
    </div>
  </body>
</html>
`;

const layout = Handlebars.compile<{ subject: string; paragraphs: string[][] }>(source, { strict: true });

/** The HTML form of a plain text: blank lines part paragraphs, line breaks are kept, everything is escaped. */
export function htmlOf({ subject, body }: { readonly subject: string; readonly body: string }): string {
  const paragraphs = body
    .replace(/\r\n?/g, '\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.split('\n').filter((line, at, all) => line !== '' || at < all.length - 1))
    .filter((lines) => lines.some((line) => line.trim() !== ''));
  return layout({ subject, paragraphs });
}
