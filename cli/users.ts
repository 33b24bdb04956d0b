import { type Command, Option } from "commander";
import { ROLES } from "../server/auth/permissions.ts";

/** `surelay users create|list|set-role|reset-password`: operators of the console. */
export function registerUsers(program: Command): void {
  const users = program.command("users").description("operators of the console");
  const password = () =>
    new Option(
      "--password-stdin",
      "read the password from the first line of standard input, instead of making one",
    );
  const explain = `
A password is made and printed once, alone on standard output, unless it is given on standard input. It is never an
argument: those are seen by everybody on the machine.`;

  users
    .command("create")
    .description("make an account")
    .requiredOption("--username <name>", "the sign-in name")
    .addOption(new Option("--role <role>", "what the account may do").choices(ROLES).makeOptionMandatory())
    .option("--name <name>", "the name that is shown")
    .addOption(password())
    .addHelpText("after", explain)
    .action(async (options: { username: string; role: string; name?: string; passwordStdin?: boolean }) => {
      const { runCreateUser } = await import("./run-users.ts");
      await runCreateUser(options);
    });

  users
    .command("list")
    .description("list accounts, with their roles and last sign-in")
    .option("--json", "one JSON object a line")
    .action(async (options: { json?: boolean }) => {
      const { runListUsers } = await import("./run-users.ts");
      await runListUsers(options);
    });

  users
    .command("set-role")
    .description(
      "give an account another role: the way back in when no admin is left to do it in the console",
    )
    .requiredOption("--username <name>", "the sign-in name")
    .addOption(new Option("--role <role>", "what the account may do").choices(ROLES).makeOptionMandatory())
    .action(async (options: { username: string; role: string }) => {
      const { runSetRole } = await import("./run-users.ts");
      await runSetRole(options);
    });

  users
    .command("reset-password")
    .description("give an account a new password and end its sessions")
    .requiredOption("--username <name>", "the sign-in name")
    .addOption(password())
    .addHelpText("after", explain)
    .action(async (options: { username: string; passwordStdin?: boolean }) => {
      const { runResetPassword } = await import("./run-users.ts");
      await runResetPassword(options);
    });
}
