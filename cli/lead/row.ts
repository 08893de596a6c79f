import { type Paint, wrap } from '#cli/terminal.ts';

/** A named line of an explanation, wrapped under its text. */
export const row = (name: string, text: string, paint: Paint): string =>
  `  ${paint.dim(name.padEnd(13))}${wrap(text, 80, ' '.repeat(15)).trimStart()}`;
