import { quote } from './cut.ts';

interface QuestionFacts {
  readonly need?: string | undefined;
  readonly timeline?: string | undefined;
  readonly title?: string | undefined;
  readonly customer: boolean;
  readonly sawPrices: boolean;
}

/** Two questions: about what is not known yet, the most useful ones first. */
export function questionsFor(facts: QuestionFacts): [string, string] {
  const { need, timeline, title, customer, sawPrices } = facts;
  const questions = [
    customer && 'What works well for you so far, and what does not?',
    need === undefined
      ? 'What happened that makes this a subject now?'
      : 'What have you tried so far, and what was missing?',
    sawPrices && 'How is money for something like this decided on at your company?',
    timeline === undefined
      ? 'By when should it be solved, and what happens if it is not?'
      : `What does ${quote(timeline, 40)} depend on?`,
    title === undefined && 'Who besides you has a say in this?',
  ].filter((question) => question !== false);
  const [first = '', second = ''] = questions;
  return [first, second];
}
