/**
 * The day that a field of a vendor names, as an instant; nothing where it names none. Vendors write
 * `2027-03-01`, the same with a time, or milliseconds since 1970 as text.
 */
export function namedDateIn(value: unknown): { namedDate?: string } {
  if (typeof value !== 'string' || value === '') return {};
  const at = new Date(/^\d{12,13}$/.test(value) ? Number(value) : value);
  return Number.isNaN(at.getTime()) ? {} : { namedDate: at.toISOString() };
}
