"use client";

import { use } from "react";
import { Backlog } from "#components/backlog/backlog.tsx";
import { DispatchButton } from "#components/dispatch/dispatch-button.tsx";

export default function BacklogPage({
  searchParams,
}: {
  searchParams: Promise<{ item?: string | string[] }>;
}) {
  const { item } = use(searchParams);
  return <Backlog chosen={typeof item === "string" ? item : undefined} Dispatch={DispatchButton} />;
}
