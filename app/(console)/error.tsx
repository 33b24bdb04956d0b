"use client";
import { useRouter } from "next/navigation";
import { startTransition } from "react";
import { ErrorView } from "../_ui/error-view.tsx";

/** A room that could not be rendered; the frame around it stands, and leads elsewhere. */
export default function RoomError({
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
  return <ErrorView digest={error.digest} retry={retry} />;
}
