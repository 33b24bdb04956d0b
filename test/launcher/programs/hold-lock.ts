// Locks the folder named by the first argument, says so, and holds the lock until it is ended.
import { lockFolder } from "../../../local/instance-lock.ts";
import { OperatorError } from "../../../server/errors.ts";

try {
  lockFolder(process.argv[2]!);
  console.log("held");
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(error instanceof OperatorError ? error.code : String(error));
}
