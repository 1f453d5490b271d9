import { get } from 'node:http';

/** The status code of a GET on this machine, or undefined when there is no answer within `limitMs`. */
export function httpStatus(url: string, limitMs: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: limitMs }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(undefined));
  });
}
