/** How the buttons of a message are named, where both the message and the click can see it. */
export const ACCEPT = 'baton_accept';
export const SNOOZE = 'baton_snooze';
export const REJECT = 'baton_reject';
export const PAUSE = 'baton_pause';
export const VETO = 'baton_veto';

/** The fields of the form that asks when to talk again. */
export const DATE = 'baton_date';
export const NOTE = 'baton_note';

/** A choice holds one text: the reason, and whether a form asks for a date; or the pause whole. */
const ASKS = '?date';
const BETWEEN = '|';

export const reasonValue = (code: string, asksDate: boolean): string =>
  asksDate ? `${code}${ASKS}` : code;

export const readReason = (value: string): { reason: string; asksDate: boolean } =>
  value.endsWith(ASKS)
    ? { reason: value.slice(0, -ASKS.length), asksDate: true }
    : { reason: value, asksDate: false };

export const pauseValue = (reason: string, length: string): string =>
  `${reason}${BETWEEN}${length}`;

export function readPause(value: string): { reason: string; length: string } {
  const [reason = '', length = ''] = value.split(BETWEEN);
  return { reason, length };
}

/** A select's option holds the reason, so the hand-off is named by the block around it. */
const BLOCK_PREFIX = 'baton:';

export const blockIdOf = (handoffId: string): string => `${BLOCK_PREFIX}${handoffId}`;

export const handoffOf = (blockId: string): string | undefined =>
  blockId.startsWith(BLOCK_PREFIX) ? blockId.slice(BLOCK_PREFIX.length) : undefined;
