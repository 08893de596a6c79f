import { bookOf, expandHolidays, type HolidayBook } from '#core/clocks/holidays.ts';
import type { ClockPolicies } from '#core/clocks/ladder.ts';
import { isHubError } from '#core/errors.ts';
import type { Tracks } from '#core/nurture/tracks.ts';
import { crossCheck, type Playbook } from '#core/playbook.ts';
import { WorkflowTests } from '#workflows/trial/tests-file.ts';
import type { Names } from './check-references.ts';
import { type JsonDocument, problemAt, readJson } from './json-document.ts';
import { addLeave, apart, type LeaveReader, strayLeave } from './leave.ts';
import {
  FOLDERS,
  type Folder,
  fileOf,
  NEEDED_FILES,
  placeOf,
  SINGLE_FILES,
} from './playbook-files.ts';
import { inOrder, type Problem } from './problem.ts';
import { workflowProblems } from './read-workflow.ts';
import { schemaProblems } from './schema-problems.ts';
import { didYouMean, listed } from './suggest.ts';
import type { Connectors } from './use-step.ts';
import { playbookVersion } from './version.ts';

/** What a playbook is read against. */
export interface PlaybookNeeds {
  readonly connectors: Connectors;
}

/** What a playbook names and others know. */
export interface LookUps {
  readonly holidays?: HolidayBook | undefined;
  readonly leave?: LeaveReader | undefined;
}

/** What was read, and everything that is wrong with it; a playbook only where nothing is. */
export interface Reading {
  readonly playbook?: Playbook;
  readonly problems: readonly Problem[];
}

/**
 * Reads a playbook from the texts of its files, by their paths inside it. Pure: the same texts
 * give the same playbook, version and problems wherever they come from and in whatever order.
 */
export function readPlaybook(
  files: Readonly<Record<string, string>>,
  { connectors, holidays, leave }: PlaybookNeeds & LookUps,
): Reading {
  const problems: Problem[] = [];
  const { json, leave: calendars } = apart(files);
  const documents = new Map<string, JsonDocument>();
  for (const [file, text] of Object.entries(json)) {
    const read = readJson(file, text);
    problems.push(...read.problems, ...strangerProblems(file, read.document));
    if (read.document !== undefined) documents.set(file, read.document);
  }
  problems.push(...absences(files));
  problems.push(...[...documents.values()].flatMap(partProblems));

  const names = namesIn(documents);
  for (const [document] of workflowsIn(documents)) {
    problems.push(...workflowProblems(document, { connectors, names }));
  }
  if (problems.length > 0) return { problems: inOrder(problems) };

  const playbook = assemble(documents, calendars);
  const findings = [
    ...expandCalendars(playbook, holidays ?? bookOf({})),
    ...addLeave(playbook, calendars, leave),
    ...crossCheck(playbook),
  ];
  const crossed = findings.map(({ path: pointer, message }) => {
    const { file, path } = fileOf(pointer);
    const document = documents.get(file);
    return document === undefined
      ? { file, line: 1, column: 1, path: pointer, message }
      : problemAt(document, path, { message });
  });
  crossed.push(...strayLeave(playbook, calendars));
  return crossed.length > 0 ? { problems: inOrder(crossed) } : { playbook, problems: [] };
}

/** Writes the dates of public holidays into the calendars; finds the places nobody knows. */
function expandCalendars(
  playbook: Playbook,
  book: HolidayBook,
): { path: string; message: string }[] {
  const findings: { path: string; message: string }[] = [];
  for (const [id, definition] of Object.entries(playbook.calendars)) {
    try {
      playbook.calendars[id] = expandHolidays(definition, book);
    } catch (error) {
      if (!isHubError(error)) throw error;
      findings.push({ path: `/calendars/${id}/holidays`, message: error.message });
    }
  }
  return findings;
}

const EXPECTED = [
  ...Object.keys(SINGLE_FILES),
  ...Object.keys(FOLDERS).map((folder) => `${folder}/<id>.json`),
];

/** A file that is no part of a playbook: a folder or a name that was mistyped. */
function strangerProblems(file: string, document: JsonDocument | undefined): Problem[] {
  const place = placeOf(file);
  const at = { file, line: 1, column: 1, path: '' };
  if (place === undefined) {
    const message = `a playbook has no such file; it has workflows (<id>.json), ${listed(EXPECTED)}`;
    return [{ ...at, message, value: file }];
  }
  const looksLikeWorkflow =
    typeof document?.value === 'object' && 'steps' in (document.value ?? {});
  if (place.kind !== 'workflow' || document === undefined || looksLikeWorkflow) return [];
  const suggestion = didYouMean(file, Object.keys(SINGLE_FILES));
  const message = `is no workflow ("steps" is missing), nor any of ${listed(EXPECTED)}`;
  return [{ ...at, message, value: file, ...(suggestion === undefined ? {} : { suggestion }) }];
}

