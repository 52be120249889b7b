import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  formatPreferences,
  type Preferences,
  parsePreferences,
} from '../../../../src/dashboard/page/shell/preferences.ts';

it('preferences are the same after they were kept', () => {
  const any: fc.Arbitrary<Preferences> = fc.record({
    unit: fc.constantFrom('C', 'F'),
    zone: fc.constantFrom('local', 'utc'),
    theme: fc.constantFrom('auto', 'light', 'dark'),
    keys: fc.boolean(),
  });
  fc.assert(
    fc.property(any, (preferences) => {
      expect(parsePreferences(formatPreferences(preferences))).toEqual(preferences);
    }),
  );
});

it.each([null, '', 'unit=K&zone=mars&theme=pink&keys=', '%%%'])('%j is a first visit', (text) => {
  expect(parsePreferences(text)).toEqual({ unit: 'C', zone: 'local', theme: 'auto', keys: true });
});
