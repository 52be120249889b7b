/** The request line that a visitor sent: `GET /path HTTP/1.1`, or whatever else. */

/** Its method, path and protocol, empty where it has none. */
export type Request = readonly [method: string, path: string, protocol: string];

/** A path may hold blanks. Without a protocol, as HTTP/0.9 has it, only a path that begins with a slash tells that it is one. */
const HTTP = /^([\w!#$%&'*+.^`|~-]+) (?:([\s\S]+) ([A-Z]+\/\d+(?:\.\d+)?)|(\/[\s\S]*))$/;

/** What is not HTTP, such as the first bytes of TLS, is all path. */
export function splitRequest(text: string): Request {
  const [whole, method = '', path, protocol = '', bare = ''] = HTTP.exec(text) ?? [];
  return whole === undefined ? ['', text, ''] : [method, path ?? bare, protocol];
}
