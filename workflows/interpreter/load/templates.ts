import { expressionText, isExpression, parseExpression } from '../jsonata.ts';
import { at, invalid, type Place } from './reading.ts';

/** Parses every expression of a template, so that a typing error shows before anything runs. */
export function checkTemplate({ value, path }: Place): void {
  if (typeof value === 'string') {
    checkText(value, path);
  } else if (Array.isArray(value)) {
    for (const [position, item] of value.entries()) {
      checkTemplate({ value: item, path: at(path, position) });
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      checkTemplate({ value: item, path: at(path, key) });
    }
  }
}

function checkText(text: string, path: string): void {
  if (!isExpression(text)) return;
  const expression = expressionText(text);
  if (expression === '') throw invalid(path, 'holds no JSONata expression between {% and %}');
  try {
    parseExpression(expression);
  } catch (error) {
    throw invalid(path, `is not JSONata: ${(error as Error).message}`);
  }
}
