/** Buttons that sometimes cannot be used. */

/** Shows whether a button can be used: one that cannot says why, to those who point at it and those who hear it. */
export function setRefusal(button: HTMLButtonElement, refusal: string | undefined, title = ''): void {
  const told = refusal ?? title;
  if (button.title !== told) button.title = told;
  button.setAttribute('aria-disabled', String(refusal !== undefined));
}

/** Calls back when a button is used that can be used. */
export function onUse(button: HTMLButtonElement, used: () => void): void {
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') used();
  });
}
