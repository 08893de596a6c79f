import { escaped } from './message.ts';

export interface LinkPage {
  readonly status: number;
  readonly html: string;
}

/** A page of one question or one answer; `body` is HTML. */
export function page(status: number, title: string, body: string): LinkPage {
  const html = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">',
    `<title>${escaped(title)} · Baton</title>`,
    '<style>body{font:1.1rem/1.5 system-ui;max-width:32rem;margin:15vh auto;padding:0 1rem}button,select{font:inherit;padding:.4rem 1rem}</style>',
    `</head><body><h1>${escaped(title)}</h1>${body}</body></html>`,
  ];
  return { status, html: html.join('\n') };
}

/** A form that asks back at its own address; `fields` is HTML. */
export const form = (fields: string, button: string): string =>
  `<form method="post">${fields}<button>${escaped(button)}</button></form>`;

/** A choice without which the form is not sent. */
export function choice(
  name: string,
  label: string,
  options: readonly { readonly value: string; readonly label: string }[],
): string {
  const listed = options.map(
    ({ value, label: text }) => `<option value="${escaped(value)}">${escaped(text)}</option>`,
  );
  return `<label>${escaped(label)} <select name="${name}" required><option value=""></option>${listed.join('')}</select></label> `;
}
