"use client";
import { ErrorView } from "../_ui/error-view.tsx";
import { useRenderAgain } from "../_ui/use-render-again.ts";

/** A room that could not be rendered; the frame around it stands, and leads elsewhere. */
export default function RoomError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const retry = useRenderAgain(reset);
  return <ErrorView digest={error.digest} retry={retry} />;
}
