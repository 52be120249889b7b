/** The toolbar of a log: which log, searching, and display options. */

import { make, setText } from '../../shell/dom.ts';

const NARROW = 720;

export interface LogWishes {
  task(name: string): void;
  attempt(number: number): void;
  search(text: string): void;
  /** To the next or previous match. */
  step(by: 1 | -1): void;
  error(): void;
  follow(isOn: boolean): void;
  wrap(isOn: boolean): void;
}

export interface Option {
  readonly value: string;
  readonly text: string;
}

export interface LogTools {
  readonly element: HTMLElement;
  readonly search: HTMLInputElement;
  /** Whether long lines wrap initially. */
  readonly wraps: boolean;
  showTasks(tasks: readonly Option[], chosen: string): void;
  /** The items of the task; none if it is not split. */
  showItems(items: readonly Option[], chosen: string): void;
  showTries(tries: readonly (Option & { readonly className: string })[], chosen: string): void;
  showMatches(words: string, isAny: boolean): void;
  showFollow(isOn: boolean, isPossible: boolean): void;
  showRaw(address: string): void;
}

export function createLogTools(wishes: LogWishes): LogTools {
  const tasks = chooser('Task', wishes.task);
  const items = chooser('Item', wishes.task);
  const tries = make('span', { class: 'group tries', role: 'group', 'aria-label': 'Tries' });
  const search = make('input', {
    type: 'search',
    placeholder: 'Search',
    'aria-label': 'Search in the log',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  search.oninput = () => wishes.search(search.value);
  search.onkeydown = (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    wishes.step(event.shiftKey ? 1 : -1);
  };
  const count = make('span', { class: 'matches muted', role: 'status' });
  const [up, down] = [
    button('‹', 'Previous match (Enter)', () => wishes.step(-1)),
    button('›', 'Next match (Shift Enter)', () => wishes.step(1)),
  ];
  const error = make(
    'button',
    { type: 'button', title: 'The last line that mentions an error, then earlier ones (e)' },
    'Error',
  );
  error.onclick = wishes.error;
  const follow = switched('Follow', wishes.follow);
  const wrap = switched('Wrap', wishes.wrap);
  // On a narrow screen most lines do not fit.
  wrap.input.checked = innerWidth <= NARROW;
  const raw = make(
    'a',
    {
      class: 'button',
      target: '_blank',
      rel: 'noopener',
      title: 'As it was written: all of it, or its last MiB',
    },
    'Raw',
  );
  const element = make(
    'div',
    { class: 'log-tools' },
    ...[tasks.select, items.select, tries],
    make('span', { class: 'space' }),
    make('span', { class: 'group find' }, search, count, up, down),
    make('span', { class: 'group' }, error, follow.label, wrap.label, raw),
  );
  return {
    element,
    search,
    wraps: wrap.input.checked,
    showTasks: tasks.show,
    showItems: items.show,
    showTries: (options, chosen) => showTries(tries, options, chosen, wishes.attempt),
    showMatches(words, isAny) {
      setText(count, words);
      for (const step of [up, down]) step.disabled = !isAny;
    },
    showFollow(isOn, isPossible) {
      follow.input.checked = isOn;
      follow.label.hidden = !isPossible;
    },
    showRaw(address) {
      if (raw.getAttribute('href') !== address) raw.setAttribute('href', address);
    },
  };
}

function button(sign: string, title: string, done: () => void): HTMLButtonElement {
  const made = make('button', { type: 'button', class: 'small', 'aria-label': title, title }, sign);
  made.onclick = done;
  return made;
}

function chooser(name: string, chosen: (value: string) => void) {
  const select = make('select', { 'aria-label': name, hidden: '' });
  select.onchange = () => chosen(select.value);
  let shown = '';
  return {
    select,
    show(options: readonly Option[], value: string): void {
      select.hidden = options.length === 0;
      const key = JSON.stringify(options);
      // Unchanged options are kept: replacing them would close an open list.
      if (key !== shown)
        select.replaceChildren(...options.map((each) => make('option', { value: each.value }, each.text)));
      shown = key;
      if (select.value !== value) select.value = value;
    },
  };
}

function switched(name: string, changed: (isOn: boolean) => void) {
  const input = make('input', { type: 'checkbox' });
  input.onchange = () => changed(input.checked);
  return { input, label: make('label', { class: 'choice-box' }, input, name) };
}

function showTries(
  host: HTMLElement,
  options: readonly (Option & { readonly className: string })[],
  chosen: string,
  choose: (number: number) => void,
): void {
  const key = JSON.stringify([options, chosen]);
  if (host.dataset.shown === key) return;
  host.dataset.shown = key;
  host.replaceChildren(
    ...options.map(({ value, text, className }) => {
      const made = make(
        'button',
        { type: 'button', class: className, 'aria-pressed': String(value === chosen) },
        text,
      );
      made.onclick = () => choose(Number(value));
      return made;
    }),
  );
}
