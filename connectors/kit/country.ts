/** Names that vendors use and that differ from the ones of the Unicode tables. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  america: 'US',
  'united states of america': 'US',
  usa: 'US',
  england: 'GB',
  'great britain': 'GB',
  scotland: 'GB',
  wales: 'GB',
  'czech republic': 'CZ',
  holland: 'NL',
  'the netherlands': 'NL',
  korea: 'KR',
  'republic of korea': 'KR',
  'russian federation': 'RU',
  turkey: 'TR',
  'viet nam': 'VN',
  macedonia: 'MK',
  'ivory coast': 'CI',
  'hong kong': 'HK',
  macau: 'MO',
  palestine: 'PS',
  burma: 'MM',
  myanmar: 'MM',
  'democratic republic of the congo': 'CD',
  'republic of the congo': 'CG',
};

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
let byName: Map<string, string> | undefined;

/** The ISO 3166-1 alpha-2 code of a country, from its English name or the code itself. */
export function countryCode(country: string): string | undefined {
  byName ??= new Map([...namedCodes(), ...Object.entries(OTHER_NAMES)]);
  const wanted = country.trim();
  const known = byName.get(simple(wanted));
  if (known !== undefined) return known;
  const code = wanted.toUpperCase();
  return isCurrent(code) ? current(code) : undefined;
}

function namedCodes(): [string, string][] {
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
  return codes
    .filter((code) => isCurrent(code) && current(code) === code)
    .map((code) => [simple(nameOf(code) ?? code), code]);
}

/** Whether the code is one of a country, if only by an older name (`UK`). */
function isCurrent(code: string): boolean {
  return /^[A-Z]{2}$/.test(code) && nameOf(code) !== undefined;
}

/** Codes of states that are gone (`DD`) and aliases (`UK`) lead to the code of today. */
function current(code: string): string | undefined {
  return new Intl.Locale(`und-${code}`).region;
}

const NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const NO_COUNTRIES = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);

function nameOf(code: string): string | undefined {
  return NO_COUNTRIES.has(code) ? undefined : NAMES.of(code);
}

/** Lower case without accents, and `&` as a word. */
function simple(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('&', 'and')
    .replaceAll('.', '')
    .trim();
}
