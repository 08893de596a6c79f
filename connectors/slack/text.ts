/**
 * Escapes text for mrkdwn, so that a lead called `<!channel>` wakes nobody, and marks web
 * addresses as links. https://docs.slack.dev/messaging/formatting-message-text#escaping
 */
export function mrkdwn(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return escaped.replace(/https?:\/\/[^\s|]+?(?=[.,;:!?)]*(?:\s|$|\||&lt;|&gt;))/g, '<$&>');
}

/** Cuts a text to a number of characters, and shows that it did. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  // Never half of a character that takes two units.
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
