/** Secrets by connection, fetched lazily and never kept in an environment variable. */
export interface Secrets {
  /** The connection's credentials as JSON; its connector's schema parses them. */
  credentials(connection: string): Promise<unknown>;
  /** The key with which the hub signs its own links. */
  signingKey(): Promise<string>;
}
