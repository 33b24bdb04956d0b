/** `slim`: icons alone. Kept where the server reads it, so that the page does not move when it comes alive. */
export const SIDEBAR_COOKIE = "surelay.sidebar";
