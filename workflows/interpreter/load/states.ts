import { isExpression } from '../jsonata.ts';
import type {
  Catcher,
  ChoiceBranch,
  NumberField,
  Program,
  QueryLanguage,
  Retrier,
  StateNode,
} from '../machine.ts';
import { readResource } from '../resources.ts';
import { instantOf } from '../timestamps.ts';
import {
  at,
  type Fields,
  invalid,
  type Place,
  readFields,
  readList,
  readNumber,
  readText,
  refuseBoth,
  refuseOthers,
  unsupported,
} from './reading.ts';
import { fieldsOf, isStateType } from './state-fields.ts';
import { checkTemplate } from './templates.ts';

interface Reader {
  readonly name: string;
  readonly fields: Fields;
  readonly path: string;
  readonly language: QueryLanguage;
}

/** Reads `{StartAt, States}`; `language` is what the states speak unless they say otherwise. */
export function readProgram(place: Place, language: QueryLanguage): Program {
  const fields = readFields(place);
  const startAt = readText(field(fields, place.path, 'StartAt'));
  const states = readFields(field(fields, place.path, 'States'));
  const path = at(place.path, 'States');
  const nodes = Object.entries(states).map(([name, value]) =>
    readState(name, { value, path: at(path, name) }, language),
  );
  const program = { startAt, states: Object.fromEntries(nodes.map((node) => [node.name, node])) };
  if (program.states[startAt] === undefined) {
    throw invalid(at(place.path, 'StartAt'), `names no state: ${startAt}`);
  }
  return program;
}

function field(fields: Fields, path: string, key: string): Place {
  if (fields[key] === undefined) throw invalid(path, `lacks the field ${key}`);
  return { value: fields[key], path: at(path, key) };
}

function readState(name: string, place: Place, machineLanguage: QueryLanguage): StateNode {
  const fields = readFields(place);
  const { type, language } = { type: fields['Type'], language: readLanguage(fields, place.path) };
  if (!isStateType(type)) throw invalid(at(place.path, 'Type'), 'is not a type of state');
  const spoken = language ?? machineLanguage;
  if (machineLanguage === 'JSONata' && spoken === 'JSONPath') {
    throw invalid(at(place.path, 'QueryLanguage'), 'may not go back to JSONPath');
  }
  if (spoken === 'JSONPath') throw unsupported(place.path, 'JSONPath mode is not read yet');
  refuseOthers(fields, place.path, fieldsOf(type, spoken));
  return NODE_READERS[type]({ name, fields, path: place.path, language: spoken });
}

/** `QueryLanguage` of a machine or state, if it says. */
export function readLanguage(fields: Fields, path: string): QueryLanguage | undefined {
  const value = fields['QueryLanguage'];
  if (value === undefined || value === 'JSONPath' || value === 'JSONata') return value;
  throw invalid(at(path, 'QueryLanguage'), 'must be JSONPath or JSONata');
}

function base({ name, fields, path, language }: Reader) {
  for (const key of ['Assign', 'Output', 'Arguments']) {
    checkTemplate({ value: fields[key], path: at(path, key) });
  }
  if (fields['Assign'] !== undefined) readFields(field(fields, path, 'Assign'));
  return {
    name,
    language,
    ...(fields['Assign'] !== undefined && { assign: fields['Assign'] }),
    ...(fields['Output'] !== undefined && { output: fields['Output'] }),
  };
}

function moving(reader: Reader) {
  const { fields, path } = reader;
  const next = fields['Next'];
  if (fields['End'] !== undefined && typeof fields['End'] !== 'boolean') {
    throw invalid(at(path, 'End'), 'must be true or false');
  }
  if ((fields['End'] === true) === (next !== undefined)) {
    throw invalid(path, 'must have either Next or "End": true');
  }
  return {
    ...base(reader),
    ...(next !== undefined && { next: readText(field(fields, path, 'Next')) }),
  };
}

const NODE_READERS: Readonly<Record<StateNode['type'], (reader: Reader) => StateNode>> = {
  Pass: (reader) => ({ ...moving(reader), type: 'Pass' }),
  Succeed: (reader) => ({ ...base(reader), type: 'Succeed' }),
  Fail: readFail,
  Wait: readWait,
  Choice: readChoice,
  Task: readTask,
  Parallel: ({ path }) => {
    throw unsupported(path, 'Parallel is not read yet');
  },
  Map: ({ path }) => {
    throw unsupported(path, 'Map is not read yet');
  },
};

