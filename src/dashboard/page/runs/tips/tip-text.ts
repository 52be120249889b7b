/** The content of a tooltip. */

export interface Tip {
  readonly title: string;
  /** Names and texts; entries without a text are omitted. */
  readonly facts: readonly (readonly [name: string, text: string | undefined])[];
}
