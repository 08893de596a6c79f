/**
 * How long Marketo works at a call before it gives up (604), and a little for the way: whoever
 * hangs up earlier never learns what became of it.
 */
export const TIMEOUT_MS = {
  /** Upserts; everything that is not named here is done in a third of it. */
  usual: 95_000,
  read: 65_000,
  associate: 65_000,
  merge: 185_000,
} as const;
