/** Salesforce cuts nothing off but refuses what is longer. */
export const MOST_SUBJECT = 255;

/** How the keys of tasks begin that tell what marketing did, and not what somebody has to do. */
export const ACTIVITY_KEY = 'touch-';
