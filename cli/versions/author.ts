import { userInfo } from 'node:os';

/** Who works here, for the list of versions. */
export function author(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container there may be nobody by this number.
    return 'nobody by name';
  }
}
