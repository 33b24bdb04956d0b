import { expect, test } from "./support/fixtures.ts";

test("an empty store says what to do next, and the first message arrives by itself", async ({
  page,
  producer,
  stack,
}) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/overview$/);
  await page.getByRole("link", { name: "Messages" }).click();
  await expect(page.getByRole("heading", { name: "No messages yet" })).toBeVisible();
  await expect(page.getByText(`curl ${stack.apiUrl}/v1/messages/send`)).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();

  const { id } = await producer.send({ businessKey: "o-first" });
  const row = page.getByRole("row").filter({ hasText: id });
  await expect(row).toBeVisible();
  await expect(row).toContainText("o-first");
  await expect(row).toContainText("Sent"); // the relay has put it into Kafka
});
