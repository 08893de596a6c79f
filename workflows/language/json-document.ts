import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { type Path, type Problem, pathText } from './problem.ts';

/** A playbook file as text and tree: every problem found in it later has a line and a column. */
export interface JsonDocument {
  readonly file: string;
  readonly text: string;
  readonly root: Node;
  readonly value: unknown;
}

/** What a check says of one place of a document. */
export interface Finding {
  readonly message: string;
  readonly value?: unknown;
  readonly suggestion?: string | undefined;
  /** Point at the key and not at its value. */
  readonly atKey?: true;
  /** How far inside the text of the value, for conditions: an index into the decoded string. */
  readonly index?: number;
}

/** Reads strict JSON: comments, trailing commas and keys that are written twice are problems. */
export function readJson(
  file: string,
  text: string,
): { document?: JsonDocument; problems: Problem[] } {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  if (root === undefined || errors.length > 0) {
    const [first = { error: 4, offset: 0, length: 0 }] = errors;
    return { problems: [syntaxProblem(file, text, first)] };
  }
  const document = { file, text, root, value: getNodeValue(root) as unknown };
  return { document, problems: repeatedKeys(document, root) };
}

/** The problem of one place; a place that is not there is that of the nearest one around it. */
export function problemAt(document: JsonDocument, path: Path, finding: Finding): Problem {
  const { message, value, suggestion } = finding;
  return {
    file: document.file,
    ...positionOf(document.text, offsetOf(document, path, finding)),
    path: pathText(path),
    message,
    ...(value === undefined ? {} : { value }),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function offsetOf(document: JsonDocument, path: Path, finding: Finding): number {
  const node = nearest(document.root, path);
  if (finding.index !== undefined) {
    const raw = document.text.slice(node.offset, node.offset + node.length);
    return node.offset + rawIndex(raw, finding.index);
  }
  const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
  return finding.atKey === true && key !== undefined ? key.offset : node.offset;
}

function nearest(root: Node, path: Path): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length) as (string | number)[]);
    if (node !== undefined) return node;
  }
  return root;
}

/** Where the character `index` of a string stands in its JSON text, quote and escapes counted. */
function rawIndex(raw: string, index: number): number {
  let at = 1;
  for (let seen = 0; seen < index && at < raw.length - 1; seen += 1) {
    at += raw[at] !== '\\' ? 1 : raw[at + 1] === 'u' ? 6 : 2;
  }
  return at;
}

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

/** The first error alone: those after it mostly follow from it. */
function syntaxProblem(file: string, text: string, { error, offset }: ParseError): Problem {
  const code = printParseErrorCode(error);
  return {
    file,
    ...positionOf(text, offset),
    path: '',
    message: SYNTAX[code] ?? `is not JSON: ${code}`,
  };
}

const SYNTAX: Readonly<Record<string, string>> = {
  InvalidCommentToken: 'comments are not allowed in JSON; use "note"',
  ValueExpected: 'a value is expected here (is there a comma too many?)',
  PropertyNameExpected: 'a key in double quotes is expected here (is there a comma too many?)',
  ColonExpected: 'a colon is expected here',
  CommaExpected: 'a comma is expected here',
  CloseBraceExpected: 'a closing brace is expected here',
  CloseBracketExpected: 'a closing bracket is expected here',
  EndOfFileExpected: 'nothing may follow the document',
  InvalidSymbol: 'is not JSON: texts are in double quotes, and true, false and null in lower case',
  UnexpectedEndOfString: 'this text is not closed',
};

function repeatedKeys(document: JsonDocument, node: Node): Problem[] {
  const seen = new Map<string, Node>();
  const problems: Problem[] = [];
  for (const child of node.children ?? []) {
    const key = node.type === 'object' ? child.children?.[0] : undefined;
    if (key !== undefined && seen.has(key.value)) {
      problems.push({
        file: document.file,
        ...positionOf(document.text, key.offset),
        path: pathText([...pathOf(node), key.value]),
        message: `"${key.value}" is written twice in this object`,
        value: key.value,
      });
    }
    if (key !== undefined) seen.set(key.value, child);
    problems.push(...repeatedKeys(document, child));
  }
  return problems;
}

function pathOf(node: Node): Path {
  const { parent } = node;
  if (parent === undefined) return [];
  if (parent.type === 'property')
    return [...pathOf(parent.parent ?? parent), parent.children?.[0]?.value];
  if (parent.type === 'array') return [...pathOf(parent), parent.children?.indexOf(node) ?? 0];
  return pathOf(parent);
}
