"use client";
import { ErrorView } from "./_ui/error-view.tsx";
import { useRenderAgain } from "./_ui/use-render-again.ts";

/** A page that could not be rendered, the frame included; most likely the database does not answer. */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const retry = useRenderAgain(reset);
  return (
    <main>
      <ErrorView digest={error.digest} retry={retry} />
    </main>
  );
}
