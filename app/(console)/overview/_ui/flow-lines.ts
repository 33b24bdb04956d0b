/** What the chart draws. Each line has a colour and a stroke of its own, so that colour alone never tells it. */
export const FLOW_LINES = [
  { name: "stored", color: "var(--mantine-color-blue-6)", dash: undefined },
  { name: "sent", color: "var(--mantine-color-teal-6)", dash: "8 3" },
  { name: "consumed", color: "var(--mantine-color-green-8)", dash: "4 4" },
  { name: "cancelled", color: "var(--mantine-color-gray-6)", dash: "1 3" },
  { name: "rejected", color: "var(--mantine-color-red-6)", dash: "5 2 1 2" },
] as const;
