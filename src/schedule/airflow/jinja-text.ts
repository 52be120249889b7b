/** Escapes text for Airflow's Jinja template fields, so that it is rendered unchanged. */

/** Anything that Jinja would interpret or change. */
const MARKUP = /\{[{%#]|\r/;
/** What even `{% raw %}` does not preserve: its own end, and a carriage return, which becomes a newline. */
const UNSAFE = /\{%[-+]?\s*endraw\s*[-+]?%\}|\r/g;
const RAW = '{% raw %}';
const END = '{% endraw %}';

/** A text for use between `{% raw %}` and `{% endraw %}`. */
export function insideRaw(text: string): string {
  return text.replace(UNSAFE, (found) => `${END}{{ ${string(found)} }}${RAW}`);
}

/** A text as a template; unchanged if it has nothing to escape. */
export function plainTemplate(text: string): string {
  // Jinja strips one newline at the end of a template.
  return MARKUP.test(text) || text.endsWith('\n') ? RAW + insideRaw(text) + END : text;
}

/** A string literal in a Jinja expression. */
function string(text: string): string {
  return `"${text.replaceAll('\r', '\\r').replaceAll('\n', '\\n')}"`;
}
