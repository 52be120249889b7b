/** Keys that are commands wherever the focus is, except where one types or chooses. */

/** What a key does, by its name; those of more than one letter and signs with Shift are told apart by `Shift+`. */
export type Commands = Readonly<Record<string, () => void>>;

export function attachCommands(commands: Commands, isOn: () => boolean): void {
  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || !isOn()) return;
    if (target instanceof Element && target.closest('input[type="search"], select, dialog, #rows')) return;
    const isArrow = key.startsWith('Arrow');
    const command = commands[isArrow && event.shiftKey ? `Shift+${key}` : key];
    if (command === undefined) return;
    event.preventDefault();
    command();
  });
}
