import * as z from 'zod';
import type { Answer, Call, FakeOrganization } from './fake-call.ts';
import { refused, SalesforceRefusal } from './fake-errors.ts';
import { type FieldValues, fieldsOf, findRow, tableOf, updateRow } from './fake-records.ts';

const MOST_STEPS = 25;
const MOST_QUERIES = 5;

const Composite = z.object({
  allOrNone: z.boolean(),
  compositeRequest: z
    .array(
      z.object({
        method: z.string(),
        url: z.string(),
        referenceId: z.string(),
        httpHeaders: z.record(z.string(), z.string()).default({}),
        body: z.unknown().optional(),
      }),
    )
    .max(MOST_STEPS),
});
type Step = z.infer<typeof Composite>['compositeRequest'][number];
type Dispatch = (organization: FakeOrganization, call: Call) => Answer;

/** Ends a transaction with what is to be answered although nothing of it happened. */
class Undone extends Error {
  readonly answers: readonly Answer[];

  constructor(answers: readonly Answer[]) {
    super('undone');
    this.answers = answers;
  }
}

/** Several calls in one: each stands for itself, or the first refusal undoes all. */
export function answerComposite(
  organization: FakeOrganization,
  call: Call,
  dispatch: Dispatch,
): Answer {
  const { allOrNone, compositeRequest: steps } = requireComposite(call.body);
  const play = () => {
    const answers = playSteps(organization, steps, allOrNone, dispatch);
    if (allOrNone && answers.some(({ status }) => status >= 300)) throw new Undone(answers);
    return answers;
  };
  let answers: readonly Answer[];
  try {
    answers = allOrNone
      ? organization.recording(() => organization.store.atomically(play))
      : play();
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
    ({ answers } = error);
  }
  const compositeResponse = steps.map(({ referenceId }, index) => ({
    body: answers[index]?.body ?? null,
    httpHeaders: {},
    httpStatusCode: answers[index]?.status ?? 500,
    referenceId,
  }));
  return { status: 200, body: { compositeResponse } };
}

function requireComposite(body: unknown): z.infer<typeof Composite> {
  const composite = Composite.safeParse(body);
  if (!composite.success) throw refused('JSON_PARSER_ERROR', 'Unexpected body');
  const queries = composite.data.compositeRequest.filter(({ url }) => url.includes('/query'));
  if (queries.length > MOST_QUERIES) throw refused('LIMIT_EXCEEDED', 'Too many queries');
  return composite.data;
}

function playSteps(
  organization: FakeOrganization,
  steps: readonly Step[],
  allOrNone: boolean,
  dispatch: Dispatch,
): Answer[] {
  const bodies = new Map<string, unknown>();
  const answers = steps.map((step): Answer => {
    try {
      const answer = dispatch(organization, callOf(step, bodies));
      bodies.set(step.referenceId, answer.body);
      return answer;
    } catch (error) {
      if (!(error instanceof SalesforceRefusal)) throw error;
      return { status: error.status, body: error.body };
    }
  });
  const failed = answers.findIndex(({ status }) => status >= 300);
  if (!allOrNone || failed < 0) return answers;
  const halted = [{ errorCode: 'PROCESSING_HALTED', message: 'The transaction was rolled back.' }];
  return answers.map((answer, index) =>
    index === failed ? answer : { status: 400, body: halted },
  );
}

/** A step as a call of its own; it has only the headers that it names itself. */
function callOf(step: Step, bodies: ReadonlyMap<string, unknown>): Call {
  const url = new URL(referred(step.url, bodies), 'http://localhost');
  const headers = new Map(
    Object.entries(step.httpHeaders).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    method: step.method,
    path: url.pathname.replace(/^\/services\/data\/v\d+\.0/, ''),
    query: url.searchParams,
    header: (name) => headers.get(name),
    body:
      step.body === undefined ? undefined : JSON.parse(referred(JSON.stringify(step.body), bodies)),
  };
}

/** `@{name.field}` is the field of the answer of an earlier step. */
function referred(text: string, bodies: ReadonlyMap<string, unknown>): string {
  return text.replace(/@\{(\w+)\.(\w+)\}/g, (_, name: string, field: string) => {
    const body = z.record(z.string(), z.unknown()).safeParse(bodies.get(name));
    const value = body.data?.[field];
    if (value === undefined) throw refused('PROCESSING_HALTED', 'Invalid reference');
    return String(value);
  });
}

const MOST_RECORDS = 200;
const Many = z.object({
  allOrNone: z.literal(false),
  records: z
    .array(z.looseObject({ attributes: z.object({ type: z.string() }), id: z.string().optional() }))
    .max(MOST_RECORDS),
});

/** Saves each record for itself, and answers in the order in which they came. */
export function saveMany(
  organization: FakeOrganization,
  call: Call,
  save: (fields: FieldValues) => unknown = (fields) => fields,
): Answer {
  const many = Many.safeParse(call.body);
  if (!many.success) throw refused('JSON_PARSER_ERROR', 'Unexpected body');
  const results = many.data.records.map(({ attributes, id, ...rest }) => {
    try {
      if (organization.script?.strikes('partial', call.path)) {
        throw refused('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'A rule of the organisation says no.');
      }
      if (id === undefined) return save(fieldsOf(rest));
      const table = tableOf(attributes.type);
      updateRow(organization, table, findRow(organization.store, table, id), fieldsOf(rest), call);
      return { id, success: true, errors: [] };
    } catch (error) {
      if (!(error instanceof SalesforceRefusal)) throw error;
      const errors = error.body.map(({ errorCode, ...more }) => ({
        statusCode: errorCode,
        ...more,
      }));
      return { success: false, errors };
    }
  });
  return { status: 200, body: results };
}
