/** How the buttons of a message are named, where both the message and the click can see it. */
export const ACCEPT = 'baton_accept';
export const SNOOZE = 'baton_snooze';
export const REJECT = 'baton_reject';

/** A select's option holds the reason, so the hand-off is named by the block around it. */
const BLOCK_PREFIX = 'baton:';

export const blockIdOf = (handoffId: string): string => `${BLOCK_PREFIX}${handoffId}`;

export const handoffOf = (blockId: string): string | undefined =>
  blockId.startsWith(BLOCK_PREFIX) ? blockId.slice(BLOCK_PREFIX.length) : undefined;
