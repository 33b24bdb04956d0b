/**
 * SQL of "due at once" for a column of whole milliseconds. Such a column rounds, and now() itself would be due up to half a
 * millisecond later: whoever looks at once would find nothing, and sleep.
 */
export const DUE_NOW = "date_trunc('milliseconds', now())";
