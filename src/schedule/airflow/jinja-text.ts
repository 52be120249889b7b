/** Text for fields of Airflow that are templates of Jinja, so that it arrives as it is. */

/** What Jinja would take for its own. */
const MARKUP = /\{[{%#]|\r/;
/** What does not arrive from within `{% raw %}`: its end, and a carriage return, which would become a newline. */
const UNSAFE = /\{%[-+]?\s*endraw\s*[-+]?%\}|\r/g;
const RAW = '{% raw %}';
const END = '{% endraw %}';

/** A text for between `{% raw %}` and its end. */
export function insideRaw(text: string): string {
  return text.replace(UNSAFE, (found) => `${END}{{ ${string(found)} }}${RAW}`);
}

/** The text itself where it holds nothing that Jinja would take for its own. */
export function plainTemplate(text: string): string {
  // Of the newline at its end a template loses one.
  return MARKUP.test(text) || text.endsWith('\n') ? RAW + insideRaw(text) + END : text;
}

/** A string within an expression of Jinja. */
function string(text: string): string {
  return `"${text.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}"`;
}
