/** The request line that a client sent: `GET /path HTTP/1.1`, or anything else. */

/** The parts of a request line; empty if missing. */
type RequestLine = readonly [method: string, path: string, protocol: string];

/** A path may hold blanks. Without a protocol (HTTP/0.9) a path must begin with a slash. */
const HTTP = /^([\w!#$%&'*+.^`|~-]+) (?:([\s\S]+) ([A-Z]+\/\d+(?:\.\d+)?)|(\/[\s\S]*))$/;

/** The parts of a request line. Text that is not HTTP, such as the first bytes of TLS, is all path. */
export function splitRequest(text: string): RequestLine {
  const [whole, method = '', path, protocol = '', bare = ''] = HTTP.exec(text) ?? [];
  return whole === undefined ? ['', text, ''] : [method, path ?? bare, protocol];
}
