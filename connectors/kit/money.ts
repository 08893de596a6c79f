/** Digits of most currencies, for amounts that come without one. */
const USUAL_DIGITS = 2;

/** An amount in the smallest unit of its currency: 12.5 EUR is 1250, 12 JPY is 12. */
export function minorUnits(
  amount: number | string | null | undefined,
  currency: string | undefined,
): number | undefined {
  if (amount === undefined || amount === null || amount === '') return undefined;
  const value = Number(amount);
  if (!Number.isFinite(value)) return undefined;
  return Math.round(value * 10 ** digitsOf(currency));
}

/** The other way: 1250 of EUR is 12.5, 12 of JPY is 12. */
export function majorUnits(
  amountMinor: number | undefined,
  currency: string | undefined,
): number | undefined {
  return amountMinor === undefined ? undefined : amountMinor / 10 ** digitsOf(currency);
}

function digitsOf(currency: string | undefined): number {
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency)) return USUAL_DIGITS;
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  return maximumFractionDigits ?? USUAL_DIGITS;
}
