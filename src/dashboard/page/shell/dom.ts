/** Creates and finds elements. Text is always inserted as text, never as HTML. */

import { foreign } from './foreign.ts';

type Attributes = Readonly<Record<string, string>>;

/** Creates an element: `make('td', { class: 'number' }, '21.35')`. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    element.setAttribute(name, name === 'title' ? foreign(value) : value);
  element.append(...children.map(asText));
  return element;
}

function asText(child: Node | string): Node | string {
  return typeof child === 'string' ? foreign(child) : child;
}

/** An element of the page. @throws Error if it is missing or of another type */
export function find<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`the page has no ${type.name} #${id}`);
  return element;
}

/** Creates an SVG element: `draw('rect', { width: 12 })`. */
export function draw<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>> = {},
  ...children: readonly (Node | string)[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children.map(asText));
  return element;
}

/** An icon of the page, hidden from screen readers: text beside it must say what it means. */
export function icon(name: string): SVGSVGElement {
  return draw('svg', { class: 'icon', 'aria-hidden': 'true' }, draw('use', { href: `#icon-${name}` }));
}

/** Warning text, with an icon, so that it does not depend on colour. */
export function warned(text: string): (Node | string)[] {
  return [icon('warning'), text];
}

/** Sets a text if it differs, to avoid needless layout and announcements. */
export function setText(element: Element, text: string): void {
  const shown = foreign(text);
  if (element.textContent !== shown) element.textContent = shown;
}

/** Announces text to screen readers. */
export function speak(text: string): void {
  setText(find('spoken', HTMLElement), text);
}

/** Calls back when the radio buttons of this name change. @returns a function that selects one of them */
export function bindChoice(name: string, chosen: (value: string) => void): (value: string) => void {
  document.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLInputElement && target.name === name) chosen(target.value);
  });
  return (value) => {
    for (const input of document.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`))
      input.checked = input.value === value;
  };
}
