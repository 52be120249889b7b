/** Keyboard shortcuts, active wherever the focus is, except in form fields and dialogs. */

/** Commands by key name; with Shift, an arrow is `Shift+ArrowLeft`. */
type KeyCommands = Readonly<Record<string, () => void>>;

/** Elements where keys have their own meaning. */
const TYPING = 'input:not([type="radio"], [type="checkbox"]), select, dialog, #rows';

/** Binds the shortcuts; they are active while `isOn`. */
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