function absences(files: Readonly<Record<string, string>>): Problem[] {
  const places = Object.keys(files).map(placeOf);
  const lacking = (file: string, what: string): Problem => ({
    file,
    line: 1,
    column: 1,
    path: '',
    message: `the playbook has no ${what}`,
  });
  const single = NEEDED_FILES.filter((file) => !Object.hasOwn(files, file)).map((file) =>
    lacking(file, file),
  );
  const some = places.some((place) => place?.kind === 'workflow');
  return some ? single : [...single, lacking('.', 'workflow')];
}

/** What is wrong with a file that is no workflow, by its own schema. */
function partProblems(document: JsonDocument): Problem[] {
  const schema = schemaFor(document.file);
  if (schema === undefined) return [];
  return schemaProblems(document, { schema, path: [], value: content(document) });
}

function schemaFor(file: string) {
  const place = placeOf(file);
  if (place === undefined || place.kind === 'workflow') return undefined;
  if (place.kind === 'tests') return WorkflowTests;
  return place.kind === 'single' ? SINGLE_FILES[place.file].schema : FOLDERS[place.kind];
}

/** A document without its pointer to a schema, which is for editors. */
function content(document: JsonDocument): unknown {
  const { value } = document;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { $schema: _, ...rest } = value as Record<string, unknown>;
  return rest;
}

function workflowsIn(documents: ReadonlyMap<string, JsonDocument>): [JsonDocument, string][] {
  return [...documents.values()].flatMap((document): [JsonDocument, string][] => {
    const place = placeOf(document.file);
    const isOne = typeof document.value === 'object' && 'steps' in (document.value ?? {});
    return place?.kind === 'workflow' && isOne ? [[document, place.id]] : [];
  });
}

/** What workflows may refer to. A part that can't be read makes no name of it wrong. */
function namesIn(documents: ReadonlyMap<string, JsonDocument>): Names {
  const ids = (kind: Folder) =>
    [...documents.keys()].flatMap((file) => {
      const place = placeOf(file);
      return place?.kind === kind ? [place.id] : [];
    });
  const clocks = parsedFile<ClockPolicies>(documents, 'clocks.json');
  const tracks = parsedFile<Tracks>(documents, 'tracks.json');
  return {
    'scoring model': ids('scoring'),
    'routing policy': ids('routing'),
    ...(clocks === undefined ? {} : { clock: Object.keys(clocks) }),
    ...(tracks === undefined
      ? {}
      : {
          track: tracks.tracks.map(({ id }) => id),
          reason: tracks.reasons.map(({ code }) => code),
        }),
  };
}

function parsedFile<Part>(
  documents: ReadonlyMap<string, JsonDocument>,
  file: string,
): Part | undefined {
  const document = documents.get(file);
  const parsed = document && schemaFor(file)?.safeParse(content(document));
  return parsed?.success === true ? (parsed.data as Part) : undefined;
}

/** The playbook of documents in which no schema found a problem. */
function assemble(
  documents: ReadonlyMap<string, JsonDocument>,
  calendars: Readonly<Record<string, string>>,
): Playbook {
  const folder = (kind: Folder) =>
    Object.fromEntries(
      [...documents.keys()].flatMap((file) => {
        const place = placeOf(file);
        return place?.kind === kind ? [[place.id, parsedFile(documents, file)]] : [];
      }),
    );
  const single = Object.entries(SINGLE_FILES).map(([file, { part }]) => [
    part,
    parsedFile(documents, file),
  ]);
  const rules = [...documents].filter(([file]) => placeOf(file)?.kind !== 'tests');
  const contents = rules.map(([file, { value }]) => [file, value]);
  return {
    version: playbookVersion({ ...Object.fromEntries(contents), ...calendars }),
    workflows: Object.fromEntries(
      workflowsIn(documents).map(([document, id]) => [id, content(document)]),
    ),
    scoring: folder('scoring'),
    routing: folder('routing'),
    ...Object.fromEntries(single),
  } as Playbook;
}
