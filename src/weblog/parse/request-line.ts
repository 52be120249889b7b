/** Splits the request line sent by a client: `GET /path HTTP/1.1`, or anything else. */

/** The parts of a request line; empty when missing. */
type RequestLine = readonly [method: string, path: string, protocol: string];

/** A path may contain blanks. Without a protocol (HTTP/0.9) it must start with a slash. */
const HTTP = /^([\w!#$%&'*+.^`|~-]+) (?:([\s\S]+) ([A-Z]+\/\d+(?:\.\d+)?)|(\/[\s\S]*))$/;

/** A request that the server could not parse, with `-` for missing parts: `- -`, `- http://host/ -`. */
const UNREAD = /^- (?:-|(\S+) (-|[A-Z]+\/\d+(?:\.\d+)?)) ?$/;

/** The parts of a request line. Text that is not HTTP, such as a TLS handshake, becomes the path. */
export function splitRequest(text: string): RequestLine {
  const unread = UNREAD.exec(text);
  if (unread !== null) return ['', given(unread[1]), given(unread[2])];
  const [whole, method = '', path, protocol = '', bare = ''] = HTTP.exec(text) ?? [];
  return whole === undefined ? ['', text, ''] : [method, path ?? bare, protocol];
}

function given(part: string | undefined): string {
  return part === undefined || part === '-' ? '' : part;
}
