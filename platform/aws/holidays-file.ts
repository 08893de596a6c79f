import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { bookOf, type HolidayBook } from '#core/clocks/holidays.ts';

/** The file that a deployment puts beside the code of each function. */
const FILE = 'holidays.json';

const Table = z.record(z.string(), z.array(z.iso.date()));

/** The public holidays that were looked up when the function was built. */
export async function readHolidays(folder: string): Promise<HolidayBook> {
  return bookOf(Table.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8'))));
}
