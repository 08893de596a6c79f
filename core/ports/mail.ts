export interface MailMessage {
  /** Deterministic RFC 5322 Message-ID without brackets: a mailbox that gets it twice keeps one. */
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Sends one mail. Throws a HubError `retry` when the server may take it later. */
export interface Mail {
  send(message: MailMessage): Promise<void>;
}