function readFail(reader: Reader): StateNode {
  const { fields, path } = reader;
  const error = optionalText(fields, path, 'Error');
  const cause = optionalText(fields, path, 'Cause');
  return {
    ...base(reader),
    type: 'Fail',
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
}

function optionalText(fields: Fields, path: string, key: string): string | undefined {
  if (fields[key] === undefined) return undefined;
  checkTemplate({ value: fields[key], path: at(path, key) });
  return readText(field(fields, path, key));
}

function readWait(reader: Reader): StateNode {
  const { fields, path } = reader;
  refuseBoth(fields, path, 'Seconds', 'Timestamp');
  const seconds = numberField(fields, path, 'Seconds', { least: 0, most: 99_999_999 });
  const timestamp = optionalText(fields, path, 'Timestamp');
  if (seconds === undefined && timestamp === undefined) {
    throw invalid(path, 'must say how long to wait: Seconds or Timestamp');
  }
  if (timestamp !== undefined && !isExpression(timestamp) && instantOf(timestamp) === undefined) {
    throw invalid(at(path, 'Timestamp'), 'must be an ISO 8601 date-time with a zone');
  }
  return {
    ...moving(reader),
    type: 'Wait',
    ...(seconds && { seconds }),
    ...(timestamp !== undefined && { timestamp: { field: 'Timestamp', value: timestamp } }),
  };
}

function readChoice(reader: Reader): StateNode {
  const { fields, path } = reader;
  const choices = readList(field(fields, path, 'Choices')).map(readBranch);
  if (choices.length === 0) throw invalid(at(path, 'Choices'), 'must not be empty');
  const otherwise = optionalText(fields, path, 'Default');
  return {
    ...base(reader),
    type: 'Choice',
    choices,
    ...(otherwise !== undefined && { otherwise }),
  };
}

const BRANCH_FIELDS = new Set(['Condition', 'Next', 'Assign', 'Output', 'Comment']);

function readBranch(place: Place): ChoiceBranch {
  const fields = readFields(place);
  refuseOthers(fields, place.path, BRANCH_FIELDS);
  for (const key of ['Condition', 'Assign', 'Output']) {
    checkTemplate({ value: fields[key], path: at(place.path, key) });
  }
  const condition = fields['Condition'];
  if (typeof condition !== 'boolean' && !isExpression(condition)) {
    throw invalid(at(place.path, 'Condition'), 'must be true, false or {% JSONata %}');
  }
  return {
    next: readText(field(fields, place.path, 'Next')),
    condition,
    ...(fields['Assign'] !== undefined && { assign: fields['Assign'] }),
    ...(fields['Output'] !== undefined && { output: fields['Output'] }),
  };
}

function readTask(reader: Reader): StateNode {
  const { fields, path } = reader;
  const resource = readText(field(fields, path, 'Resource'));
  if (readResource(resource) === undefined) {
    throw invalid(at(path, 'Resource'), `is not a resource a Task can call: ${resource}`);
  }
  const timeout = numberField(fields, path, 'TimeoutSeconds', { least: 1, most: 99_999_999 });
  const heartbeat = numberField(fields, path, 'HeartbeatSeconds', { least: 1, most: 99_999_999 });
  return {
    ...moving(reader),
    ...recovering(reader),
    type: 'Task',
    resource,
    ...(fields['Arguments'] !== undefined && { arguments: fields['Arguments'] }),
    ...(timeout && { timeout }),
    ...(heartbeat && { heartbeat }),
  };
}

function numberField(
  fields: Fields,
  path: string,
  key: string,
  limits: { least: number; most: number },
): NumberField | undefined {
  const value = fields[key];
  if (value === undefined) return undefined;
  if (!isExpression(value)) {
    return { field: key, value: readNumber({ value, path: at(path, key) }, limits) };
  }
  checkTemplate({ value, path: at(path, key) });
  return { field: key, value };
}

function recovering({ fields, path }: Reader) {
  const list = (key: string) =>
    fields[key] === undefined ? [] : readList({ value: fields[key], path: at(path, key) });
  return { retriers: list('Retry').map(readRetrier), catchers: list('Catch').map(readCatcher) };
}

const RETRIER_FIELDS = new Set([
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
]);

function readRetrier(place: Place): Retrier {
  const fields = readFields(place);
  refuseOthers(fields, place.path, RETRIER_FIELDS);
  const number = (key: string, limits: { least: number; most?: number; whole?: boolean }) =>
    fields[key] === undefined
      ? undefined
      : readNumber({ value: fields[key], path: at(place.path, key) }, limits);
  const jitter = fields['JitterStrategy'] ?? 'NONE';
  if (jitter !== 'FULL' && jitter !== 'NONE') {
    throw invalid(at(place.path, 'JitterStrategy'), 'must be FULL or NONE');
  }
  const intervalSeconds = number('IntervalSeconds', { least: 1, most: 99_999_999 }) ?? 1;
  const maxDelaySeconds = number('MaxDelaySeconds', { least: 1, most: 31_622_400 });
  if (maxDelaySeconds !== undefined && maxDelaySeconds <= intervalSeconds) {
    throw invalid(at(place.path, 'MaxDelaySeconds'), 'must be greater than IntervalSeconds');
  }
  return {
    errors: readErrors(fields, place.path),
    intervalSeconds,
    maxAttempts: number('MaxAttempts', { least: 0, most: 99_999_999 }) ?? 3,
    backoffRate: number('BackoffRate', { least: 1, whole: false }) ?? 2,
    ...(maxDelaySeconds !== undefined && { maxDelaySeconds }),
    jitter: jitter === 'FULL',
  };
}

const CATCHER_FIELDS = new Set(['ErrorEquals', 'Next', 'Assign', 'Output', 'Comment']);

function readCatcher(place: Place): Catcher {
  const fields = readFields(place);
  refuseOthers(fields, place.path, CATCHER_FIELDS);
  for (const key of ['Assign', 'Output']) {
    checkTemplate({ value: fields[key], path: at(place.path, key) });
  }
  return {
    errors: readErrors(fields, place.path),
    next: readText(field(fields, place.path, 'Next')),
    ...(fields['Assign'] !== undefined && { assign: fields['Assign'] }),
    ...(fields['Output'] !== undefined && { output: fields['Output'] }),
  };
}

function readErrors(fields: Fields, path: string): string[] {
  const errors = readList(field(fields, path, 'ErrorEquals')).map(readText);
  if (errors.length === 0) throw invalid(at(path, 'ErrorEquals'), 'must name an error');
  return errors;
}
