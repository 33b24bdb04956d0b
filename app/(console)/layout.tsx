import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { PERMISSIONS } from "@/server/auth/permissions.ts";
import { consoleRuntime } from "../_server/console-runtime.ts";
import { requireOperator } from "../_server/current-operator.ts";
import { TrpcRoot } from "../_trpc/trpc-root.tsx";
import { ConsoleFactsRoot } from "../_ui/console-context.tsx";
import { ConsoleShell } from "../_ui/console-shell.tsx";
import { OperatorRoot } from "../_ui/operator-context.tsx";
import { ForbiddenView } from "../_ui/forbidden-view.tsx";
import { SIDEBAR_COOKIE } from "../_ui/sidebar-cookie.ts";
import { version } from "../../package.json";

/** Everything behind the sign-in. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const operator = await requireOperator();
  const { config } = consoleRuntime();
  const allowed = operator.permissions.includes("message.read");
  const slim = (await cookies()).get(SIDEBAR_COOKIE)?.value === "slim";
  const facts = {
    environment: config.SURELAY_ENV,
    version,
    apiUrl: `http://127.0.0.1:${config.SURELAY_API_PORT}`,
    holders: PERMISSIONS,
  };
  return (
    <ConsoleFactsRoot facts={facts}>
      <OperatorRoot operator={operator}>
        <TrpcRoot>
          <ConsoleShell live={allowed} slim={slim}>
            {allowed ? children : <ForbiddenView />}
          </ConsoleShell>
        </TrpcRoot>
      </OperatorRoot>
    </ConsoleFactsRoot>
  );
}
