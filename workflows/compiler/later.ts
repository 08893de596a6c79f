import { LATER } from '#workflows/steps/later.ts';
import { type Catcher, expression, type Template, type WaitState } from './states-language.ts';

/** The state in which the step of a state waits until it may be done again. */
const laterName = (state: string) => `${state}: later`;

/**
 * The instant at which a state was entered for the first time: what is done again after a wait is
 * the same visit of the same step, and no effect of it happens twice.
 */
export const enteredFirst = (state: string) =>
  expression(`$exists($later) ? ($later.state = '${state}' ? $later.entered : ${NOW}) : ${NOW}`);

const NOW = '$states.context.State.EnteredTime';

/** Done at last, a state's next visit is a new one. */
export const DONE_LATER: Template = { later: { state: null } };

/** Waits as long as the step was told to, and does it again. */
export function catchLater(state: string): Catcher {
  return {
    ErrorEquals: [LATER],
    Assign: {
      later: {
        state,
        entered: enteredFirst(state),
        seconds: expression(SECONDS),
      },
    },
    Output: {},
    Next: laterName(state),
  };
}

/** A Lambda's cause is JSON; the message starts with the seconds. */
const SECONDS = "$number($substringBefore($parse($states.errorOutput.Cause).errorMessage, ' '))";

/** The states that a state needs beside itself to be done later. */
export const laterStates = (state: string): Readonly<Record<string, WaitState>> => ({
  [laterName(state)]: {
    Type: 'Wait',
    Comment: 'Waits until the vendor has room again.',
    Seconds: expression('$later.seconds'),
    Output: {},
    Next: state,
  },
});
