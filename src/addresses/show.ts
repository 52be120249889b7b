/** Addresses for messages: one line, cut short, with `***` for all that may be secret. */

const LONGEST = 120;
/** These lead to something on this machine, and may hold a command. */
const LOCAL = /^(?:exec|file|hwmon|replay|sim|thermal|w1):/i;
const URL_PARTS = /^([a-z][a-z0-9+.-]*:[/\\]*)(.*)$/is;
/** Shorter secrets are not searched for: they may be a part of any word. */
const SHORTEST_SECRET = 4;

/**
 * Hides passwords, users without a password (often a token), the values of queries and fragments, also in URLs within a
 * command. A path is shown as it is.
 */
export function showAddress(text: string): string {
  const oneLine = hideSecrets(text).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
  return oneLine.length > LONGEST ? `${oneLine.slice(0, LONGEST)}...` : oneLine;
}

/**
 * Hides the secrets of these texts, some of which are addresses, in messages: of an address that was taken for something
 * else, or that a library quotes.
 *
 * @returns the message without them
 */
export function secretHider(texts: readonly string[]): (message: string) => string {
  // Looked for at the first message: most runs have none, and the patterns take 0.6 ms to be compiled.
  let hidden: [string, string][] | undefined;
  return (message) => {
    hidden ??= texts.flatMap(hiddenOf);
    return hidden.reduce((rest, [secret, shown]) => rest.replaceAll(secret, shown), message);
  };
}

/** What is hidden of a text, and what is shown in its place. */
function hiddenOf(text: string): [string, string][] {
  const shown = showAddress(text);
  return shown === text || !shown.includes('***') ? [] : [...forms(text, shown), ...secretsIn(text)];
}

/** As it may stand in a message: as it is, quoted, or quoted and cut short. */
function forms(text: string, shown: string): [string, string][] {
  const quoted = JSON.stringify(text).slice(1, -1);
  const cut = JSON.stringify(text.slice(0, 60)).slice(1, -1);
  // What holds no secret would be replaced within what is shown.
  const secret = [text, quoted, cut].filter((form) => !shown.includes(form));
  return secret.map((form) => [form, shown]);
}

/** The password itself, as it is written and as it is meant. */
function secretsIn(text: string): [string, string][] {
  const [, , rest = text] = URL_PARTS.exec(asParsed(text)) ?? [];
  const colon = rest.indexOf(':');
  const hasUser = colon >= 0 && colon < rest.indexOf('@');
  const password = rest.slice(hasUser ? colon + 1 : 0, Math.max(0, rest.lastIndexOf('@')));
  const secrets = [password, decode(password)].filter((secret) => secret.length >= SHORTEST_SECRET);
  return secrets.map((secret) => [secret, '***']);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Without what a URL parser leaves out. */
function asParsed(text: string): string {
  return text.replace(/[\t\n\r]/g, '').trimStart();
}

function hideSecrets(text: string): string {
  const [, start, rest] = LOCAL.test(text) ? [] : (URL_PARTS.exec(asParsed(text)) ?? []);
  return start !== undefined && rest !== undefined ? start + hideInUrl(rest) : hideInText(text);
}

/** @param rest all after the scheme, and the slashes that may be missing */
function hideInUrl(rest: string): string {
  const { shown, end } = hideUser(rest);
  const [, path = '', query, fragment] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(rest.slice(end)) ?? [];
  return [
    shown + path,
    query === undefined ? '' : `?${hideQuery(query)}`,
    // A JSON pointer is no secret.
    fragment === undefined ? '' : fragment === '' || fragment.startsWith('/') ? `#${fragment}` : '#***',
  ].join('');
}

/** @returns what is shown of user and password, and where they end */
function hideUser(rest: string): { readonly shown: string; readonly end: number } {
  const authority = /^[^/\\?#]*/.exec(rest)?.[0] ?? '';
  const at = authority.lastIndexOf('@');
  // In a malformed address, with an unescaped slash in the password for example, nobody knows where it ends. Nor where
  // what looks like a port may be the beginning of a password.
  const isUnclear = !URL.canParse(`http://${rest}`) || (at < 0 && /:\d+$/.test(authority));
  const end = isUnclear ? rest.lastIndexOf('@') + 1 : at + 1;
  if (end === 0) return { shown: '', end };
  const user = isUnclear ? '' : /^([^:]*:)/.exec(authority.slice(0, at))?.[0];
  return { shown: `${user ?? ''}***@`, end };
}

/** In a command, or in what is no address. Word by word: one pattern for all would begin anew at every slash. */
function hideInText(text: string): string {
  return (URL.canParse(text) ? hideUsers(text) : hideUpToAt(text))
    .replace(/[^\s#'"]+/g, hideQueryIn)
    .replace(/[^\s'"]+/g, hideFragmentIn);
}

function hideUpToAt(text: string): string {
  const start = text.indexOf('//');
  const at = text.lastIndexOf('@');
  return start < 0 || at < start ? text : `${text.slice(0, start)}//***${text.slice(at)}`;
}

function hideQueryIn(word: string): string {
  const start = word.indexOf('//');
  const query = start < 0 ? 0 : word.indexOf('?', start) + 1;
  return query === 0 ? word : word.slice(0, query) + hideQuery(word.slice(query));
}

function hideFragmentIn(word: string): string {
  for (let from = 0; ; ) {
    const start = word.indexOf('//', from);
    const fragment = start < 0 ? 0 : word.indexOf('#', start) + 1;
    if (fragment === 0 || fragment === word.length) return word;
    if (word[fragment] !== '/') return `${word.slice(0, fragment)}***`;
    from = fragment;
  }
}

function hideUsers(text: string): string {
  return text.replace(/(\/\/[^\s/?#@:]*):[^\s/?#]*@/g, '$1:***@').replace(/\/\/[^\s/?#@:]+@/g, '//***@');
}

function hideQuery(query: string): string {
  return query
    .split('&')
    .map((parameter) => (parameter === '' ? '' : `${parameter.slice(0, parameter.indexOf('=') + 1)}***`))
    .join('&');
}
