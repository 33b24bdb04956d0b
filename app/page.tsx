import { redirect } from "next/navigation";
import { HOME } from "./_ui/rooms.ts";

export default function Home() {
  redirect(HOME);
}
