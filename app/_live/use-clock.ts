"use client";
import { useEffect, useState } from "react";

/** This browser's clock once a second, ms; 0 until the page is alive. */
export function useClock(): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
