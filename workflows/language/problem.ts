/** One thing that is wrong with a playbook, and where: what an editor or a build log shows. */
export interface Problem {
  /** The path inside the playbook: `inbound-lead.json`, `scoring/default.json`. */
  readonly file: string;
  /** Both count from 1; a column is a UTF-16 unit, as editors count. */
  readonly line: number;
  readonly column: number;
  /** Where in the document: `steps[3].with.model`. */
  readonly path: string;
  readonly message: string;
  /** The offending value, where there is one. */
  readonly value?: unknown;
  /** What was probably meant. */
  readonly suggestion?: string;
}

export type Path = readonly (string | number)[];

/** `['steps', 3, 'with', 'model']` as `steps[3].with.model`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** One line that a terminal turns into a link. */
export function formatProblem({ file, line, column, message, suggestion }: Problem): string {
  const hint = suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`;
  const stop = /[.?!]$/.test(message) ? '' : '.';
  return `${file}:${line}:${column} ${message}${stop}${hint}`;
}

/** By file, then from top to bottom, whatever check found them first. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (one, other) =>
      compare(one.file, other.file) ||
      one.line - other.line ||
      one.column - other.column ||
      compare(one.message, other.message),
  );
}

const compare = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);
