/** Text as one line for an event or a log: control characters become one blank. */
export const oneLine = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what is replaced
  text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
