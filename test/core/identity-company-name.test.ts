import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { readCompanyName } from '#core/identity/company-name.ts';
import { ALIKE, nameSimilarity } from '#core/identity/name-similarity.ts';

test.each([
  ['Acme, Inc.', 'acme', ['inc']],
  ['A B Volvo', 'volvo', ['ab']],
  ['Volvo AB (publ)', 'volvo', ['publ', 'ab']],
  ['Müller & Söhne GmbH & Co. KG', 'muller and sohne', ['gmbh and co kg']],
  ['Novo Nordisk A/S', 'novo nordisk', ['as']],
  ['Koninklijke KPN N.V.', 'koninklijke kpn', ['nv']],
  ['Grupo Bimbo, S.A.B. de C.V.', 'grupo bimbo', ['sab de cv']],
  ['Petronas Sdn. Bhd.', 'petronas', ['sdn bhd']],
  ['Telstra Pty Ltd', 'telstra', ['pty ltd']],
  ['PT Astra International Tbk', 'astra international', ['tbk', 'pt']],
  ['ООО «Яндекс»', 'ооо яндекс', []],
  ['CD Projekt S.A.', 'cd projekt', ['sa']],
  ['Allegro Sp. z o.o.', 'allegro', ['sp z oo']],
  ['Škoda Auto a.s.', 'skoda auto', ['as']],
  ['トヨタ自動車株式会社', 'トヨタ自動車', []],
  ['삼성전자 주식회사', '삼성전자'.normalize('NFKD'), []],
  ["McDonald's Corporation", 'mcdonalds', ['corporation']],
  ['Hewlett-Packard Company', 'hewlett packard', ['company']],
  ['The Boeing Company', 'boeing', ['company', 'the']],
  ['3M Co', '3m', ['co']],
  ['SA', 'sa', []],
])('%s is %s', (name, text, forms) => {
  expect(readCompanyName(name)).toEqual({ words: text.split(' '), text, forms });
});

const similarity = (one: string, other: string) =>
  nameSimilarity(readCompanyName(one), readCompanyName(other));

test.each([
  ['Acme Inc', 'ACME, Incorporated', 'same'],
  ['Face Book', 'Facebook', 'same words'],
  ['Deutsche Bahn AG', 'Bahn Deutsche', 'same words'],
  ['Matanga B.V.', 'Matanga Advies B.V.', 'alike'],
  ['Siemens Healthineers', 'Siemens Healtineers AG', 'alike'],
])('%s and %s are one company: %s', (one, other, how) => {
  const found = similarity(one, other);
  expect(found.how).toBe(how);
  expect(found.score).toBeGreaterThanOrEqual(ALIKE);
});

test.each([
  ['Acme Holding', 'Zenith Holding'],
  ['Van der Meer Group', 'Van der Berg Group'],
  ['BMW AG', 'BMX AG'],
  ['Kamali B.V.', 'Bokali B.V.'],
  ['First National Bank', 'National Bank of Canada'],
  // An acronym says too little by itself.
  ['IBM', 'International Business Machines'],
])('%s and %s are two', (one, other) => {
  expect(similarity(one, other).score).toBeLessThan(ALIKE);
});

test('an acronym is told as one', () => {
  expect(similarity('IBM', 'International Business Machines Corp.').how).toBe('acronym');
});

const words = fc.array(
  fc.constantFrom('acme', 'zenith', 'holding', 'van', 'der', 'meer', 'ag', '3m', 'b', 'v', 'öl'),
  { minLength: 1, maxLength: 5 },
);
const anyName = words.map((list) => list.join(' '));

test('law: likeness goes both ways, lies between 0 and 1, and a name is like itself', () => {
  fc.assert(
    fc.property(anyName, anyName, (one, other) => {
      const there = similarity(one, other).score;
      expect(there).toBeGreaterThanOrEqual(0);
      expect(there).toBeLessThanOrEqual(1);
      expect(similarity(one, one).score).toBe(1);
      expect(similarity(other, one).score).toBeCloseTo(there, 10);
    }),
  );
});

test('law: any text can be read, and case, accents and spaces change nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), anyName, (text, name) => {
      expect(() => readCompanyName(text)).not.toThrow();
      const shouted = `  ${name.toUpperCase().replaceAll(' ', '   ')} `;
      expect(readCompanyName(shouted).text).toBe(readCompanyName(name).text);
    }),
  );
});

const PAIRS = '../shared/data/company-name-pairs.csv';
const reason = existsSync(PAIRS) ? '' : ` (skipped: there is no ${PAIRS})`;
(reason === '' ? test : test.skip)(`labelled pairs of Dutch names are told apart${reason}`, () => {
  const rows = readFileSync(PAIRS, 'utf8').trim().split('\n').slice(1);
  const wrong = rows.filter((row) => {
    const cells = row.split(',');
    const alike = similarity(cells[13] ?? '', cells[15] ?? '').score >= ALIKE;
    return alike !== (cells[18]?.trim() === 'True');
  });
  expect(wrong).toEqual([]);
});
