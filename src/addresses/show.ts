/** Formats addresses for messages: one line, truncated, with `***` for everything that may be secret. */

const LONGEST = 120;
/** Local resources, which may contain a command. */
const LOCAL = /^(?:exec|file|hwmon|replay|sim|thermal|w1):/i;
const URL_PARTS = /^([a-z][a-z0-9+.-]*:[/\\]*)(.*)$/is;
/** Shorter secrets are not searched for: they may be part of any word. */
const SHORTEST_SECRET = 4;

/**
 * Hides passwords, users without a password (often a token), and the values of queries and fragments, even in URLs
 * within a command. Shows paths as they are.
 */
export function showAddress(text: string): string {
  const oneLine = hideSecrets(text).replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
  return oneLine.length > LONGEST ? `${oneLine.slice(0, LONGEST)}...` : oneLine;
}

/**
 * Hides the secrets of addresses in messages, which may quote an address that was taken for something else, or come
 * from a library.
 *
 * @param texts of which some are addresses @returns a function that hides them in a message
 */
export function secretHider(texts: readonly string[]): (message: string) => string {
  // Lazy: most runs have no message, and compiling the patterns takes 0.6 ms.
  let hidden: [string, string][] | undefined;
  return (message) => {
    hidden ??= texts.flatMap(hiddenOf);
    return hidden.reduce((rest, [secret, shown]) => rest.replaceAll(secret, shown), message);
  };
}

/** The secrets of a text, each with its replacement. */
function hiddenOf(text: string): [string, string][] {
  const shown = showAddress(text);
  return shown === text || !shown.includes('***') ? [] : [...forms(text, shown), ...secretsIn(text)];
}

/** The forms of a text in messages: plain, quoted, or quoted and truncated. */
function forms(text: string, shown: string): [string, string][] {
  const quoted = JSON.stringify(text).slice(1, -1);
  const cut = JSON.stringify(text.slice(0, 60)).slice(1, -1);
  // A form without secrets would be replaced again within its replacement.
  const secret = [text, quoted, cut].filter((form) => !shown.includes(form));
  return secret.map((form) => [form, shown]);
}

/** The password itself, encoded and decoded. */
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

/** Removes what URL parsers ignore. */
function asParsed(text: string): string {
  return text.replace(/[\t\n\r]/g, '').trimStart();
}

function hideSecrets(text: string): string {
  const [, start, rest] = LOCAL.test(text) ? [] : (URL_PARTS.exec(asParsed(text)) ?? []);
  return start !== undefined && rest !== undefined ? start + hideInUrl(rest) : hideInText(text);
}

/** @param rest everything after the scheme, with or without its slashes */
function hideInUrl(rest: string): string {
  const { shown, end } = hideUser(rest);
  const [, path = '', query, fragment] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(rest.slice(end)) ?? [];
  return [
    shown + path,
    query === undefined ? '' : `?${hideQuery(query)}`,
    // A JSON pointer is not secret.
    fragment === undefined ? '' : fragment === '' || fragment.startsWith('/') ? `#${fragment}` : '#***',
  ].join('');
}

/** @returns the masked user and password, and where they end */
function hideUser(rest: string): { readonly shown: string; readonly end: number } {
  const authority = /^[^/\\?#]*/.exec(rest)?.[0] ?? '';
  const at = authority.lastIndexOf('@');
  // The end is unclear in a malformed address, such as with an unescaped slash in the password, and where a port may be
  // the start of a password.
  const isUnclear = !URL.canParse(`http://${rest}`) || (at < 0 && /:\d+$/.test(authority));
  const end = isUnclear ? rest.lastIndexOf('@') + 1 : at + 1;
  if (end === 0) return { shown: '', end };
  const user = isUnclear ? '' : /^([^:]*:)/.exec(authority.slice(0, at))?.[0];
  return { shown: `${user ?? ''}***@`, end };
}

/** For commands, and text that is not an address. By words: a single pattern would backtrack at every slash. */
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
