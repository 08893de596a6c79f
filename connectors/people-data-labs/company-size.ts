/** https://docs.peopledatalabs.com/docs/company-sizes */
const SIZES = [
  '1-10',
  '11-50',
  '51-200',
  '201-500',
  '501-1000',
  '1001-5000',
  '5001-10000',
  '10001+',
];

/** The middle of a size range; of an open one its beginning. */
export function employeesOf(size: string | undefined): number | undefined {
  const [, from, to] = size?.match(/^(\d+)(?:-(\d+)|\+)$/) ?? [];
  return from === undefined ? undefined : Math.round((Number(from) + Number(to ?? from)) / 2);
}

/** The range that a number of employees falls into. */
export function sizeOf(employees: number): string {
  const holds = (size: string) =>
    employees <= Number(size.split('-')[1] ?? Number.POSITIVE_INFINITY);
  return SIZES.find(holds) ?? '10001+';
}
