/** asl-validator ships no declarations for its entry. It writes into the definition it is given. */
declare module 'asl-validator' {
  const validate: (definition: unknown) => {
    readonly isValid: boolean;
    errorsText(separator?: string): string;
  };
  export = validate;
}
