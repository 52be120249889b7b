/** The request line that a client sent: `GET /path HTTP/1.1`, or anything else. */

/** The parts of a request line; empty if missing. */
type RequestLine = readonly [method: string, path: string, protocol: string];

/** A path may hold blanks. Without a protocol (HTTP/0.9) a path must begin with a slash. */
const HTTP = /^([\w!#$%&'*+.^`|~-]+) (?:([\s\S]+) ([A-Z]+\/\d+(?:\.\d+)?)|(\/[\s\S]*))$/;

/** A request that the server could not read, with `-` for each part that is missing: `- -`, `- http://host/ -`. */
const UNREAD = /^- (?:-|(\S+) (-|[A-Z]+\/\d+(?:\.\d+)?)) ?$/;

/** The parts of a request line. Text that is not HTTP, such as the first bytes of TLS, is all path. */
export function splitRequest(text: string): RequestLine {
  const unread = UNREAD.exec(text);
  if (unread !== null) return ['', given(unread[1]), given(unread[2])];
  const [whole, method = '', path, protocol = '', bare = ''] = HTTP.exec(text) ?? [];
  return whole === undefined ? ['', text, ''] : [method, path ?? bare, protocol];
}

function given(part: string | undefined): string {
  return part === undefined || part === '-' ? '' : part;
}
