/** What is dialled for a country from abroad (ITU E.164), for those whose numbers forms bring most. */
const CALLING_CODES: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'US1 CA1 RU7 KZ7 EG20 ZA27 GR30 NL31 BE32 FR33 ES34 HU36 IT39 RO40 CH41 AT43 GB44 DK45 SE46 ' +
    'NO47 PL48 DE49 PE51 MX52 CU53 AR54 BR55 CL56 CO57 VE58 MY60 AU61 ID62 PH63 NZ64 SG65 TH66 ' +
    'JP81 KR82 VN84 CN86 TR90 IN91 PK92 AF93 LK94 MM95 IR98 MA212 DZ213 TN216 LY218 SN221 GH233 ' +
    'NG234 KE254 TZ255 UG256 ZM260 ZW263 NA264 PT351 LU352 IE353 IS354 AL355 MT356 CY357 FI358 ' +
    'BG359 LT370 LV371 EE372 MD373 AM374 BY375 AD376 MC377 SM378 UA380 RS381 ME382 XK383 HR385 ' +
    'SI386 BA387 MK389 CZ420 SK421 LI423 GT502 SV503 HN504 NI505 CR506 PA507 BO591 EC593 PY595 ' +
    'UY598 HK852 MO853 KH855 BD880 TW886 MV960 LB961 JO962 SY963 IQ964 KW965 SA966 YE967 OM968 ' +
    'AE971 IL972 BH973 QA974 MN976 NP977 AZ994 GE995 UZ998'
  )
    .split(' ')
    .map((one) => [one.slice(0, 2), one.slice(2)]),
);

const CODES = new Set(Object.values(CALLING_CODES));
/** In Italy the zero belongs to the number. */
const KEEPS_ZERO = new Set(['39', '378']);

/** The fewest digits of a number that somebody can be called by, its country's code included. */
const LEAST_DIGITS = 8;
/** Digits by which the extensions of one switchboard differ. */
const EXTENSION = 4;

export interface Phone {
  /** All digits as they are dialled from abroad, without the plus. */
  readonly digits: string;
  /** The calling code of the country or countries. */
  readonly code: string;
}

/**
 * A telephone number as identity compares it. One without the code of its country is of the country
 * that is given; undefined for what is too short, or of nobody knows which country.
 */
export function readPhone(text: string | undefined, country?: string): Phone | undefined {
  if (text === undefined) return undefined;
  const bare = text.replace(/(ext|x|extension|durchwahl|dw)\.?\s*\d+\s*$/i, '').trim();
  const abroad = /^(\+|00)/.test(bare);
  // A zero in brackets is dialled within the country alone: +49 (0)30.
  const digits = bare.replace(/\(0\)/g, abroad ? '' : '0').replace(/\D/g, '');
  return abroad ? fromAbroad(digits.replace(/^00/, '')) : fromWithin(digits, country);
}

function fromAbroad(digits: string): Phone | undefined {
  const code = [1, 2, 3].map((length) => digits.slice(0, length)).find((one) => CODES.has(one));
  return code === undefined || digits.length < LEAST_DIGITS ? undefined : { digits, code };
}

function fromWithin(digits: string, country: string | undefined): Phone | undefined {
  const code = country === undefined ? undefined : CALLING_CODES[country];
  if (code === undefined) return undefined;
  const national =
    code === '1' && digits.length === 11 ? digits.replace(/^1/, '') : withoutTrunk(digits, code);
  const whole = code + national;
  return whole.length < LEAST_DIGITS ? undefined : { digits: whole, code };
}

const withoutTrunk = (digits: string, code: string) =>
  KEEPS_ZERO.has(code) ? digits : digits.replace(/^0/, '');

/**
 * A number without the digits of its extension: what a company's numbers share, and too little to
 * call anybody by.
 */
export const phoneStart = ({ digits }: Phone): string => digits.slice(0, -EXTENSION);

/** Of three digits in North America; elsewhere areas of two digits and of more share the first two. */
const areaOf = ({ digits, code }: Phone) => digits.slice(0, code.length + (code === '1' ? 3 : 2));

/** What two numbers have in common, in words; undefined where that is nothing. */
export function phoneInCommon(lead: Phone, account: KnownPhones): string | undefined {
  const { phone, start } = account;
  if (phone !== undefined && phone.digits === lead.digits) return 'the same telephone number';
  const starts = [start, phone && phoneStart(phone)];
  if (starts.includes(phoneStart(lead))) return `telephone numbers of one switchboard`;
  const area = areaOf(lead);
  const known = phone?.digits ?? start;
  return known?.startsWith(area) ? `telephone area +${area}` : undefined;
}

export interface KnownPhones {
  /** The company's own number. */
  readonly phone?: Phone | undefined;
  /** What the numbers of its people start with. */
  readonly start?: string | undefined;
}
