/**
 * Parses header values by splitting and trimming: a regular expression with adjacent runs of blanks takes quadratic time.
 */

/** The items of a list such as `a, b`, trimmed; none without the header. */
export function listedIn(header: string | null): string[] {
  return header === null ? [] : header.split(',').map((item) => item.trim());
}

/** A media type or the like, in lower case, and its parameters as `name=value`, without blanks and quotes. */
export function typeAndParameters(header: string): { type: string; parameters: string[] } {
  const [type = '', ...rest] = header.toLowerCase().split(';');
  const parameters = rest.map((part) => {
    const [name = '', ...value] = part.split('=').map((side) => side.trim());
    return [name, ...value.map(unquoted)].join('=');
  });
  return { type: type.trim(), parameters: parameters.filter((text) => text !== '') };
}

function unquoted(text: string): string {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/** Whether the client accepts this type by name: `text/csv`. */
export function accepts(headers: Headers, type: string): boolean {
  return listedIn(headers.get('accept')).some((item) => typeAndParameters(item).type === type);
}

/** Whether the client asks for an endless stream of events. */
export function wantsEvents(headers: Headers): boolean {
  return accepts(headers, 'text/event-stream');
}

/** The credentials of this scheme, such as `bearer`, in an Authorization header; undefined for another scheme. */
export function credentialsOf(header: string, scheme: string): string | undefined {
  const blank = header.indexOf(' ');
  return header.slice(0, blank).toLowerCase() === scheme ? header.slice(blank).trim() : undefined;
}
