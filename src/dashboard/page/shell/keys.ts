/** Keys that are commands wherever the focus is, except where a person types or chooses. */

/** What a key does, by its name; an arrow with Shift is `Shift+ArrowLeft`. */
type KeyCommands = Readonly<Record<string, () => void>>;

/** Where keys have a meaning of their own. */
const TYPING = 'input:not([type="radio"], [type="checkbox"]), select, dialog, #rows';

/** Makes the keys work while `isOn`. */
export function attachKeys(commands: KeyCommands, isOn: () => boolean): void {
  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || !isOn()) return;
    if (target instanceof Element && target.closest(TYPING)) return;
    const isArrow = key.startsWith('Arrow');
    const command = commands[isArrow && event.shiftKey ? `Shift+${key}` : key];
    if (command === undefined) return;
    event.preventDefault();
    command();
  });
}
