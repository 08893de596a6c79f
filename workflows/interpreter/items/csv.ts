/** Splits delimited text into rows of fields, after RFC 4180; empty lines are left out. */
export function readRows(text: string, delimiter = ','): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // A field in quotes or plain, then the delimiter, the end of the line, or that of the text.
  const field = new RegExp(
    `("(?:[^"]|"")*"|[^${delimiter}\\r\\n]*)([${delimiter}]|\\r?\\n|\\r|$)`,
    'y',
  );
  while (field.lastIndex < text.length) {
    const [, value = '', end = ''] = field.exec(text) ?? [];
    row.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end === delimiter && field.lastIndex < text.length) continue;
    if (end === delimiter) row.push('');
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}
