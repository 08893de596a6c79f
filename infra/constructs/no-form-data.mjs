/** Stands in for a library that axios loads and no function needs. */
// biome-ignore lint/style/noDefaultExport: axios imports it so.
export default class FormData {}
