import pc from 'picocolors';

/** Colours, or none: the same words either way. */
export type Paint = ReturnType<typeof pc.createColors>;

/** What a terminal shows on a line without breaking it. */
export const WIDTH = 80;

/** Colours for people who look at a terminal and did not ask for none (https://no-color.org). */
export function paintFor(stream: { readonly isTTY?: boolean }, json: boolean): Paint {
  const wanted = stream.isTTY === true && !json && (process.env['NO_COLOR'] ?? '') === '';
  return pc.createColors(wanted);
}

export const plain: Paint = pc.createColors(false);

/** The text in lines that fit; a word longer than a line keeps its own. Breaks that are there stay. */
export function wrap(text: string, width = WIDTH, indent = ''): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width - indent.length).join('\n'))
    .join('\n')
    .replaceAll(/^(?=.)/gm, indent);
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (longer.length > width && current !== '') {
      lines.push(current);
      current = word;
    } else current = longer;
  }
  return [...lines, current];
}

/** A text in a column of that width: filled up, or cut with a sign that something is missing. */
export function column(text: string, width: number): string {
  return text.length <= width ? text.padEnd(width) : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** `1 lead`, `2 leads`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
