/** Whether an environment's name says that customers depend on it: `prod`, `production`, `eu-prod-2`. Pure. */
export function isProduction(environment: string): boolean {
  return environment.toLowerCase().includes("prod") && !/non-?prod|pre-?prod/i.test(environment);
}
