import { notFound } from "next/navigation";

/** Every address that is no room: answered 404, inside of the frame. */
export default function UnknownPage() {
  notFound();
}
