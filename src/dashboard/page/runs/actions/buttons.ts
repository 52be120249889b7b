/** Buttons that can be disabled, with a reason. */

/** Enables a button, or disables it with a reason, which is shown as a tooltip and announced by screen readers. */
export function setRefusal(button: HTMLButtonElement, refusal: string | undefined, title = ''): void {
  const told = refusal ?? title;
  if (button.title !== told) button.title = told;
  button.setAttribute('aria-disabled', String(refusal !== undefined));
}

/** Calls back on a click, unless the button is disabled. */
export function onUse(button: HTMLButtonElement, used: () => void): void {
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') used();
  });
}
