/** Beside its topic's name it makes those of its retry and dead-letter topics. */
export const SUBSCRIPTION_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
