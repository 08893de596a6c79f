import fc from 'fast-check';
import { phoneInCommon, phoneStart, readPhone } from '#core/identity/phone.ts';

test.each([
  ['from abroad', '+49 30 1234567', undefined, '49301234567'],
  ['with two zeros', '0049 30 1234567', undefined, '49301234567'],
  ['with a zero in brackets', '+49 (0)30 1234567', undefined, '49301234567'],
  ['as it is dialled at home', '030 / 123 45 67', 'DE', '49301234567'],
  ['of North America', '(415) 555-0100', 'US', '14155550100'],
  ['of North America with its one', '1-415-555-0100', 'CA', '14155550100'],
  ['of Italy, which keeps its zero', '06 6982 1234', 'IT', '390669821234'],
  ['with an extension', '+1 415 555 0100 ext. 22', undefined, '14155550100'],
  ['of nobody knows which country', '030 1234567', undefined, undefined],
  ['of a code that is not there', '+999 123456789', undefined, undefined],
  ['too short', '+49 30', undefined, undefined],
  ['of no digits', 'n/a', 'DE', undefined],
])('a telephone number %s', (_, text, country, digits) => {
  expect(readPhone(text, country)?.digits).toBe(digits);
});

test('numbers share their area only in the same country', () => {
  const paris = readPhone('+33 1 40 20 50 50');
  const london = readPhone('+44 20 7946 0000');
  expect(paris && london && phoneInCommon(paris, { phone: london })).toBeUndefined();
});

test('law: what is kept of somebody’s number is too little to call them by', () => {
  const digits = fc.stringMatching(/^[1-9]\d{8,11}$/);
  fc.assert(
    fc.property(digits, (number) => {
      const phone = readPhone(`+49${number}`);
      if (phone === undefined) throw new Error(`+49${number} is a number.`);
      const start = phoneStart(phone);
      expect([phone.digits.startsWith(start), phone.digits.length - start.length]).toEqual([
        true,
        4,
      ]);
      expect(phoneInCommon(phone, { start })).toBe('telephone numbers of one switchboard');
    }),
  );
});
