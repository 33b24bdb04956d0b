import { answerWith, requestsOf } from "../support/answer-with.ts";
import type { Scene, SceneTools } from "./scene.ts";

interface Board {
  instances: {
    kind: string;
    heartbeat: string;
    mode: string;
    wanted: string;
    version: string;
    acks: object | null;
  }[];
  lanes: Record<string, unknown>[];
  missing: string[];
  allRelaysQuiet: boolean;
  versions: string[];
}

const BOARD = "workers.board";

/** The page is left while its last question is under way. */
const leaveRoutes = ({ page }: SceneTools) => page.unrouteAll({ behavior: "ignoreErrors" });

async function openRoom({ page, stack }: SceneTools): Promise<void> {
  await page.goto(`${stack.consoleUrl}/workers`);
  await page.locator("article").first().waitFor();
}

const ago = (ms: number) => new Date(Date.now() - ms);

export const scenes: Scene[] = [
  { name: "workers-present", open: openRoom },
  { name: "workers-viewer", role: "viewer", open: openRoom },
  {
    name: "workers-pause-dialog",
    open: async (tools) => {
      await openRoom(tools);
      await tools.page.locator("article button").first().click();
      await tools.page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "workers-stop-dialog",
    open: async (tools) => {
      await openRoom(tools);
      const relay = tools.page.getByRole("row").filter({ has: tools.page.locator('[id^="worker-relay-"]') });
      await relay.getByRole("button").last().click();
      await tools.page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "workers-paused",
    open: async (tools) => {
      await tools.database.query(
        "UPDATE lane SET paused_at = now(), paused_by = 'admin', pause_reason = 'Broker maintenance' WHERE lane = 2",
      );
      await openRoom(tools);
      await tools.page.getByText("Broker maintenance").waitFor();
    },
    close: async ({ database }) => {
      await database.query(
        "UPDATE lane SET paused_at = NULL, paused_by = NULL, pause_reason = NULL WHERE lane = 2",
      );
      await database.query("SELECT pg_notify('surelay_ready', 'control')");
    },
  },
  {
    name: "workers-trouble",
    open: async (tools) => {
      await answerWith<Board>(tools.page, BOARD, (board) => {
        board.missing = ["recover"];
        board.versions = ["0.1.0", "0.2.0"];
        board.instances = board.instances.filter(({ kind }) => kind !== "recover");
        for (const relay of board.instances.filter(({ kind }) => kind === "relay")) relay.heartbeat = "dead";
        const lastRefused = {
          at: ago(95_000).toISOString(),
          partition: 3,
          offset: "1204",
          code: "validation_failed",
          detail: "The record is not JSON: Unexpected token 'o', \"ok\" is not valid JSON.",
        };
        for (const ack of board.instances.filter(({ kind }) => kind === "ack"))
          ack.acks = { applied: 61_204, poison: 3, refused: 12, lastRefused };
        board.lanes.forEach((lane, n) => {
          Object.assign(lane, {
            standing: n === 1 ? "expired" : "orphaned",
            expiresInMs: n === 1 ? -1200 : 7400,
          });
          Object.assign(lane, { waiting: 40 + 13 * n, oldestReadyAt: ago(34_000) });
        });
        Object.assign(board.lanes[0]!, {
          standing: "fault",
          faultDetail: "TIMED_OUT: the broker did not answer within 10 s",
          faultSince: ago(95_000),
        });
      });
      await openRoom(tools);
      await tools.page.locator("article[data-tone=warn]").first().waitFor();
    },
    close: leaveRoutes,
  },
  {
    name: "workers-no-relay",
    open: async (tools) => {
      await answerWith<Board>(tools.page, BOARD, (board) => {
        board.missing = ["relay"];
        board.instances = board.instances.filter(({ kind }) => kind !== "relay");
        for (const lane of board.lanes)
          Object.assign(lane, {
            standing: "free",
            owner: null,
            expiresInMs: null,
            work: null,
            waiting: 10_001,
            oldestReadyAt: ago(600_000),
          });
      });
      await openRoom(tools);
      await tools.page.locator("article[data-tone=bad]").first().waitFor();
    },
    close: leaveRoutes,
  },
  {
    name: "workers-outdated",
    expectedErrors: /50[03]/,
    open: async (tools) => {
      await openRoom(tools);
      await tools.page.route(requestsOf(BOARD), (route) => route.fulfill({ status: 503, body: "" }));
      await tools.page
        .locator(".mantine-Alert-root", { has: tools.page.locator("button") })
        .first()
        .waitFor();
    },
    close: leaveRoutes,
  },
];
