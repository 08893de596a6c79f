import { operandType } from '../choice-rules.ts';
import { isExpression } from '../jsonata.ts';
import type { ChoiceBranch, ChoiceNode, ChoiceRule } from '../machine.ts';
import { instantOf } from '../timestamps.ts';
import { readPath } from './paths.ts';
import { assignment, base, optionalText, required, type StateReader, template } from './reader.ts';
import {
  at,
  type Fields,
  invalid,
  type Place,
  readFields,
  readList,
  readText,
  refuseOthers,
} from './reading.ts';

export function readChoice(reader: StateReader): ChoiceNode {
  const { fields, path } = reader;
  const list = readList(required(fields, path, 'Choices'));
  if (list.length === 0) throw invalid(at(path, 'Choices'), 'must not be empty');
  const choices = list.map((place) =>
    reader.language === 'JSONata' ? readCondition(reader, place) : readRuled(reader, place),
  );
  const otherwise = optionalText(fields, path, 'Default');
  return {
    ...base(reader),
    type: 'Choice',
    choices,
    ...(otherwise !== undefined && { otherwise }),
  };
}

const CONDITION_FIELDS = new Set(['Condition', 'Next', 'Assign', 'Output', 'Comment']);

function readCondition(reader: StateReader, place: Place): ChoiceBranch {
  const fields = readFields(place);
  refuseOthers(fields, place.path, CONDITION_FIELDS);
  const condition = template(reader, fields, place.path, 'Condition');
  if (typeof condition !== 'boolean' && !isExpression(condition)) {
    throw invalid(at(place.path, 'Condition'), 'must be true, false or {% JSONata %}');
  }
  const output = template(reader, fields, place.path, 'Output');
  return {
    next: readText(required(fields, place.path, 'Next')),
    condition,
    ...assignment(reader, fields, place.path),
    ...(output !== undefined && { output }),
  };
}

function readRuled(reader: StateReader, place: Place): ChoiceBranch {
  const fields = readFields(place);
  return {
    next: readText(required(fields, place.path, 'Next')),
    rule: readRule(place, ['Next', 'Assign', 'Comment']),
    ...assignment(reader, fields, place.path),
  };
}

/** A rule: one of And, Or, Not, or a variable with one comparison. */
function readRule(place: Place, besides: readonly string[]): ChoiceRule {
  const fields = readFields(place);
  const keys = Object.keys(fields).filter((key) => !besides.includes(key));
  const [key = ''] = keys;
  if (keys.length === 1 && (key === 'And' || key === 'Or')) {
    const rules = readList(required(fields, place.path, key)).map((inner) =>
      readRule(inner, ['Comment']),
    );
    if (rules.length === 0) throw invalid(at(place.path, key), 'must not be empty');
    return { kind: key === 'And' ? 'and' : 'or', rules };
  }
  if (keys.length === 1 && key === 'Not') {
    return { kind: 'not', rule: readRule(required(fields, place.path, 'Not'), ['Comment']) };
  }
  return readComparison(fields, place.path, keys);
}

function readComparison(fields: Fields, path: string, keys: readonly string[]): ChoiceRule {
  const variable = readPath(required(fields, path, 'Variable'));
  const operators = keys.filter((key) => key !== 'Variable');
  const [operator] = operators;
  if (operator === undefined || operators.length > 1) {
    throw invalid(path, 'must have exactly one comparison');
  }
  const place = required(fields, path, operator);
  checkOperand(operator, place);
  return { kind: 'compare', variable, operator, operand: place.value };
}

function checkOperand(operator: string, place: Place): void {
  const type = operandType(operator);
  if (type === undefined) throw invalid(place.path, 'is not a comparison');
  if (type === 'path') {
    readPath(place);
  } else if (type === 'timestamp') {
    if (instantOf(readText(place)) === undefined) {
      throw invalid(place.path, 'must be an ISO 8601 date-time with a zone');
    }
  } else if (typeof place.value !== type) {
    throw invalid(place.path, `must be a ${type}`);
  }
}
