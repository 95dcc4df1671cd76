"use client";

import { use } from "react";
import { Backlog } from "#components/backlog/backlog.tsx";
import { DispatchButton } from "#components/dispatch/dispatch-button.tsx";
import { RepositorySwitch } from "#components/repository/repository-switch.tsx";

type Parameter = string | string[] | undefined;

export default function BacklogPage({
  searchParams,
}: {
  searchParams: Promise<{ item?: Parameter; repository?: Parameter; new?: Parameter }>;
}) {
  const { item, repository, new: isNew } = use(searchParams);
  const asked =
    typeof item === "string"
      ? { item, repository: typeof repository === "string" ? repository : null }
      : null;
  return (
    <Backlog
      key={`${asked?.repository ?? ""}/${asked?.item ?? ""} ${String(isNew !== undefined)}`}
      asked={asked}
      isWriting={isNew !== undefined}
      repositorySwitch={<RepositorySwitch />}
      Dispatch={DispatchButton}
    />
  );
}
