"use client";
import { useRouter } from "next/navigation";
import { startTransition } from "react";
import { ErrorView } from "./_ui/error-view.tsx";

/** A page that could not be rendered, the frame included; most likely the database does not answer. */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const router = useRouter();
  const retry = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  return (
    <main>
      <ErrorView digest={error.digest} retry={retry} />
    </main>
  );
}
